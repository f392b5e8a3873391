//! One file per kind of check.

mod access;
mod autoscale;
mod backends;
mod condition;
mod config;
mod config_env;
mod endpoints;
mod exec;
mod exists;
mod expr;
mod field;
mod logs;
mod parse;
mod preserved;
mod probe;
mod resolves;
mod rollout;
mod selects;
mod untouched;

pub(super) use access::{eval_access as access, review_of};
pub(super) use autoscale::{course, eval_phase as phase, untried};
pub(super) use condition::eval_condition as condition;
pub(super) use config::eval_config as config;
pub(super) use endpoints::eval_endpoints as endpoints;
pub(super) use exec::eval_exec as exec;
pub(super) use exists::{eval_absent as absent, eval_exists as exists};
pub(super) use expr::eval_expr as expr;
pub(super) use field::eval_field as field;
pub(super) use logs::eval_logs as logs;
pub(super) use parse::eval_parse as parse;
pub(super) use preserved::eval_preserved as preserved;
pub(super) use probe::eval_probe as probe;
pub(super) use resolves::eval_resolves as resolves;
pub(super) use rollout::eval_rollout as rollout;
pub(super) use selects::eval_selects as selects;
pub(super) use untouched::eval_untouched as untouched;
