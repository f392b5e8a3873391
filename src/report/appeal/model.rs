use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    attempt::{AttemptState, HintOpened, Versions},
    report::Explanation,
};

/// The version of the appeal's JSON. It grows when a field with a meaning is added.
pub const APPEAL_VERSION: u32 = 1;

/// A learner's objection to a verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Appeal {
    /// The version of this format.
    pub format_version: u32,
    /// What the document is.
    pub kind: String,
    /// The program that made it.
    pub generated_by: String,
    /// Why the verdict should be another, in the learner's words.
    pub reason: String,
    /// The attempt.
    pub attempt: AppealAttempt,
    /// The versions; `scenario` is the digest of the scenario's folder when the attempt began.
    pub versions: Versions,
    /// The verdict that is objected to, what was seen, and why it was judged so.
    pub explanation: Explanation,
    /// The hash of the last entry of the attempt's log.
    pub log_head: Option<String>,
    /// SHA-256 of the other files.
    pub files: BTreeMap<String, String>,
}

/// The attempt that an appeal is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppealAttempt {
    /// Its id.
    pub id: String,
    /// The scenario's id.
    pub scenario: String,
    /// The provider's name.
    pub provider: String,
    /// What the provider can do.
    pub capabilities: Vec<String>,
    /// Says which cluster.
    pub cluster_uid: String,
    /// How far it is.
    pub state: AttemptState,
    /// When the learner could begin.
    #[schemars(with = "String")]
    pub started: Timestamp,
    /// When it was closed.
    #[schemars(with = "Option<String>")]
    pub ended: Option<Timestamp>,
    /// A solution was shown or applied.
    pub assisted: bool,
    /// How often it was reset.
    pub resets: u32,
    /// Hints opened, in order.
    pub hints: Vec<HintOpened>,
}
