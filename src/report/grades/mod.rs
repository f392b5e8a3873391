//! Tables of grades for schools' own systems and for spreadsheets: one file a format, pure functions of a gradebook.

mod canvas;
mod error;
mod figure;
mod long;
mod moodle;
mod table;

pub use canvas::{canvas, canvas_from};
pub use error::GradesError;
pub use figure::{Figure, GradeOptions, Missing, comment, level_figure};
pub use long::long;
pub use moodle::{MoodleKey, moodle};

use crate::text::Text;

/// A table of grades.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grades {
    /// The file.
    pub text: String,
    /// What whoever imports it should know: who is not in it, and why.
    pub notes: Vec<Text>,
}
