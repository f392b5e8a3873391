use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    attempt::{AttemptId, Basis, Tier, Verdict},
    score::{Score, Total},
    text::Text,
};

/// One learner on one assignment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The learner's id.
    pub learner: String,
    /// The assignment's id.
    pub assignment: String,
    /// How far it is.
    pub state: EntryState,
    /// Why it is not graded, or what of it could not be used, for whoever reads the gradebook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
    /// When the work was handed in.
    #[schemars(with = "Option<String>")]
    pub submitted: Option<Timestamp>,
    /// SHA-256 of what was handed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submission: Option<String>,
    /// The attempt that counts.
    pub attempt: Option<AttemptId>,
    /// Every attempt on record, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<AttemptId>,
    /// What the attempt that counts is worth; none where there is none.
    pub score: Option<Score>,
    /// How far the score can be trusted; none where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    /// What each check came to, in the assignment's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<CheckOutcome>,
}

/// How far the grading of an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EntryState {
    /// Nothing was handed in.
    Missing,
    /// Handed in, and not looked at yet.
    Waiting,
    /// Judged; the score is final.
    Graded,
    /// Judged, save what a person has yet to mark or what could not be looked at: the score is a range.
    Pending,
    /// What was handed in cannot be used: it earns what the untouched broken state earns.
    Unusable,
    /// What was handed in broke a bound, such as its size or a path outside of it, and was not used.
    Refused,
    /// Our own failure: to be graded again, and never a zero.
    Failed,
}

/// What a check came to for one learner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckOutcome {
    /// The check's id.
    pub id: String,
    /// What it came to.
    pub verdict: Verdict,
    /// What it earned.
    pub earned: Total,
    /// Why, as a stable word.
    pub reason: String,
    /// How the facts were had.
    pub basis: Basis,
    /// What the learner is told when it does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symptom: Option<Text>,
}
