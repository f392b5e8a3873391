//! A scenario under other namespaces: in a cluster that several learners share, each works in namespaces of their own, and reads
//! the true names everywhere. Pure; what cannot be renamed surely is refused rather than guessed.

mod map;
mod scenario;
mod tree;
mod words;

pub use map::{NamespaceMap, NamespaceMapError, is_namespace_name};
pub use scenario::Unrenamable;
