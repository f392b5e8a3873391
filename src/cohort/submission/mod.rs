//! What a learner hands in: a folder or an archive, read into memory within bounds. Nothing is unpacked to the disk, nothing outside
//! of it is opened, and nothing in it is run here.

mod archive;
mod bounds;
mod content;
mod export;
mod files;
mod find;
mod folder;
mod rejection;
mod script;

pub use bounds::Bounds;
pub use content::{Environment, Step, Submission, Work};
pub use export::is_made;
pub use find::{Place, find};
pub use rejection::{Blame, Rejection};

use std::path::Path;

/// Reads what a learner handed in for a scenario; none when there is nothing. With `alone`, nothing but this scenario is graded, and
/// the learner's own folder or archive may hold the work itself.
///
/// # Errors
/// It cannot be used, breaks a bound, or could not be read.
pub fn read(submissions: &Path, learner: &str, scenario: &str, alone: bool, bounds: &Bounds) -> Result<Option<Submission>, Rejection> {
    let Some(place) = find(submissions, learner, scenario, alone)? else { return Ok(None) };
    let Some(files) = place.read(learner, scenario, alone, bounds)? else { return Ok(None) };
    Ok(Some(Submission::of(&files, place.modified())))
}

#[cfg(test)]
mod tests;
