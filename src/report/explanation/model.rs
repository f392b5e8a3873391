use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ExplainedExpression;
use crate::{
    attempt::{Basis, Observation, Trigger, Verdict},
    report::EvidenceRef,
    scenario::{Role, Say},
    text::Text,
};

/// The version of the explanation's JSON. It grows when a field with a meaning is added.
pub const EXPLANATION_VERSION: u32 = 1;

/// Why a check was judged as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The version of this format.
    pub format_version: u32,
    /// The program that made it.
    pub generated_by: String,
    /// The scenario's id.
    pub scenario: String,
    /// SHA-256 of the scenario's folder when the attempt began.
    pub digest: String,
    /// The scenario's files have changed since: titles and texts below are those of today.
    pub changed: bool,
    /// The attempt's id.
    pub attempt: String,
    /// The run.
    pub run: ExplainedRun,
    /// The check.
    pub check: ExplainedCheck,
    /// What it came to.
    pub verdict: Verdict,
    /// Why, as a stable word.
    pub reason: String,
    /// What must be so for it to pass.
    pub rule: Text,
    /// Why it came to that.
    pub judgement: Text,
    /// How the facts were had.
    pub basis: Basis,
    /// Items that hold.
    pub passed: u32,
    /// Items in all.
    pub total: u32,
    /// How long it held, in milliseconds, when it had to.
    pub held_millis: u64,
    /// It was still changing when the window ended.
    pub moving: bool,
    /// Checks that block it.
    pub blocked_by: Vec<String>,
    /// What was seen is shown after the attempt is closed.
    pub withheld: bool,
    /// The author's texts, with what was observed filled in.
    pub say: Say,
    /// What was seen, item by item, worst first.
    pub items: Vec<Observation>,
    /// Its expressions with the values that their parts had, where they may be read.
    pub expressions: Vec<ExplainedExpression>,
    /// The parts of objects that the verdict rests on.
    pub evidence: Vec<EvidenceRef>,
    /// The resource version that each of their kinds was read at.
    pub resource_versions: BTreeMap<String, String>,
}

/// The run of the checks that is explained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedRun {
    /// Its number in the attempt, from 1.
    pub number: usize,
    /// How many runs the attempt has.
    pub of: usize,
    /// Why it ran.
    pub trigger: Trigger,
    /// When it began.
    #[schemars(with = "String")]
    pub started: Timestamp,
    /// When its last look was: what is below was seen then.
    #[schemars(with = "String")]
    pub seen: Timestamp,
    /// It looked once and did not wait.
    pub provisional: bool,
}

/// The check that is explained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedCheck {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// The lab's step it belongs to.
    pub step: Option<String>,
    /// Its role.
    pub role: Role,
}
