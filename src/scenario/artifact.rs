use serde::{Deserialize, Serialize};

/// A file that the learner hands in is valid. It is put into the attempt's own folder, which `kubedrill files` names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Artifact {
    /// The file's name, without a folder.
    pub file: String,
    /// What it is read as.
    #[serde(rename = "as")]
    pub format: ArtifactFormat,
    /// Its content has this shape: every field given here is in it, lists in any order. Of manifests, one has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub like: Option<serde_json::Value>,
    /// A CEL expression over `file`, what was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub that: Option<String>,
    /// Of manifests: the API server would take each of them, as a dry run.
    #[serde(default)]
    pub accepted: bool,
}

/// What a file is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ArtifactFormat {
    /// YAML, one document.
    Yaml,
    /// JSON.
    Json,
    /// Manifests of Kubernetes, one or more documents of YAML or JSON: a list of objects.
    Manifests,
    /// Text, as a list of lines.
    Lines,
}

/// Whether a file may be called so: no path, nothing hidden.
#[must_use]
pub fn is_file_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    (1..=80).contains(&name.len()) && name.chars().all(plain) && name.starts_with(|c: char| c.is_ascii_alphanumeric())
}
