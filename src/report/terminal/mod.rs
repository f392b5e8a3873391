//! Reports for a terminal: aligned in columns, with colour where it is wanted, readable from 60 columns on.

mod attempt;
mod bundle;
mod carets;
mod explanation;
mod gradebook;
mod mutation;
pub(in crate::report) mod page;
mod proof;
mod unnoticed;

pub use attempt::render;
pub use bundle::render_bundle;
pub use explanation::render_explanation;
pub use gradebook::render_gradebook;
pub use proof::{render_proof, render_shortfalls};

use crate::text::Lang;

/// How a report is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TerminalOptions {
    /// The language.
    pub lang: Lang,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether colour is wanted.
    pub colour: bool,
}

impl Default for TerminalOptions {
    fn default() -> Self {
        Self { lang: Lang::default(), width: 80, colour: false }
    }
}
