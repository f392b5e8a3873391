use std::{collections::HashMap, path::Path};

use super::super::{rename::is_namespace_name, yaml::Node};
use super::Judge;
use crate::{
    diagnostic::{Diagnostic, Span, codes},
    text::Text,
};

/// Ids: their form, the folder's name, and that none is used twice.
pub(super) fn judge(judge: &mut Judge<'_>) {
    let Some(scenario) = judge.parts.scenario.node.as_ref() else { return };
    if let Some(name) = scenario.at(&["metadata", "name"]) {
        form(judge, name);
        folder(judge, name);
    }
    let spec = judge.spec();
    let all = |key: &str| -> Vec<&Node> { spec.map_or(&[][..], |s| s.list(key)).iter().collect() };
    let ids = |nodes: Vec<&'_ Node>, key: &str| -> Vec<Node> { nodes.iter().filter_map(|n| n.get(key).cloned()).collect() };
    let checks = judge.checks.iter().filter_map(|c| c.node.get("id").cloned()).collect();
    let what = [
        (checks, Text::new("검사", "check")),
        (ids(all("steps"), "id"), Text::new("단계", "step")),
        (ids(all("baseline"), "alias"), Text::new("별칭", "alias")),
        (ids(all("loads"), "name"), Text::new("부하", "load")),
    ];
    for (nodes, what) in what {
        let nodes: Vec<Node> = nodes;
        nodes.iter().for_each(|node| form(judge, node));
        unique(judge, &nodes, &what);
    }
    for node in all("namespaces") {
        form(judge, node);
    }
}

/// Whether a text may be an id: kebab-case, at most 63 characters, which is also a namespace's name.
#[must_use]
pub fn is_id(text: &str) -> bool {
    is_namespace_name(text) && !text.contains("--")
}

fn form(judge: &mut Judge<'_>, node: &Node) {
    judge.found.extend(malformed(&judge.parts.scenario.file, node));
}

/// What is wrong with an id's form.
pub fn malformed(file: &Path, node: &Node) -> Option<Diagnostic> {
    let id = node.text().filter(|id| !is_id(id))?;
    let message = Text::new(format!("`{id}`은(는) kebab-case가 아닙니다"), format!("`{id}` is not kebab-case"));
    let help = Text::new(
        "영어 소문자와 숫자를 `-`로 이어 쓰세요. 63자까지입니다",
        "join lower-case letters and digits with `-`, 63 characters at most",
    );
    Some(Diagnostic::error(codes::BAD_ID, file, Some(node.span), message).help(help))
}

fn folder(judge: &mut Judge<'_>, node: &Node) {
    judge.found.extend(misplaced(&judge.parts.pack.dir, &judge.parts.scenario.file, node));
}

/// What is wrong with an id that is not its folder's name.
pub fn misplaced(dir: &Path, file: &Path, node: &Node) -> Option<Diagnostic> {
    // A path such as `.` has no name of its own.
    let real = dir.canonicalize().unwrap_or_else(|_| dir.to_path_buf());
    let folder = real.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let name = node.text().filter(|name| *name != folder)?;
    let message =
        Text::new(format!("이름이 `{name}`인데 폴더는 `{folder}`입니다"), format!("the name is `{name}`, and the folder is `{folder}`"));
    let help = Text::new("폴더 이름이나 `metadata.name`을 맞추세요", "rename the folder, or change `metadata.name`");
    Some(Diagnostic::error(codes::ID_NOT_FOLDER, file, Some(node.span), message).help(help))
}

fn unique(judge: &mut Judge<'_>, nodes: &[Node], what: &Text) {
    judge.found.extend(repeated(&judge.parts.scenario.file, nodes, what));
}

/// The ids that occur twice.
pub fn repeated(file: &Path, nodes: &[Node], what: &Text) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut first: HashMap<&str, Span> = HashMap::new();
    for node in nodes {
        let Some(id) = node.text() else { continue };
        let Some(earlier) = first.get(id) else {
            first.insert(id, node.span);
            continue;
        };
        let message = Text::new(
            format!("{} `{id}`이(가) 두 번 있습니다. 처음은 {}번째 줄입니다", what.ko, earlier.line),
            format!("the {} `{id}` occurs twice; first on line {}", what.en, earlier.line),
        );
        found.push(Diagnostic::error(codes::DUPLICATE_ID, file, Some(node.span), message));
    }
    found
}
