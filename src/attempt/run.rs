use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Basis, Evidence, Observation, Verdict};

/// Why the checks ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Trigger {
    /// The learner asked.
    Learner,
    /// A watch saw a change.
    Watch,
    /// The attempt was scored.
    Submit,
    /// An author's proof.
    Prove,
    /// The start confirmed that the fault bites.
    Confirm,
    /// It was judged anew from what an earlier run saw.
    Regrade,
}

/// One run of an attempt's checks over one snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Why it ran.
    pub trigger: Trigger,
    /// When it began.
    #[schemars(with = "String")]
    pub started: Timestamp,
    /// How long it took.
    pub millis: u64,
    /// What each check came to, in the scenario's order.
    pub results: Vec<CheckResult>,
    /// What it cost.
    pub calls: ApiCalls,
    /// The resource version that each kind was read at.
    pub resource_versions: BTreeMap<String, String>,
    /// It looked once and did not wait for `hold` or `settle`: good for feedback, not for a final score.
    pub provisional: bool,
}

impl Run {
    /// The result of one check.
    #[must_use]
    pub fn result(&self, id: &str) -> Option<&CheckResult> {
        self.results.iter().find(|r| r.id == id)
    }

    /// Whether everything that was judged passed: one step of a lab, when only that was asked for.
    #[must_use]
    pub fn passed(&self) -> bool {
        let mut judged = self.results.iter().filter(|r| r.role != crate::scenario::Role::Info && r.verdict != Verdict::Skipped).peekable();
        judged.peek().is_some() && judged.all(|r| r.verdict == Verdict::Pass)
    }

    /// When what it found came true: at the latest of the moments at which its passed checks did. Later looks and the time for which
    /// a state must hold only confirm it.
    #[must_use]
    pub fn stood(&self) -> Timestamp {
        self.stood_for(|result| result.role != crate::scenario::Role::Info)
    }

    /// The same for some of its checks.
    #[must_use]
    pub fn stood_for(&self, counts: impl Fn(&CheckResult) -> bool) -> Timestamp {
        let passed = self.results.iter().filter(|r| r.verdict == Verdict::Pass && counts(r));
        self.started + Duration::from_millis(passed.map(|r| r.since_millis).max().unwrap_or_default())
    }

    /// Whether it was judged, and not one check could look.
    #[must_use]
    pub fn blind(&self) -> bool {
        let mut judged = self.results.iter().filter(|r| !matches!(r.verdict, Verdict::Blocked | Verdict::Skipped)).peekable();
        judged.peek().is_some() && judged.all(|r| r.verdict == Verdict::Error)
    }

    /// Whether every objective and guard passed, as far as no person has to look.
    #[must_use]
    pub fn solved(&self) -> bool {
        use crate::scenario::Role;
        let mut judged = self.results.iter().filter(|r| matches!(r.role, Role::Objective | Role::Guard) && !r.awaits_mark());
        judged.all(|r| r.verdict == Verdict::Pass)
    }
}

/// How many calls to the API server a run made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ApiCalls {
    /// Lists.
    pub list: u32,
    /// Watches opened.
    pub watch: u32,
    /// Single reads.
    pub get: u32,
    /// Access reviews and dry runs.
    pub review: u32,
    /// Questions to running containers.
    #[serde(default)]
    pub live: u32,
}

impl ApiCalls {
    /// All of them.
    #[must_use]
    pub fn total(self) -> u32 {
        self.list + self.watch + self.get + self.review + self.live
    }
}

/// What one check came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckResult {
    /// The check's id.
    pub id: String,
    /// The lab's step it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// The check's role.
    pub role: crate::scenario::Role,
    /// What it came to.
    pub verdict: Verdict,
    /// Items that hold.
    pub passed: u32,
    /// Items in all.
    pub total: u32,
    /// Why, as a stable word.
    pub reason: String,
    /// Checks that block this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocked_by: Vec<String>,
    /// What was seen.
    pub observations: Vec<Observation>,
    /// What the verdict rests on.
    pub evidence: Vec<Evidence>,
    /// How the facts were had.
    pub basis: Basis,
    /// How long it held, in milliseconds, when it had to.
    pub held_millis: u64,
    /// How far into the run it came true, in milliseconds; 0 when it was true from the first look on, or never.
    #[serde(default)]
    pub since_millis: u64,
    /// It was still changing when the window ended.
    pub moving: bool,
}

/// The reason of a check that a person has to mark.
pub const AWAITS_MARK: &str = "awaits-mark";

/// The reason of a check that was found to be faulty.
pub const VOIDED: &str = "voided";

impl CheckResult {
    /// A person has to look, and has not yet.
    #[must_use]
    pub fn awaits_mark(&self) -> bool {
        self.reason == AWAITS_MARK
    }
}
