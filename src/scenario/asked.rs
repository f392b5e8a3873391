//! Statements about what the API server would say to a change that is only tried.

use serde::{Deserialize, Serialize};

use super::{Bounds, ObjectRef};

/// The API server takes an object, or refuses it, with all its admission: a dry run, so that nothing is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Admits {
    /// The whole object, with `apiVersion` and `kind`. Its namespace is the scenario's first when left out; its name only begins the
    /// one that is tried.
    #[serde(rename = "try")]
    pub object: serde_json::Value,
    /// What the server must say.
    #[serde(default)]
    pub expect: Admission,
    /// For an object that must be refused: a regular expression found in the refusal, so that another mistake does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// What the API server says to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Admission {
    /// It takes it.
    #[default]
    Accepted,
    /// It does not.
    Refused,
}

/// A workload's pods can be evicted one at a time, as a drain does, and never too many of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Disruption {
    /// The workloads.
    pub on: ObjectRef,
    /// How many of their ready pods a disruption budget keeps whatever is drained. Nobody keeps any when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keeps: Option<Bounds<i64>>,
}
