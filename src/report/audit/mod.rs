//! Audits, one file a format.

mod html;
mod terminal;
mod view;
mod words;

pub use html::render as html;
pub use terminal::render as terminal;
