use std::time::Duration;

use super::{EXPLANATION_VERSION, ExplainedCheck, ExplainedRun, Explanation, expression::expressions, judgement::judgement, rule::rule};
use crate::{
    attempt::{Attempt, CheckResult, Run},
    report::{EvidenceRef, withheld},
    scenario::{CheckSpec, Say, Scenario},
};

/// The stored data that an explanation is made of.
#[derive(Debug, Clone, Copy)]
pub struct ExplanationInput<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The attempt.
    pub attempt: &'a Attempt,
    /// The run, its number from 1, and how many there are.
    pub run: (&'a Run, usize, usize),
    /// The check.
    pub check: &'a CheckSpec,
    /// What it came to.
    pub result: &'a CheckResult,
    /// The author's texts, with what was observed filled in.
    pub say: &'a Say,
}

impl Explanation {
    /// Puts together what there is to say about a verdict.
    #[must_use]
    pub fn new(input: &ExplanationInput<'_>) -> Self {
        let ExplanationInput { scenario, attempt, run: (run, number, of), check, result, say } = *input;
        let hidden = withheld::is_withheld(check, attempt);
        let revealed = !hidden && withheld::is_revealed(check, attempt);
        let evidence: Vec<EvidenceRef> = if hidden { Vec::new() } else { result.evidence.iter().map(EvidenceRef::from).collect() };
        let kinds: Vec<&str> = result.evidence.iter().map(|e| e.kind.as_str()).collect();
        let about = |kind: &str| !hidden && kinds.contains(&kind.split('.').next().unwrap_or(kind));
        Self {
            format_version: EXPLANATION_VERSION,
            generated_by: format!("kubedrill {}", env!("CARGO_PKG_VERSION")),
            scenario: scenario.id().to_owned(),
            digest: attempt.versions.scenario.clone(),
            changed: attempt.versions.scenario != scenario.digest,
            attempt: attempt.id.to_string(),
            run: ExplainedRun {
                number,
                of,
                trigger: run.trigger,
                started: run.started,
                seen: run.started + Duration::from_millis(run.millis),
                provisional: run.provisional,
            },
            check: ExplainedCheck { id: check.id.clone(), title: check.title.clone(), step: result.step.clone(), role: check.role },
            verdict: result.verdict,
            reason: if hidden { String::new() } else { result.reason.clone() },
            rule: rule(&check.assert),
            judgement: judgement(result),
            basis: result.basis,
            passed: result.passed,
            total: result.total,
            held_millis: result.held_millis,
            moving: result.moving,
            blocked_by: result.blocked_by.clone(),
            withheld: hidden,
            say: if hidden { Say::default() } else { say.clone() },
            items: if hidden { Vec::new() } else { result.observations.clone() },
            expressions: if revealed { expressions(&check.assert, &result.observations) } else { Vec::new() },
            evidence,
            resource_versions: run.resource_versions.iter().filter(|(kind, _)| about(kind)).map(|(k, v)| (k.clone(), v.clone())).collect(),
        }
    }
}
