use serde::{Deserialize, Serialize};

use super::{Basis, Evidence, Observation};

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It held for the whole required time.
    Pass,
    /// We could look, and it does not hold.
    Fail,
    /// We could not look. Never counts as wrong: it makes the score a range.
    Error,
    /// A check that this one needs has not passed.
    Blocked,
    /// Deliberately not run.
    Skipped,
}

/// What one look at an assertion gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// `Pass`, `Fail` or `Error`.
    pub verdict: Verdict,
    /// Items that hold, for partial points.
    pub passed: u32,
    /// Items in all; at least 1.
    pub total: u32,
    /// A stable word for why, kebab-case, for example `selector-matches-nothing`.
    pub reason: String,
    /// What was seen, worst first.
    pub observations: Vec<Observation>,
    /// Parts of objects that the verdict rests on.
    pub evidence: Vec<Evidence>,
    /// How the facts were had.
    pub basis: Basis,
    /// Something is still moving that could change the verdict: a rollout, a termination, a lagging controller.
    pub moving: bool,
}
