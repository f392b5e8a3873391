//! YAML as a tree in which every value knows its line and column, within bounds on size, depth and alias expansion.

mod compose;
mod node;
mod scalar;

pub(super) use compose::{Composed, YamlError, compose};
pub(super) use node::{Entry, Node, Value};
pub(super) use scalar::Dialect;
#[cfg(test)]
mod tests;
