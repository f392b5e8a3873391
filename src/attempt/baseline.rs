use std::collections::BTreeMap;

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
