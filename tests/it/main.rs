//! One integration binary: what a user would notice, against real parts where they can be had.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on says so by a panic")]

mod architecture;
mod autoscaling;
mod check_shipped;
mod cli_clock;
mod cli_interrupted;
mod cli_story;
mod cli_usage;
mod cluster_plane;
mod existing_cluster;
mod generated;
mod kind_refusals;
mod lab_story;
mod live_checks;
mod provision_lifecycle;
mod provision_shipped;
mod report;
mod sandbox_addons;
mod sandbox_build;
mod sandbox_crash;
mod sandbox_life;
mod sandbox_more_addons;
mod sandbox_ordinary_user;
mod sandbox_support;
mod scenario_content;
mod scenario_errors;
mod scenario_new;
mod scenario_packs;
mod scenario_properties;
mod scenario_traps;
mod store_attempts;
mod support;
mod tutorial;
