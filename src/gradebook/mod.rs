//! The gradebook: who was graded on what, and what came of it. Plain data with a version; every export of a cohort is a pure
//! function of it.
//!
//! Knows no cluster, no store and no terminal. Points come from `score` and are never computed here.

mod assignment;
mod book;
mod derive;
mod entry;
mod grading;
mod judged;
mod learner;
mod policy;

pub use assignment::{AssignedCheck, Assignment};
pub use book::{FORMAT_VERSION, Gradebook};
pub use derive::GradebookInput;
pub use entry::{CheckOutcome, Entry, EntryState};
pub use grading::Grading;
pub use judged::{Judged, Outcome};
pub use learner::{Learner, ProjectRole, Roster};
pub use policy::{Candidate, Policy};
