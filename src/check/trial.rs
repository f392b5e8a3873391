//! The state of an `autoscale` check that is being tried out: which phase is on, what was seen, and when it is over. Pure: whoever drives
//! the load and looks at the cluster tells it what came of it.

use std::{collections::BTreeMap, time::Duration};

use super::{
    Context, kinds,
    look::{Looked, result},
};
use crate::{
    attempt::{Baseline, CheckResult, Outcome, Verdict},
    cluster::Snapshot,
    load::DemandState,
    scenario::{Assert, Autoscale, AutoscalePhase, CheckSpec, Scenario, Show},
};

/// What no change announces is looked at this often.
const TICK: Duration = Duration::from_secs(1);

/// Whether a check changes something or runs a program, and is judged only after all others were.
#[must_use]
pub fn is_tried(check: &CheckSpec) -> bool {
    matches!(check.assert, Assert::Autoscale(_) | Assert::Script(_) | Assert::Survives(_))
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Run the profile of the next phase.
    Phase,
    /// Look again at the next change, or after this.
    Look(Duration),
    /// It is over.
    Over,
}

/// A trial.
#[derive(Debug)]
pub struct Trial<'a> {
    scenario: &'a Scenario,
    check: &'a CheckSpec,
    spec: &'a Autoscale,
    phase: usize,
    began: Duration,
    held: Option<Duration>,
    moved: Duration,
    counts: Vec<(Duration, usize)>,
    churn: u32,
    last: Option<(BTreeMap<String, bool>, Verdict)>,
    outcome: Outcome,
}

impl<'a> Trial<'a> {
    /// A trial of this check, before its first phase.
    #[must_use]
    pub fn new(scenario: &'a Scenario, check: &'a CheckSpec, spec: &'a Autoscale) -> Self {
        Self {
            scenario,
            check,
            spec,
            phase: 0,
            began: Duration::ZERO,
            held: None,
            moved: Duration::ZERO,
            counts: Vec::new(),
            churn: 0,
            last: None,
            outcome: kinds::untried(),
        }
    }

    /// The phase that is on; `None` when all are through.
    #[must_use]
    pub fn phase(&self) -> Option<&'a AutoscalePhase> {
        self.spec.phases.get(self.phase)
    }

    /// Takes one look, so long after the trial began.
    pub fn look(&mut self, at: Duration, state: &DemandState, baseline: &Baseline, snapshot: &Snapshot) -> Next {
        let Some(phase) = self.phase() else { return Next::Over };
        let mut context = Context::new(self.scenario, baseline, snapshot);
        (context.check, context.reveal) = (&self.check.id, self.check.show == Show::Full);
        self.outcome = kinds::phase(phase, state, &context);
        self.note(at, state);
        if self.turned_too_often() {
            return self.end(Verdict::Fail, "turned-too-often");
        }
        if self.outcome.verdict == Verdict::Pass {
            self.unless_unsteady(phase, state);
        }
        if self.outcome.verdict == Verdict::Pass {
            let left = phase.hold.0.saturating_sub(at.saturating_sub(*self.held.get_or_insert(at)));
            if !left.is_zero() {
                return Next::Look(left.min(TICK));
            }
            (self.phase, self.began, self.held, self.moved) = (self.phase + 1, at, None, at);
            return match self.phase() {
                Some(_) => Next::Phase,
                None => self.end(Verdict::Pass, "holds"),
            };
        }
        self.held = None;
        let left = phase.within.0.saturating_sub(at.saturating_sub(self.began));
        let patient = phase.patience.is_none_or(|patience| at.saturating_sub(self.moved) < patience.0);
        if left.is_zero() || !patient {
            let (verdict, reason) = (self.outcome.verdict, self.outcome.reason.clone());
            return self.end(verdict, &reason);
        }
        Next::Look(left.min(TICK))
    }

    /// What could not be looked at ends it.
    pub fn trouble(&mut self, why: &str) {
        self.outcome = super::findings::could_not_look(why);
    }

    /// What is true while the pods come and go is not true yet.
    fn unless_unsteady(&mut self, phase: &AutoscalePhase, state: &DemandState) {
        if self.held.is_none() {
            self.churn = 0;
        } else if phase.steady.is_some_and(|most| self.churn > most) {
            self.outcome = kinds::unsteady(state, self.churn);
        }
    }

    /// Remembers how many pods there were, which came and went, and when anything moved.
    fn note(&mut self, at: Duration, state: &DemandState) {
        if self.counts.last().is_none_or(|(_, count)| *count != state.pods.len()) {
            self.counts.push((at, state.pods.len()));
        }
        let pods: BTreeMap<_, _> = state.pods.iter().map(|pod| (pod.name.clone(), pod.saturated())).collect();
        if let Some((before, _)) = &self.last {
            let came = pods.keys().filter(|name| !before.contains_key(*name)).count();
            let went = before.keys().filter(|name| !pods.contains_key(*name)).count();
            self.churn = self.churn.saturating_add(u32::try_from(came + went).unwrap_or(u32::MAX));
        }
        let now = Some((pods, self.outcome.verdict));
        if self.last != now {
            (self.last, self.moved) = (now, at);
        }
    }

    fn turned_too_often(&self) -> bool {
        self.spec.turns.is_some_and(|most| turns(&self.counts) > most)
    }

    fn end(&mut self, verdict: Verdict, reason: &str) -> Next {
        let phases = u32::try_from(self.spec.phases.len()).unwrap_or(u32::MAX).max(1);
        let through = u32::try_from(self.phase).unwrap_or(u32::MAX);
        self.outcome.verdict = verdict;
        reason.clone_into(&mut self.outcome.reason);
        self.outcome.total = phases;
        self.outcome.passed = if verdict == Verdict::Pass { phases } else { through.min(phases - 1) };
        self.outcome.observations.push(kinds::course(&self.spec.load, &self.counts, verdict == Verdict::Pass));
        Next::Over
    }

    /// What it came to.
    #[must_use]
    pub fn result(self, step: Option<&str>) -> CheckResult {
        let looked = Looked { check: self.check, step, outcome: self.outcome };
        result(&looked, &looked.outcome)
    }
}

