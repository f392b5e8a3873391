//! Reports over several learners and assignments: the cohort, one learner, one team. Pure functions of a gradebook.

mod analysis;
mod cohort_view;
pub mod html;
mod labels;
mod learner_view;
pub mod markdown;
mod parts;
mod team_view;
pub(super) mod words;

pub use analysis::{Item, items};
