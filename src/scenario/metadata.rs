use serde::{Deserialize, Serialize};

use crate::text::Text;

/// The version of the scenario format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub enum ApiVersion {
    /// The first version.
    #[default]
    #[serde(rename = "kubedrill.dev/v1alpha1")]
    V1Alpha1,
}

/// What sort of scenario a folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Kind {
    /// Guided: ordered steps, each with its own checks.
    Lab,
    /// A broken state to be repaired by any route.
    Challenge,
}

/// Names a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Metadata {
    /// The scenario's id in kebab-case; the same as its folder's name.
    pub name: String,
    /// What a learner sees in lists.
    pub title: Text,
    /// Where in the course it belongs, for example `C20`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Checkpoints of the course that passing it is evidence for, for example `D3-1`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checkpoints: Vec<String>,
}
