//! What is wrong with a file, where, and what to do about it.
//!
//! Knows no scenario: the loader and the lint make diagnostics, and the renderers here turn them into text. Nothing here
//! prints.

mod code;
mod found;
mod github;
mod terminal;

pub use code::{Code, all_codes, codes, reference};
pub use found::{Diagnostic, Severity, Span};
pub use github::render_github;
pub use terminal::{read_source, render_terminal};
