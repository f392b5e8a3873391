//! The gradebook: who was graded on what, and what came of it. Plain data with a version; every export of a cohort is a pure
//! function of it.
//!
//! Knows no cluster, no store and no terminal. Points come from `score` and are never computed here.

mod assignment;
mod book;
mod entry;
mod learner;

pub use assignment::{AssignedCheck, Assignment};
pub use book::{FORMAT_VERSION, Gradebook};
pub use entry::{CheckOutcome, Entry, EntryState};
pub use learner::{Learner, ProjectRole, Roster};
