use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CheckOutcome, EntryState};
use crate::{
    attempt::{Attempt, AttemptId, AttemptState, Basis, CheckResult, Run, Tier, Trigger, Verdict, Versions},
    scenario::{Role, Scenario},
    score::{self, Score},
    text::Text,
};

/// What came of grading one submission, as it is kept. Points are none of it: they are computed from the attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// The learner's id.
    pub learner: String,
    /// The scenario's id.
    pub scenario: String,
    /// SHA-256 of the scenario's folder.
    pub scenario_digest: String,
    /// SHA-256 of what was handed in; none for an environment that was looked at.
    pub submission: Option<String>,
    /// When it was handed in.
    pub submitted: Option<Timestamp>,
    /// How far it came.
    pub state: EntryState,
    /// Why it was not judged, or what of it could not be used.
    pub reason: Option<Text>,
    /// The attempt that it was judged by.
    pub attempt: Option<AttemptId>,
    /// The kubedrill that judged it.
    pub kubedrill: String,
    /// When.
    pub at: Timestamp,
}

impl Judged {
    /// Whether it stands: our own failures and what waits do not, and are done again.
    #[must_use]
    pub fn stands(&self) -> bool {
        !matches!(self.state, EntryState::Failed | EntryState::Waiting | EntryState::Missing)
    }
}

/// What an attempt is worth, check by check.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The points.
    pub score: Score,
    /// How far they can be trusted.
    pub tier: Tier,
    /// The checks.
    pub checks: Vec<CheckOutcome>,
}

impl Outcome {
    /// What the broken state earns when nobody touches it: nothing, as every scenario's proof shows.
    #[must_use]
    pub fn untouched(scenario: &Scenario) -> Self {
        let result = |spec: &crate::scenario::CheckSpec| CheckResult {
            id: spec.id.clone(),
            step: None,
            role: spec.role,
            verdict: if spec.role == Role::Guard { Verdict::Pass } else { Verdict::Fail },
            passed: 0,
            total: 1,
            reason: "untouched".into(),
            blocked_by: Vec::new(),
            observations: Vec::new(),
            evidence: Vec::new(),
            basis: Basis::default(),
            held_millis: 0,
            since_millis: 0,
            moving: false,
        };
        let run = Run {
            trigger: Trigger::Submit,
            started: Timestamp::UNIX_EPOCH,
            millis: 0,
            results: scenario.checks().map(result).collect(),
            calls: Default::default(),
            resource_versions: Default::default(),
            provisional: false,
        };
        let score = score::score(scenario, &nobodys(scenario), Some(&run));
        let check = |(result, scored): (&CheckResult, &score::CheckScore)| CheckOutcome {
            id: result.id.clone(),
            verdict: result.verdict,
            earned: scored.earned,
            reason: result.reason.clone(),
            basis: result.basis,
            symptom: None,
        };
        Self { tier: Tier::T2, checks: run.results.iter().zip(&score.checks).map(check).collect(), score }
    }
}

/// An attempt that nobody made.
fn nobodys(scenario: &Scenario) -> Attempt {
    Attempt {
        id: AttemptId(String::new()),
        scenario: scenario.id().to_owned(),
        scenario_dir: String::new(),
        environment: String::new(),
        provider: String::new(),
        capabilities: Vec::new(),
        state: AttemptState::Closed,
        cluster_uid: String::new(),
        namespaces: Default::default(),
        nonce: String::new(),
        versions: Versions::default(),
        started: Timestamp::UNIX_EPOCH,
        ended: None,
        assisted: false,
        resets: 0,
        hints: Vec::new(),
        marks: Vec::new(),
        judgement: Default::default(),
    }
}
