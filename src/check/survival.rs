//! The state of a `survives` check that is being tried out. Pure: whoever disturbs the cluster tells it what it looks like.

use std::time::Duration;

use serde_json::Value;

use super::{
    Context, evaluate,
    findings::{Findings, Item, could_not_look},
    kinds,
    look::{Looked, result},
    moving, object,
    request::survival_request,
    workload,
};
use crate::{
    attempt::{Baseline, CheckResult, Outcome, Verdict},
    cluster::{Snapshot, SnapshotRequest},
    scenario::{CheckSpec, ObjectRef, Scenario, Show, Survives},
    text::Text,
};

/// What no change announces is looked at this often.
const TICK: Duration = Duration::from_millis(500);
/// A controller may need so long before anything of what was done can be seen.
const STIRRING: Duration = Duration::from_secs(3);
/// How long an error may be a passing one.
const ERROR_PATIENCE: Duration = Duration::from_secs(10);

/// A trial of whether something lasts.
#[derive(Debug)]
pub struct Survival<'a> {
    check: &'a CheckSpec,
    spec: &'a Survives,
    /// The scenario with what must hold as its only check.
    alone: Scenario,
    held: Option<Duration>,
    outcome: Outcome,
}

impl<'a> Survival<'a> {
    /// A trial of this check, before anything was done.
    #[must_use]
    pub fn new(scenario: &Scenario, check: &'a CheckSpec, spec: &'a Survives) -> Self {
        let mut alone = scenario.clone();
        alone.file.spec.steps.clear();
        alone.file.spec.checks = vec![CheckSpec { assert: (*spec.then).clone(), needs: Vec::new(), ..check.clone() }];
        Self { check, spec, alone, held: None, outcome: kinds::unproven() }
    }

    /// What it reads.
    #[must_use]
    pub fn request(&self) -> SnapshotRequest {
        survival_request(&self.alone, self.spec)
    }

    /// Whether what must last holds at all: if it does not, nothing is done.
    pub fn holds(&mut self, baseline: &Baseline, snapshot: &Snapshot) -> bool {
        self.outcome = self.look_once(baseline, snapshot);
        self.outcome.verdict == Verdict::Pass
    }

    /// The objects that are disturbed; all of them belong to the scenario.
    ///
    /// # Errors
    /// They cannot be read, or one lies elsewhere.
    pub fn targets(&self, on: &ObjectRef, baseline: &Baseline, snapshot: &Snapshot) -> Result<Vec<Value>, String> {
        let context = Context::new(&self.alone, baseline, snapshot);
        let found = context.select(on).map_err(|e| e.to_string())?;
        if let Some(foreign) = found.iter().find(|found| !context.namespaces.iter().any(|own| own == object::namespace(found))) {
            return Err(format!("{} is in no namespace of the scenario, so it is not disturbed", object::reference(foreign)));
        }
        Ok(found.into_iter().filter(|found| !object::terminating(found)).cloned().collect())
    }

    /// The pods of the workloads that are disturbed.
    ///
    /// # Errors
    /// They cannot be read, or one lies elsewhere.
    pub fn pods(&self, on: &ObjectRef, baseline: &Baseline, snapshot: &Snapshot) -> Result<Vec<Value>, String> {
        let context = Context::new(&self.alone, baseline, snapshot);
        self.targets(on, baseline, snapshot)?;
        let mut pods = Vec::new();
        for workload in context.select(on).map_err(|e| e.to_string())? {
            let of = workload::pods(workload, &context).map_err(|e| e.to_string())?;
            pods.extend(of.current.into_iter().chain(of.old).cloned());
        }
        Ok(pods)
    }

    /// There is nothing to disturb, or what was done came to no good end.
    pub fn failed(&mut self, reason: &'static str, object: &str, text: Text) {
        let mut findings = Findings::evaluated();
        findings.add(Item::fails(reason, object, text));
        self.outcome = findings.conclude();
    }

    /// What could not be done or looked at ends it.
    pub fn trouble(&mut self, why: &str) {
        self.outcome = could_not_look(why);
    }

    /// Takes one look, so long after the disturbance; says after how long to look again, or that it is over.
    pub fn look(&mut self, at: Duration, baseline: &Baseline, snapshot: &Snapshot) -> Option<Duration> {
        self.outcome = self.look_once(baseline, snapshot);
        let left = self.spec.within.0.saturating_sub(at);
        if self.outcome.verdict == Verdict::Pass {
            let short = self.spec.hold.0.saturating_sub(at.saturating_sub(*self.held.get_or_insert(at)));
            if short.is_zero() {
                return None;
            }
            if left.is_zero() {
                (self.outcome.verdict, self.outcome.passed) = (Verdict::Fail, 0);
                self.outcome.reason = "did-not-hold".into();
                return None;
            }
            return Some(short.min(TICK));
        }
        self.held = None;
        let hopeless = match self.outcome.verdict {
            Verdict::Error => at >= ERROR_PATIENCE,
            _ => at >= STIRRING && !self.outcome.moving,
        };
        (!hopeless && !left.is_zero()).then(|| left.min(TICK))
    }

