use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What was recorded when the scenario was healthy, and again when it was broken.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Baseline {
    /// Subjects by alias.
    pub subjects: BTreeMap<String, Subject>,
    /// Every object of the scenario just after the fault was confirmed, without server-made fields: what `reset` goes back to.
    pub objects: Vec<Value>,
    /// The latest change in the broken state, by the server's clock: what is later was done in the attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<Timestamp>,
}

/// One baseline subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subject {
    /// The object when healthy.
    pub healthy: Value,
    /// The object after the fault; null when the fault deleted it.
    pub broken: Value,
}
