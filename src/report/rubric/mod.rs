//! Rubrics, scores by them, the course and its checkpoints, for a terminal.

mod course;
mod grid;
mod score;
mod tree;

pub use course::{render_course, render_items};
pub use grid::render_grid;
pub use score::{render_assessment_score, render_rubric_score};
pub use tree::{render_assessment, render_rubric};
