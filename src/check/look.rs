use super::{context::Context, evaluate::evaluate, moving};
use crate::{
    attempt::{Baseline, CheckResult, Outcome, Verdict},
    cluster::Snapshot,
    scenario::{CheckSpec, Scenario, Show, When},
};

/// One check of a scenario with the step it belongs to, and what one look at it gave.
#[derive(Debug)]
pub(super) struct Looked<'a> {
    pub(super) check: &'a CheckSpec,
    pub(super) step: Option<&'a str>,
    pub(super) outcome: Outcome,
}

/// Judges every check on one snapshot, without waiting for anything. In the scenario's order.
#[must_use]
pub fn look(scenario: &Scenario, baseline: &Baseline, snapshot: &Snapshot) -> Vec<CheckResult> {
    let looked = look_at(scenario, baseline, snapshot);
    let results = looked.iter().map(|looked| result(looked, &looked.outcome)).collect();
    block(&looked, results)
}

/// Every check's outcome, before any is blocked by what it needs.
pub(super) fn look_at<'a>(scenario: &'a Scenario, baseline: &Baseline, snapshot: &Snapshot) -> Vec<Looked<'a>> {
    let mut context = Context::new(scenario, baseline, snapshot);
    let (moving, scaling) = (moving::moving(&context), moving::scaling(&context));
    let spec = &scenario.file.spec;
    let of_steps = spec.steps.iter().flat_map(|step| step.checks.iter().map(|check| (Some(step.id.as_str()), check)));
    let checks = spec.checks.iter().map(|check| (None, check)).chain(of_steps);
    checks
        .map(|(step, check)| {
            (context.check, context.reveal) = (&check.id, check.show == Show::Full);
            let mut outcome = evaluate(&check.assert, &context);
            outcome.moving |= moving || (scaling && matches!(check.when, When::Hold { .. }));
            Looked { check, step, outcome }
        })
        .collect()
}

pub(super) fn result(looked: &Looked, outcome: &Outcome) -> CheckResult {
    CheckResult {
        id: looked.check.id.clone(),
        step: looked.step.map(ToOwned::to_owned),
        role: looked.check.role,
        verdict: outcome.verdict,
        passed: outcome.passed,
        total: outcome.total,
        reason: outcome.reason.clone(),
        blocked_by: Vec::new(),
        observations: outcome.observations.clone(),
        evidence: outcome.evidence.clone(),
        basis: outcome.basis,
        held_millis: 0,
        since_millis: 0,
        moving: outcome.moving,
    }
}

/// Checks whose needs have not passed are blocked, and so are those that need them in turn. What was left out blocks nothing: it may
/// still be tried.
pub(super) fn block(looked: &[Looked], mut results: Vec<CheckResult>) -> Vec<CheckResult> {
    let checks: Vec<&CheckSpec> = looked.iter().map(|one| one.check).collect();
    block_by(&checks, &mut results, |verdict| !matches!(verdict, Verdict::Pass | Verdict::Skipped));
    results
}

/// The same once everything was tried.
pub fn block_untried(scenario: &Scenario, results: &mut [CheckResult]) {
    let checks: Vec<&CheckSpec> = scenario.checks().collect();
    block_by(&checks, results, |verdict| verdict != Verdict::Pass);
}

/// Blocks what needs a check of an open verdict, until nothing more is.
fn block_by(checks: &[&CheckSpec], results: &mut [CheckResult], is_open: impl Fn(Verdict) -> bool) {
    loop {
        let open: Vec<String> = results.iter().filter(|r| is_open(r.verdict)).map(|r| r.id.clone()).collect();
        let mut changed = false;
        for result in results.iter_mut() {
            if let Some(check) = checks.iter().find(|check| check.id == result.id) {
                changed |= block_one(check, result, &open);
            }
        }
        if !changed {
            return;
        }
    }
}

fn block_one(check: &CheckSpec, result: &mut CheckResult, open: &[String]) -> bool {
    let blocked_by: Vec<String> = check.needs.iter().filter(|need| open.contains(need)).cloned().collect();
    if blocked_by.is_empty() || matches!(result.verdict, Verdict::Blocked | Verdict::Skipped) {
        return false;
    }
    (result.verdict, result.passed, result.blocked_by) = (Verdict::Blocked, 0, blocked_by);
    result.reason = "blocked".into();
    true
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        attempt::Verdict,
        check::fixture::{World, object, scenario},
    };

    fn exists(id: &str, name: &str, needs: &[&str]) -> Value {
        json!({"id": id, "title": {"ko": "", "en": ""}, "needs": needs, "assert": {"exists": {"on": {"kind": "ConfigMap", "name": name}}}})
    }

    #[test]
    fn what_a_check_needs_blocks_it_also_through_others() {
        let scenario =
            scenario(vec![exists("c", "a", &["b"]), exists("b", "a", &["root"]), exists("root", "gone", &[]), exists("free", "a", &[])]);
        let results = World::default().with(object("ConfigMap", "a", json!({}))).look(&scenario);
        let verdicts: Vec<_> = results.iter().map(|r| (r.id.as_str(), r.verdict)).collect();
        assert_eq!(verdicts, [("c", Verdict::Blocked), ("b", Verdict::Blocked), ("root", Verdict::Fail), ("free", Verdict::Pass)]);
        assert_eq!(results[1].blocked_by, ["root"]);
    }

    #[test]
    fn checks_of_a_lab_carry_their_step() {
        let mut scenario = scenario(vec![]);
        let title = json!({"ko": "", "en": ""});
        scenario.file.spec.steps =
            serde_json::from_value(json!([{"id": "one", "title": title, "text": title, "checks": [exists("a", "a", &[])]}])).unwrap();
        assert_eq!(World::default().look(&scenario)[0].step.as_deref(), Some("one"));
    }

    #[test]
    fn trap_fp09_what_was_not_read_is_an_error_and_never_gone() {
        let absent =
            |kind: &str| json!({"id": "gone", "title": {"ko": "", "en": ""}, "assert": {"absent": {"on": {"kind": kind, "name": "a"}}}});
        let results = World::default().unreadable("ConfigMap").look(&scenario(vec![absent("ConfigMap"), absent("Secret")]));
        assert_eq!(results.iter().map(|r| r.verdict).collect::<Vec<_>>(), [Verdict::Error, Verdict::Pass]);
    }
}
