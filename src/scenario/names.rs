//! Names that a scenario leaves to the learner: `spec.names` has the defaults, a `platform.yaml` in the folder the learner's own.
//! Wherever a file of the folder says `$(id)`, the name takes its place before anything is read.

use std::{collections::BTreeMap, path::Path};

use serde::{Deserialize, Serialize};

use super::{
    ApiVersion, document,
    pack::Pack,
    schema,
    shape::suggestion,
    yaml::{Dialect, Node, compose},
};
use crate::{
    diagnostic::{Diagnostic, codes},
    text::Text,
};

/// The file of a learner's own names.
pub const PLATFORM_FILE: &str = "platform.yaml";
/// The longest name: that of a host.
const LONGEST: usize = 253;
/// What YAML would not read as a text.
const NOT_TEXT: [&str; 8] = ["null", "true", "false", "yes", "no", "on", "off", "y"];

/// What `platform.yaml` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PlatformFile {
    /// The format's version.
    pub api_version: ApiVersion,
    /// A platform.
    pub kind: PlatformKind,
    /// Whose it is.
    pub metadata: PlatformMetadata,
    /// Its content.
    pub spec: PlatformSpec,
}

/// Says that a file is a platform's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum PlatformKind {
    /// A team's own names.
    Platform,
}

/// Whose platform it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PlatformMetadata {
    /// The team.
    pub name: String,
}

/// The names of a platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PlatformSpec {
    /// The team's own name for each role that the scenario knows; what is left out keeps its default.
    pub names: BTreeMap<String, String>,
}

/// Puts names into every file of a scenario's folder. A folder without `spec.names` stays as it is.
pub(super) fn fill(pack: &mut Pack, found: &mut Vec<Diagnostic>) {
    let platform = pack.files.remove(Path::new(PLATFORM_FILE));
    let Some(text) = pack.files.get(Path::new("scenario.yaml")).filter(|text| text.contains("\n  names:")) else {
        if let Some(text) = platform {
            pack.files.insert(PLATFORM_FILE.into(), text);
        }
        return;
    };
    let documents = compose(text, Dialect::Core).documents;
    let Some(declared) = documents.first().and_then(|root| root.at(&["spec", "names"])) else { return };
    let file = pack.path(Path::new("scenario.yaml"));
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for entry in declared.entries() {
        found.extend(malformed(&file, &entry.node));
        names.extend(entry.node.text().map(|name| (entry.key.clone(), name.to_owned())));
    }
    if let Some(text) = platform {
        own(&text, &pack.path(Path::new(PLATFORM_FILE)), &mut names, found);
    }
    for text in pack.files.values_mut().filter(|text| text.contains("$(")) {
        for (id, name) in &names {
            *text = text.replace(&format!("$({id})"), name);
        }
    }
}

/// The learner's own names in place of the defaults.
fn own(text: &str, file: &Path, names: &mut BTreeMap<String, String>, found: &mut Vec<Diagnostic>) {
    let document = document::read::<PlatformFile>(text, file, schema::platform_schema(), found);
    let (Some(node), Some(_)) = (document.node, document.data) else { return };
    let known: Vec<String> = names.keys().cloned().collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let mut given: BTreeMap<&str, &str> = BTreeMap::new();
    for entry in node.at(&["spec", "names"]).map_or(&[][..], Node::entries) {
        let id = entry.key.as_str();
        let Some(name) = entry.node.text() else { continue };
        if !known.contains(&id) {
            let message = Text::new(format!("이 시나리오에 `{id}`(이)라는 역할은 없습니다"), format!("this scenario has no role `{id}`"));
            found.push(Diagnostic::error(codes::UNKNOWN_REFERENCE, file, Some(entry.key_span), message).maybe_help(suggestion(id, &known)));
        } else if let Some(bad) = malformed(file, &entry.node) {
            found.push(bad);
        } else if let Some(other) = given.insert(name, id).filter(|other| sort(other) == sort(id)) {
            let message = Text::new(
                format!("`{other}`과(와) `{id}`의 이름이 모두 `{name}`입니다"),
                format!("`{other}` and `{id}` are both called `{name}`"),
            );
            found.push(Diagnostic::error(codes::DUPLICATE_ID, file, Some(entry.node.span), message));
        } else {
            names.insert(id.to_owned(), name.to_owned());
        }
    }
}

/// What a role's id says it is a name of: `namespace` of `namespace-prod`.
fn sort(id: &str) -> &str {
    id.split('-').next().unwrap_or(id)
}

/// What is wrong with a name: the form that objects, hosts and groups share.
fn malformed(file: &Path, node: &Node) -> Option<Diagnostic> {
    let name = node.text()?;
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    let good = name.len() <= LONGEST
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(inner)
        && !name.ends_with(['-', '.'])
        && !NOT_TEXT.contains(&name);
    if good {
        return None;
    }
    let message = Text::new(format!("`{name}`은(는) 이름으로 쓸 수 없습니다"), format!("`{name}` cannot be a name"));
    let help = Text::new(
        "소문자로 시작해 소문자, 숫자, `-`, `.`만 씁니다",
        "begin with a lower-case letter, then lower-case letters, digits, `-` and `.`",
    );
    Some(Diagnostic::error(codes::BAD_VALUE, file, Some(node.span), message).help(help))
}