    fn look_once(&self, baseline: &Baseline, snapshot: &Snapshot) -> Outcome {
        let mut context = Context::new(&self.alone, baseline, snapshot);
        (context.check, context.reveal) = (&self.check.id, self.check.show == Show::Full);
        let mut outcome = evaluate(&self.spec.then, &context);
        outcome.moving |= moving::moving(&context);
        outcome
    }

    /// What it came to.
    #[must_use]
    pub fn result(self, step: Option<&str>) -> CheckResult {
        let looked = Looked { check: self.check, step, outcome: self.outcome };
        result(&looked, &looked.outcome)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::Survival;
    use crate::{
        attempt::{CheckResult, Verdict},
        check::fixture::{World, deployment, scenario},
        scenario::{Assert, Scenario},
    };

    fn survives(on: &Value) -> Scenario {
        let rollout = json!({"rollout": {"on": {"kind": "Deployment", "name": "web"}}});
        let spec = json!({"after": [{"deletePods": on}], "then": rollout, "for": "5s", "within": "30s"});
        scenario(vec![json!({"id": "lasts", "title": {"ko": "", "en": ""}, "assert": {"survives": spec}})])
    }

    fn own() -> Value {
        json!({"kind": "Deployment", "name": "web"})
    }

    fn with<T>(scenario: &Scenario, run: impl FnOnce(Survival) -> T) -> T {
        let check = &scenario.file.spec.checks[0];
        let Assert::Survives(spec) = &check.assert else { panic!("it is one") };
        run(Survival::new(scenario, check, spec))
    }

    fn up() -> World {
        World::default().workload(deployment("web").replicas(2))
    }

    /// Looks at the worlds until it is over.
    fn watched(looks: &[(u64, World)]) -> (CheckResult, usize) {
        with(&survives(&own()), |mut survival| {
            let over =
                looks.iter().position(|(at, world)| survival.look(Duration::from_secs(*at), world.baseline(), &world.snapshot()).is_none());
            (survival.result(None), over.expect("it ends"))
        })
    }

    #[test]
    fn what_does_not_hold_before_is_not_disturbed() {
        with(&survives(&own()), |mut survival| {
            let down = World::default().workload(deployment("web").replicas(2).pods("CrashLoopBackOff", 2));
            assert!(!survival.holds(down.baseline(), &down.snapshot()));
            let result = survival.result(None);
            assert_eq!((result.verdict, result.reason.as_str()), (Verdict::Fail, "pods-not-ready"));
        });
        with(&survives(&own()), |mut survival| assert!(survival.holds(up().baseline(), &up().snapshot())));
    }

    #[test]
    fn it_comes_back_and_stays() {
        let starting = World::default().workload(deployment("web").replicas(2).changed_ago(1).pods("ContainerCreating", 2).status_ready(0));
        let (result, over) = watched(&[(0, starting.clone()), (4, starting), (8, up()), (10, up()), (13, up())]);
        assert_eq!((result.verdict, over), (Verdict::Pass, 4));
    }

    #[test]
    fn what_does_not_come_back_is_not_waited_for() {
        let crashed = World::default().workload(deployment("web").replicas(2).pods("CrashLoopBackOff", 2));
        let (result, over) = watched(&[(0, crashed.clone()), (2, crashed.clone()), (4, crashed)]);
        assert_eq!((result.verdict, result.reason.as_str(), over), (Verdict::Fail, "pods-not-ready", 2));
    }

    #[test]
    fn a_moment_is_not_enough() {
        let crashed = World::default().workload(deployment("web").replicas(2).pods("CrashLoopBackOff", 2));
        let (result, _) = watched(&[(0, up()), (4, up()), (5, crashed)]);
        assert_eq!(result.verdict, Verdict::Fail);
    }

    #[test]
    fn only_the_scenarios_own_objects_are_disturbed() {
        let mut foreign = deployment("dns").object();
        foreign["metadata"]["namespace"] = json!("kube-system");
        let on = json!({"kind": "Deployment", "name": "dns", "namespace": "kube-system"});
        let world = up().with(foreign);
        with(&survives(&on), |survival| {
            let on = serde_json::from_value(on).unwrap();
            assert!(survival.pods(&on, world.baseline(), &world.snapshot()).unwrap_err().contains("no namespace of the scenario"));
            let own = serde_json::from_value(own()).unwrap();
            assert_eq!(survival.pods(&own, world.baseline(), &world.snapshot()).unwrap().len(), 2);
        });
    }
}
