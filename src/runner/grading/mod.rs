//! Grading a cohort: what each learner handed in goes into an environment of its own, with the learner's rights, and is checked there.
//!
//! What was judged is stored at once. A command that is killed leaves environments, which the next one removes, and attempts that
//! nothing refers to; what it had judged stands.

mod applying;
mod book;
mod live;
mod order;
mod submissions;

pub use order::{GradeOrder, Source};
