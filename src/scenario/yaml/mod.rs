//! YAML as a tree in which every value knows its line and column, within bounds on size, depth and alias expansion.

mod compose;
mod node;
mod scalar;

pub(crate) use compose::{Composed, YamlError, compose};
pub(crate) use node::{Entry, Node, Value};
pub(crate) use scalar::Dialect;
#[cfg(test)]
mod tests;
