use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use super::{
    super::{
        artifact::is_file_name,
        manifest::{self, Place},
        pack,
        yaml::{Entry, Node},
    },
    FileView, Judge,
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
    for view in judge.files().filter(|view| !view.variant.is_empty()) {
        for entry in view.node.get("files").map_or(&[][..], Node::entries) {
            handed_in(judge, view, entry, &mut used, &mut found);
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

/// A file that a solution or cheat hands in lies in its own folder.
fn handed_in(judge: &Judge<'_>, view: &FileView<'_>, entry: &Entry, used: &mut HashSet<PathBuf>, found: &mut Vec<Diagnostic>) {
    let Some(name) = entry.node.text() else { return };
    let file = view.base.join(name);
    if !is_file_name(name) || !is_file_name(&entry.key) {
        let message = Text::new("폴더 없이 파일 이름만 쓰세요", "write a file's name without a folder");
        found.push(Diagnostic::error(codes::PATH_ESCAPES, &view.file, Some(entry.node.span), message));
    } else if judge.parts.pack.files.contains_key(&file) {
        used.insert(file);
    } else {
        let message = Text::new(format!("`{name}`(이)라는 파일이 이 폴더에 없습니다"), format!("there is no file `{name}` in this folder"));
        found.push(Diagnostic::error(codes::UNKNOWN_REFERENCE, &view.file, Some(entry.node.span), message));
    }
}
