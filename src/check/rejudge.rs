//! What a run that was recorded would have come to, had one of its checks stated something else.
//!
//! Judges anew what was seen when the run ended, and nothing else: no cluster, no time. What only time told stays as it was.

use super::{
    context::Context,
    evaluate::evaluate,
    look::{block_untried, look_at},
    readings,
    trial::is_tried,
};
use crate::{
    attempt::{Baseline, CheckResult, Outcome, Run, Verdict},
    cluster::Snapshot,
    reader::{Answer, Question},
    scenario::{Assert, Scenario},
};

/// A run with what it saw last.
#[derive(Debug, Clone)]
pub struct Recording {
    scenario: Scenario,
    baseline: Baseline,
    snapshot: Snapshot,
    run: Run,
    /// What each check came to at the last look, before any was blocked.
    looked: Vec<(String, Outcome)>,
}

impl Recording {
    /// Keeps a run of a scenario's checks, the baseline that it compared with, and its last look.
    #[must_use]
    pub fn new(scenario: &Scenario, baseline: &Baseline, snapshot: Snapshot, run: Run) -> Self {
        let looked = look_at(scenario, baseline, &snapshot).into_iter().map(|one| (one.check.id.clone(), one.outcome)).collect();
        Self { scenario: scenario.clone(), baseline: baseline.clone(), snapshot, run, looked }
    }

    /// The run as it was.
    #[must_use]
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The baseline that it compared with.
    #[must_use]
    pub fn baseline(&self) -> &Baseline {
        &self.baseline
    }

    /// Its last look.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The questions to the reader of configurations that a statement asks and the run did not.
    #[must_use]
    pub fn open_questions(&self, assert: &Assert) -> Vec<Question> {
        let asked = readings::of_assert(&self.scenario, assert, &self.snapshot);
        asked.into_iter().filter(|question| !self.snapshot.readings.iter().any(|(known, _)| known == question)).collect()
    }

    /// Adds answers to them.
    pub fn answer(&mut self, answers: Vec<(Question, Result<Answer, String>)>) {
        self.snapshot.readings.extend(answers);
    }

    /// The run with this check stating something else; nothing at all stands for what passes whatever is there. `None` when what was
    /// seen does not tell.
    #[must_use]
    pub fn rejudged(&self, check: &str, assert: Option<&Assert>) -> Option<Run> {
        if assert.is_some() && self.is_untold(check) {
            return None;
        }
        let mut run = self.run.clone();
        run.results = run.results.iter().map(|result| self.unblocked(result)).collect();
        let context = Context { check, ..Context::new(&self.scenario, &self.baseline, &self.snapshot) };
        let outcome = assert.map(|assert| evaluate(assert, &context));
        let now = outcome.as_ref().map_or(Verdict::Pass, |outcome| outcome.verdict);
        let result = run.results.iter_mut().find(|result| result.id == check)?;
        // What held at the end and was not taken for it had not held for long enough: neither would this have.
        let too_short = result.verdict == Verdict::Fail && self.last_look(check) == Some(Verdict::Pass) && assert.is_some();
        if now == Verdict::Error {
            return None;
        }
        if !(too_short && now == Verdict::Pass) {
            result.verdict = now;
            (result.passed, result.total) = outcome.map_or((result.total, result.total), |outcome| (outcome.passed, outcome.total));
        }
        block_untried(&self.scenario, &mut run.results);
        Some(run)
    }

    /// What a result was before it was blocked, as far as the last look tells.
    fn unblocked(&self, result: &CheckResult) -> CheckResult {
        let outcome = self.looked.iter().find(|(id, _)| *id == result.id).map(|(_, outcome)| outcome);
        let known = outcome.filter(|o| result.verdict == Verdict::Blocked && matches!(o.verdict, Verdict::Pass | Verdict::Fail));
        let Some(outcome) = known.filter(|_| !self.is_untold(&result.id)) else { return result.clone() };
        CheckResult { verdict: outcome.verdict, passed: outcome.passed, total: outcome.total, blocked_by: Vec::new(), ..result.clone() }
    }

    fn last_look(&self, check: &str) -> Option<Verdict> {
        self.looked.iter().find(|(id, _)| id == check).map(|(_, outcome)| outcome.verdict)
    }

    /// Whether a check is judged by what is tried out, or by a person, which no look tells.
    fn is_untold(&self, id: &str) -> bool {
        self.scenario.checks().any(|check| check.id == id && (is_tried(check) || matches!(check.assert, Assert::Manual(_))))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::Recording;
    use crate::{
        attempt::{ApiCalls, Run, Trigger, Verdict},
        check::{
            fixture::{World, now, object, scenario},
            look,
        },
        scenario::Assert,
    };

    fn exists(id: &str, name: &str, needs: &[&str]) -> Value {
        json!({"id": id, "title": {"ko": "", "en": ""}, "needs": needs, "assert": {"exists": {"on": {"kind": "ConfigMap", "name": name}}}})
    }

    fn recorded() -> Recording {
        let scenario = scenario(vec![exists("root", "gone", &[]), exists("then", "a", &["root"]), exists("never", "gone", &["root"])]);
        let world = World::default().with(object("ConfigMap", "a", json!({})));
        let run = Run {
            trigger: Trigger::Prove,
            started: now(),
            millis: 0,
            results: look(&scenario, world.baseline(), &world.clone().snapshot()),
            calls: ApiCalls::default(),
            resource_versions: BTreeMap::new(),
            provisional: false,
        };
        Recording::new(&scenario, &world.baseline().clone(), world.snapshot(), run)
    }

    fn verdicts(run: &Run) -> Vec<Verdict> {
        run.results.iter().map(|result| result.verdict).collect()
    }

    fn assert(name: &str) -> Assert {
        serde_json::from_value(json!({"exists": {"on": {"kind": "ConfigMap", "name": name}}})).unwrap()
    }

    #[test]
    fn what_a_weaker_check_lets_pass_is_no_longer_blocked() {
        use Verdict::{Blocked, Fail, Pass};
        let recorded = recorded();
        assert_eq!(verdicts(recorded.run()), [Fail, Blocked, Blocked]);
        assert_eq!(verdicts(&recorded.rejudged("root", None).unwrap()), [Pass, Pass, Fail]);
        assert_eq!(verdicts(&recorded.rejudged("root", Some(&assert("a"))).unwrap()), [Pass, Pass, Fail]);
        assert_eq!(verdicts(&recorded.rejudged("root", Some(&assert("b"))).unwrap()), [Fail, Blocked, Blocked], "it states the same");
        assert_eq!(verdicts(&recorded.rejudged("never", None).unwrap()), [Fail, Blocked, Blocked]);
    }

    #[test]
    fn what_did_not_hold_for_long_enough_stays_so() {
        let mut recorded = recorded();
        let result = &mut recorded.run.results[0];
        (result.verdict, result.reason) = (Verdict::Fail, "did-not-hold".into());
        recorded.looked[0].1.verdict = Verdict::Pass;
        assert_eq!(recorded.rejudged("root", Some(&assert("a"))).unwrap().results[0].verdict, Verdict::Fail);
        assert_eq!(recorded.rejudged("root", None).unwrap().results[0].verdict, Verdict::Pass, "a check that is not there holds at once");
    }

    #[test]
    fn what_was_not_read_tells_nothing() {
        let secret: Assert = serde_json::from_value(json!({"exists": {"on": {"kind": "Pod", "name": "a"}}})).unwrap();
        let mut recorded = recorded();
        recorded.snapshot.kinds.remove("Pod");
        assert_eq!(recorded.rejudged("root", Some(&secret)), None);
    }
}