/// How many times a course turned from growing to shrinking or back.
fn turns(counts: &[(Duration, usize)]) -> u32 {
    let directions: Vec<bool> = counts.windows(2).map(|pair| pair[1].1 > pair[0].1).collect();
    let turned = directions.windows(2).filter(|pair| pair[0] != pair[1]).count();
    u32::try_from(turned).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::{Next, Trial};
    use crate::{
        attempt::{Baseline, CheckResult, Verdict},
        check::fixture::{World, scenario},
        load::DemandState,
        scenario::{Assert, Scenario},
    };

    fn autoscale(spec: Value) -> Scenario {
        scenario(vec![json!({"id": "surge", "title": {"ko": "", "en": ""}, "assert": {"autoscale": spec}})])
    }

    fn state(milli: i64, pods: &[f64]) -> DemandState {
        let pods: Vec<_> = pods
            .iter()
            .enumerate()
            .map(|(n, failing)| json!({"name": format!("p{n}"), "asked": 1, "milli": 1, "latencyMillis": 20, "failing": failing}))
            .collect();
        serde_json::from_value(json!({"namespace": "shop", "name": "web", "course": [], "milli": milli, "pods": pods})).unwrap()
    }

    /// Looks at the states, one a second; what was asked for next, and what it came to.
    fn run(scenario: &Scenario, seconds: &[(u64, DemandState)]) -> (Vec<Next>, CheckResult) {
        let check = &scenario.file.spec.checks[0];
        let Assert::Autoscale(spec) = &check.assert else { panic!("it is one") };
        let (mut trial, snapshot) = (Trial::new(scenario, check, spec), World::default().snapshot());
        let nexts =
            seconds.iter().map(|(at, state)| trial.look(Duration::from_secs(*at), state, &Baseline::default(), &snapshot)).collect();
        (nexts, trial.result(None))
    }

    const SURGE: [f64; 5] = [0.0; 5];

    #[test]
    fn a_phase_comes_true_and_the_next_begins() {
        let scenario = autoscale(json!({"load": "web", "turns": 1, "phases": [
            {"profile": "surge", "ready": {"min": 5}, "saturated": false, "within": "3m"},
            {"profile": "base", "ready": {"max": 3}, "within": "2m"}]}));
        let (nexts, result) = run(
            &scenario,
            &[
                (0, state(850, &[0.5, 0.5])),
                (30, state(850, &[0.2; 4])),
                (40, state(850, &SURGE)),
                (41, state(100, &SURGE)),
                (90, state(100, &[0.0; 2])),
            ],
        );
        assert_eq!(nexts[2..], [Next::Phase, Next::Look(Duration::from_secs(1)), Next::Over]);
        assert_eq!((result.verdict, result.passed, result.total), (Verdict::Pass, 2, 2));
        let course = result.observations.iter().find_map(|o| o.values.get("course")).unwrap();
        assert_eq!(course, "0s: 2, 30s: 4, 40s: 5, 90s: 2");
    }

    #[test]
    fn enough_pods_that_are_saturated_are_not_enough() {
        let scenario =
            autoscale(json!({"load": "web", "phases": [{"profile": "surge", "ready": {"min": 2}, "saturated": false, "within": "60s"}]}));
        let (nexts, result) = run(&scenario, &[(0, state(850, &[0.5, 0.5])), (60, state(850, &[0.5, 0.5]))]);
        assert_eq!(nexts.last(), Some(&Next::Over));
        assert_eq!((result.verdict, result.reason.as_str()), (Verdict::Fail, "saturated"));
    }

    #[test]
    fn where_nothing_moves_nothing_is_waited_for() {
        let scenario =
            autoscale(json!({"load": "web", "phases": [{"profile": "surge", "ready": {"min": 5}, "within": "180s", "patience": "45s"}]}));
        let (nexts, result) = run(
            &scenario,
            &[(0, state(850, &[0.5; 2])), (30, state(850, &[0.3; 3])), (74, state(850, &[0.3; 3])), (75, state(850, &[0.3; 3]))],
        );
        assert_eq!(nexts[2..], [Next::Look(Duration::from_secs(1)), Next::Over]);
        assert_eq!(result.verdict, Verdict::Fail);
    }

    #[test]
    fn what_must_hold_is_not_true_for_a_moment_only() {
        let scenario =
            autoscale(json!({"load": "web", "phases": [{"profile": "surge", "ready": {"min": 5}, "for": "10s", "within": "60s"}]}));
        let (nexts, result) =
            run(&scenario, &[(0, state(850, &SURGE)), (5, state(850, &SURGE[1..])), (6, state(850, &SURGE)), (16, state(850, &SURGE))]);
        assert_eq!(nexts[2..], [Next::Look(Duration::from_secs(1)), Next::Over]);
        assert_eq!(result.verdict, Verdict::Pass);
    }

    #[test]
    fn what_is_steady_keeps_its_pods() {
        let scenario = autoscale(json!({"load": "web", "phases": [
            {"profile": "surge", "ready": {"min": 2}, "steady": 1, "for": "60s", "within": "100s"}]}));
        let of = |names: &[&str]| {
            let pods: Vec<_> = names.iter().map(|name| json!({"name": name, "asked": 1, "milli": 1, "latencyMillis": 20})).collect();
            serde_json::from_value(json!({"namespace": "shop", "name": "web", "course": [], "milli": 850, "pods": pods})).unwrap()
        };
        let (_, grown) = run(&scenario, &[(0, of(&["a", "b"])), (30, of(&["a", "b", "c"])), (60, of(&["a", "b", "c"]))]);
        assert_eq!(grown.verdict, Verdict::Pass, "one more is no unrest");
        let evicted = [(0, of(&["a", "b", "c"])), (30, of(&["b", "c"])), (32, of(&["b", "c", "d"]))];
        let (nexts, _) = run(&scenario, &[&evicted[..], &[(62, of(&["b", "c", "d"]))]].concat());
        assert_ne!(nexts.last(), Some(&Next::Over), "the time begins again");
        let (_, settled) = run(&scenario, &[&evicted[..], &[(33, of(&["b", "c", "d"])), (93, of(&["b", "c", "d"]))]].concat());
        assert_eq!(settled.verdict, Verdict::Pass);
        let (_, fought) = run(&scenario, &[&evicted[..], &[(60, of(&["b", "c", "d"])), (100, of(&["c", "e", "f"]))]].concat());
        assert_eq!((fought.verdict, fought.reason.as_str()), (Verdict::Fail, "unsteady"));
    }

    #[test]
    fn a_fight_shows_in_the_turns() {
        let scenario =
            autoscale(json!({"load": "web", "turns": 1, "phases": [{"profile": "surge", "ready": {"min": 9}, "within": "180s"}]}));
        let (_, result) = run(
            &scenario,
            &[(0, state(850, &[0.0; 3])), (20, state(850, &[0.0; 7])), (40, state(850, &[0.0; 4])), (60, state(850, &[0.0; 8]))],
        );
        assert_eq!((result.verdict, result.reason.as_str()), (Verdict::Fail, "turned-too-often"));
    }
}
