use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use super::{
    super::{
        manifest::{self, Place},
        pack,
        yaml::Node,
    },
    Judge,
};
use crate::{
    diagnostic::{Diagnostic, codes},
    text::Text,
};

/// Manifests: that `apply` finds them, that they are manifests, and where their objects go.
pub(super) fn judge(judge: &mut Judge<'_>) {
    let namespaces: Vec<&str> = judge.spec().map_or(&[][..], |s| s.list("namespaces")).iter().filter_map(Node::text).collect();
    let mut used: HashSet<PathBuf> = HashSet::new();
    let mut found = Vec::new();
    for view in judge.files() {
        for typed in view.typed.iter().filter(|t| t.name == "Apply") {
            let Some((path, span)) = typed.node.get("path").and_then(|n| Some((n.text()?, n.span))) else { continue };
            let place = Place { file: &view.file, span: Some(span) };
            for (file, objects) in manifest::collect(&judge.parts.pack, &view.base, path, &place, &mut found) {
                if used.insert(file.clone()) && view.variant.is_empty() {
                    let shown = judge.parts.pack.path(&file);
                    objects.iter().for_each(|object| namespace(object, &shown, &namespaces, &mut found));
                }
            }
        }
    }
    let places = ["stage", "fault", "solutions", "cheats"];
    for file in judge.parts.pack.files.keys() {
        let ours = places.iter().any(|p| file.starts_with(p)) && pack::is_manifest_name(file);
        if ours && !used.contains(file) && judge.scenario.is_some() {
            let message = Text::new("아무 동작도 쓰지 않는 매니페스트입니다", "no action applies this manifest");
            found.push(Diagnostic::warning(codes::NOT_APPLIED, judge.parts.pack.path(file), None, message));
        }
    }
    found.dedup();
    judge.found.extend(found);
}

fn namespace(object: &Node, file: &Path, namespaces: &[&str], found: &mut Vec<Diagnostic>) {
    let kind = object.str("kind");
    let place = if kind == Some("Namespace") { object.at(&["metadata", "name"]) } else { object.at(&["metadata", "namespace"]) };
    let Some(node) = place else { return };
    let Some(name) = node.text().filter(|name| !namespaces.contains(name)) else { return };
    let message =
        Text::new(format!("`{name}`은(는) 시나리오의 네임스페이스가 아닙니다"), format!("`{name}` is not a namespace of the scenario"));
    let help =
        Text::new("`spec.namespaces`에 넣어야 끝날 때 함께 지워집니다", "list it in `spec.namespaces`, so that it is deleted at the end");
    found.push(Diagnostic::warning(codes::FOREIGN_NAMESPACE, file, Some(node.span), message).help(help));
}
