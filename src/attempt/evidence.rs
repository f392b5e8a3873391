use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// How a fact was had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// An object was read.
    #[default]
    Observed,
    /// An effect was computed from objects.
    Evaluated,
    /// It was measured live.
    Probed,
    /// A stand-in of the sandbox.
    Modelled,
    /// A person's mark.
    Marked,
}

/// One fact that a check saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Observation {
    /// The object as `Kind/namespace/name`, or empty.
    pub object: String,
    /// The fact, without the expected value.
    pub text: Text,
    /// Named values for the author's texts: `{observed.ready}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    /// Whether this item holds.
    pub holds: bool,
}

impl Observation {
    /// Names the value that holds what the parts of an expression were, as JSON: for explanations, not for the author's texts.
    pub const PARTS: &str = "parts";
}

/// A part of an object that a verdict rests on. Secret values are never in it, only keyed hashes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// The object's kind.
    pub kind: String,
    /// Its namespace; empty when it has none.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its uid; empty when it does not exist.
    pub uid: String,
    /// Its resource version.
    pub resource_version: String,
    /// The part, redacted; null when the object does not exist.
    pub part: serde_json::Value,
    /// SHA-256 of the part's canonical JSON.
    pub sha256: String,
}
