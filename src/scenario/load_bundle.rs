use std::path::Path;

use super::{
    Bundle, BundleFile, Scenario,
    document::{self, Document},
    load::{self, prose, sort},
    meaning::{malformed, misplaced, repeated},
    pack::Pack,
    schema,
    shape::suggestion,
    yaml::{Node, Value},
};
use crate::{
    diagnostic::{Diagnostic, Severity, codes},
    text::Text,
};

/// What came of loading a bundle's folder.
#[derive(Debug, Clone, Default)]
pub struct LoadedBundle {
    /// The bundle; `None` when anything is an error.
    pub bundle: Option<Bundle>,
    /// Everything that is wrong with it. The mistakes of its parts are said where the parts are loaded.
    pub diagnostics: Vec<Diagnostic>,
}

/// Whether a folder holds a bundle.
#[must_use]
pub fn is_bundle(dir: &Path) -> bool {
    dir.join("bundle.yaml").symlink_metadata().is_ok()
}

/// Loads the bundle in a folder, and its parts from the folders beside it.
#[must_use]
pub fn load_bundle(dir: &Path) -> LoadedBundle {
    let (pack, mut found) = Pack::read(dir);
    let file = dir.join("bundle.yaml");
    let Some(text) = pack.files.get(Path::new("bundle.yaml")) else { return LoadedBundle { bundle: None, diagnostics: found } };
    let document: Document<BundleFile> = document::read(text, &file, schema::bundle_schema(), &mut found);
    let story = prose(&pack, "story", Severity::Error, &mut found);
    let parts = document.node.as_ref().map(|node| judge(node, dir, &file, &mut found)).unwrap_or_default();
    sort(&mut found);
    let failed = found.iter().any(Diagnostic::is_error);
    let bundle =
        document.data.filter(|_| !failed).map(|data| Bundle { dir: dir.to_path_buf(), digest: pack.digest(), file: data, story, parts });
    LoadedBundle { bundle, diagnostics: found }
}

/// Judges what a bundle says, and loads its parts.
fn judge(node: &Node, dir: &Path, file: &Path, found: &mut Vec<Diagnostic>) -> Vec<Scenario> {
    if let Some(name) = node.at(&["metadata", "name"]) {
        found.extend(malformed(file, name));
        found.extend(misplaced(dir, file, name));
    }
    let Some(spec) = node.get("spec") else { return Vec::new() };
    let ids = spec.list("parts");
    found.extend(repeated(file, ids, &Text::new("시나리오", "scenario")));
    if matches!(spec.get("parts").map(|n| &n.value), Some(Value::List(parts)) if parts.len() < 2) {
        let message = Text::new("묶음에는 시나리오가 둘 이상 있어야 합니다", "a bundle has two scenarios or more");
        found.push(Diagnostic::error(codes::NOTHING_STATED, file, spec.get("parts").map(|n| n.span), message));
    }
    let parts: Vec<Scenario> = ids.iter().filter_map(|id| part(id, dir, file, found)).collect();
    minutes(spec, &parts, file, found);
    parts
}

fn part(node: &Node, dir: &Path, file: &Path, found: &mut Vec<Diagnostic>) -> Option<Scenario> {
    let id = node.text()?;
    if let Some(bad) = malformed(file, node) {
        found.push(bad);
        return None;
    }
    let beside = dir.canonicalize().ok()?.parent()?.to_path_buf();
    let folder = beside.join(id);
    if !folder.join("scenario.yaml").is_file() {
        let known = neighbours(&beside);
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let message = Text::new(
            format!("묶음 옆에 시나리오 `{id}`의 폴더가 없습니다"),
            format!("there is no folder of a scenario `{id}` beside the bundle's"),
        );
        found.push(Diagnostic::error(codes::UNKNOWN_REFERENCE, file, Some(node.span), message).maybe_help(suggestion(id, &known)));
        return None;
    }
    let loaded = load::load(&folder).scenario;
    if loaded.is_none() {
        let message = Text::new(format!("시나리오 `{id}`에 오류가 있습니다"), format!("the scenario `{id}` has mistakes"));
        let help = Text::new(
            format!("`kubedrill lint {}`가 보여 줍니다", folder.display()),
            format!("`kubedrill lint {}` shows them", folder.display()),
        );
        found.push(Diagnostic::error(codes::UNKNOWN_REFERENCE, file, Some(node.span), message).help(help));
    }
    loaded
}

fn neighbours(beside: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(beside).into_iter().flatten().flatten();
    let mut ids: Vec<String> =
        entries.filter(|e| e.path().join("scenario.yaml").is_file()).filter_map(|e| e.file_name().into_string().ok()).collect();
    ids.sort();
    ids
}

/// The parts must fit into the whole.
fn minutes(spec: &Node, parts: &[Scenario], file: &Path, found: &mut Vec<Diagnostic>) {
    let Some(node) = spec.get("minutes") else { return };
    let Value::Int(minutes) = node.value else { return };
    let sum: u64 = parts.iter().map(|part| u64::from(part.file.spec.minutes)).sum();
    if u64::try_from(minutes).is_ok_and(|minutes| minutes < sum.max(1)) {
        let message = Text::new(
            format!("{minutes}분에는 시나리오들의 제한 시간 {sum}분이 들어가지 않습니다"),
            format!("{minutes} minutes are fewer than the {sum} of its scenarios"),
        );
        found.push(Diagnostic::error(codes::BAD_VALUE, file, Some(node.span), message));
    }
}
