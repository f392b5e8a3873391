use std::path::Path;

use crate::{
    diagnostic::Span,
    scenario::{load::Parts, yaml::Node},
};

/// Where the value at a JSON pointer is written in a scenario's file; the nearest value above it, where it is left out.
#[must_use]
pub fn locate(dir: &Path, pointers: &[&str]) -> Vec<Option<Span>> {
    let parts = Parts::read(dir);
    let root = parts.scenario.node.as_ref();
    pointers.iter().map(|pointer| root.map(|root| nearest(root, pointer))).collect()
}

pub(in crate::scenario) fn nearest(root: &Node, pointer: &str) -> Span {
    let (mut node, mut span) = (root, root.span);
    for key in pointer.split('/').skip(1) {
        let key = key.replace("~1", "/").replace("~0", "~");
        let below = match key.parse::<usize>() {
            Ok(number) if !node.items().is_empty() => node.items().get(number).map(|item| (item, item.span)),
            _ => node.entries().iter().find(|entry| entry.key == key).map(|entry| (&entry.node, entry.key_span)),
        };
        let Some(found) = below else { break };
        (node, span) = found;
    }
    span
}
