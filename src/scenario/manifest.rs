use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::{
    Scenario,
    document::yaml_error,
    pack::{Pack, resolve},
    shape::quoted_list,
    yaml::{Composed, Dialect, Node, Value, compose},
};
use crate::{
    diagnostic::{Diagnostic, Span, codes},
    text::Text,
};

/// The objects of the manifests at `path`, a file or a folder of them, as written in a file of the folder `dir`
/// (`Scenario::dir`, or the folder of a solution or cheat). Files come in the order of their names, objects as written; a
/// `List` gives its items. Values are read as kubectl reads them.
///
/// # Errors
/// Everything that is wrong with the path and the manifests.
pub fn read_manifests(scenario: &Scenario, dir: &Path, path: &str) -> Result<Vec<Json>, Vec<Diagnostic>> {
    let (pack, mut found) = Pack::read(&scenario.dir);
    let place = Place { file: &dir.join(path), span: None };
    let objects = match dir.strip_prefix(&scenario.dir) {
        Ok(base) => collect(&pack, base, path, &place, &mut found).into_iter().flat_map(|(_, objects)| objects).collect(),
        Err(_) => {
            found.push(escapes(&place, path));
            Vec::new()
        }
    };
    if found.iter().any(Diagnostic::is_error) {
        return Err(found);
    }
    let renamed = |node: &Node| {
        let mut object = node.to_json();
        scenario.names.object(&mut object);
        object
    };
    Ok(objects.iter().map(renamed).collect())
}

/// The objects of one manifest, read as kubectl reads them and within the bounds of all YAML; a `List` gives its items. `file` is only
/// named in messages.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse_manifest(text: &str, file: &Path) -> Result<Vec<Json>, Vec<Diagnostic>> {
    let mut found = Vec::new();
    let objects = parse(text, file, &mut found);
    if found.iter().any(Diagnostic::is_error) { Err(found) } else { Ok(objects.iter().map(Node::to_json).collect()) }
}

/// The documents of a YAML file that is no manifest: in our own dialect, where `on` is a word and no boolean.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse_yaml(text: &str, file: &Path) -> Result<Vec<Json>, Vec<Diagnostic>> {
    let Composed { documents, errors } = compose(text, Dialect::Core);
    if errors.is_empty() {
        Ok(documents.iter().map(Node::to_json).collect())
    } else {
        Err(errors.iter().map(|e| yaml_error(e, file)).collect())
    }
}

/// Where an `apply` stands.
pub(super) struct Place<'a> {
    pub file: &'a Path,
    pub span: Option<Span>,
}

/// The files that an `apply` takes, with their objects.
pub(super) fn collect(pack: &Pack, base: &Path, path: &str, place: &Place<'_>, found: &mut Vec<Diagnostic>) -> Vec<(PathBuf, Vec<Node>)> {
    let Ok(target) = resolve(base, path) else {
        found.push(escapes(place, path));
        return Vec::new();
    };
    let files: Vec<PathBuf> = pack.manifests_at(&target).into_iter().map(Path::to_path_buf).collect();
    if files.is_empty() {
        let message = Text::new(format!("`{path}`에 매니페스트가 없습니다"), format!("there is no manifest at `{path}`"));
        let known: Vec<&str> = pack.files.keys().filter_map(|f| f.strip_prefix(base).ok()?.to_str()).collect();
        let help = super::shape::nearest(path, known.iter().copied())
            .map(|meant| Text::new(format!("`{meant}`을(를) 쓰려던 것인가요?"), format!("did you mean `{meant}`?")));
        let diagnostic = Diagnostic::error(codes::APPLY_MISSING, place.file, place.span, message);
        found.push(diagnostic.maybe_help(help));
    }
    files
        .into_iter()
        .map(|file| {
            let (path, known) = (pack.path(&file), found.len());
            let objects = parse(&pack.files[&file], &path, found);
            if objects.is_empty() && found.len() == known {
                let message = Text::new("매니페스트가 비어 있습니다", "the file holds no manifest");
                found.push(Diagnostic::error(codes::APPLY_MISSING, &path, None, message));
            }
            (file, objects)
        })
        .collect()
}

/// The objects of one manifest file.
fn parse(text: &str, file: &Path, found: &mut Vec<Diagnostic>) -> Vec<Node> {
    let Composed { documents, errors } = compose(text, Dialect::Kubectl);
    found.extend(errors.iter().map(|e| yaml_error(e, file)));
    let mut objects = Vec::new();
    for node in documents {
        if node.value == Value::Null {
            continue;
        }
        let list = node.str("apiVersion") == Some("v1") && node.str("kind") == Some("List");
        let parts = if list { node.list("items").to_vec() } else { vec![node] };
        for object in parts {
            check(&object, file, found);
            objects.push(object);
        }
    }
    objects
}

fn check(object: &Node, file: &Path, found: &mut Vec<Diagnostic>) {
    let filled = |keys: &[&str]| object.at(keys).and_then(Node::text).is_some_and(|t| !t.is_empty());
    let wanted: [(&str, &[&str]); 3] = [("apiVersion", &["apiVersion"]), ("kind", &["kind"]), ("metadata.name", &["metadata", "name"])];
    let missing: Vec<&str> = wanted.iter().filter(|(_, keys)| !filled(keys)).map(|(name, _)| *name).collect();
    if missing.is_empty() {
        return;
    }
    let list = quoted_list(missing.iter().copied());
    let message = Text::new(format!("매니페스트에 {list}이(가) 없습니다"), format!("the manifest lacks {list}"));
    let diagnostic = Diagnostic::error(codes::NOT_A_MANIFEST, file, Some(object.span), message);
    let numeric = object.at(&["metadata", "name"]).filter(|n| matches!(n.value, Value::Int(_) | Value::Float(_) | Value::Bool(_)));
    let help = numeric.map(|_| Text::new("이름에 따옴표를 붙이세요", "put the name in quotes"));
    found.push(diagnostic.maybe_help(help));
}

fn escapes(place: &Place<'_>, path: &str) -> Diagnostic {
    let message = Text::new(format!("`{path}`은(는) 시나리오 폴더를 벗어납니다"), format!("`{path}` leaves the scenario's folder"));
    let help = Text::new("시나리오 폴더 안의 상대 경로를 쓰세요", "write a relative path that stays in the scenario's folder");
    Diagnostic::error(codes::PATH_ESCAPES, place.file, place.span, message).help(help)
}
