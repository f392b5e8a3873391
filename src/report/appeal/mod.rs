//! What a learner hands to a grader who is to decide on a verdict: a folder of files, whole in itself.
//!
//! A pure function of stored data: the same records give the same bytes. Evidence is redacted where it is taken; what an author
//! withholds until the attempt is over is left out here as well.

mod files;
mod model;
mod readme;

pub use files::{AppealInput, appeal_files};
pub use model::{APPEAL_VERSION, Appeal, AppealAttempt};
