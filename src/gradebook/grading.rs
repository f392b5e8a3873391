use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Assignment, Policy, Roster};

/// What a cohort is graded on, as the last `grade` had it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Grading {
    /// Its id.
    pub id: String,
    /// Who is graded.
    pub roster: Roster,
    /// On what.
    pub assignments: Vec<Assignment>,
    /// Which of several submissions counts.
    pub policy: Policy,
    /// When the last command was run.
    pub at: Timestamp,
}
