//! Rosters: our own CSV, and the exports of Canvas and Moodle.

mod encoding;
mod form;
mod id;
mod parse;
mod place;
mod values;
mod write;

pub use form::Form;
pub use id::is_learner_id;
pub use parse::{RosterRead, parse};
pub use write::write;

#[cfg(test)]
mod tests;
