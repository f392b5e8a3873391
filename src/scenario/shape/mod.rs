//! The shape of a file against its JSON Schema: every mistake at once, each with its place and a suggestion.

mod scalar;
mod suggest;
mod typed;
mod walk;

pub(crate) use suggest::{nearest, quoted_list, suggestion};
pub(super) use typed::{Typed, typed};
pub(super) use walk::walk;
#[cfg(test)]
mod tests;
