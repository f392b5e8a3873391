use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::{ProvisionError, object::text};
use crate::{
    attempt::{ApiCalls, CheckResult, Verdict},
    cluster::{KindState, Snapshot, SnapshotSource},
    scenario::{Role, Scenario},
};

/// How long every objective must keep failing before the clock of the learner starts,
const STEADY: Duration = Duration::from_secs(1);
/// and how long when nothing at all happens meanwhile to what the checks read: no controller is on its way any more.
const STILL: Duration = Duration::from_millis(500);

/// The look at the broken state that confirmed it.
#[derive(Debug, Clone)]
pub struct Confirmed {
    /// What each check came to.
    pub results: Vec<CheckResult>,
    /// What confirming cost.
    pub calls: ApiCalls,
}

/// Looks at every change until each objective that is not a regression fails (or is blocked) and none of these verdicts has
/// moved for a while. A scenario without a fault is taken as it is at the first look.
///
/// # Errors
/// [`ProvisionError::StillPasses`] when the time is over.
pub async fn confirm(
    scenario: &Scenario,
    source: &mut impl SnapshotSource,
    within: Duration,
    look: impl Fn(&Snapshot) -> Vec<CheckResult>,
) -> Result<Confirmed, ProvisionError> {
    let deadline = Instant::now() + within;
    let (mut verdicts, mut world) = (Unmoved::default(), Unmoved::default());
    loop {
        let snapshot = source.snapshot().await;
        let results = look(&snapshot);
        let objectives = objectives(scenario, &results);
        let now = Instant::now();
        let failing_for = verdicts.look(objectives.iter().map(|r| (r.id.clone(), r.verdict)).collect::<Vec<_>>(), now);
        let still_for = world.look(versions(&snapshot), now);
        let passing: Vec<String> = objectives.into_iter().filter_map(not_failing).collect();
        let missing = match scenario.file.spec.fault.is_empty() {
            true => Duration::ZERO,
            // The authorizer's answers change without an object that would show it.
            false if snapshot.reviews.is_empty() => missing(failing_for, still_for),
            false => STEADY.saturating_sub(failing_for),
        };
        if passing.is_empty() && missing.is_zero() {
            return Ok(Confirmed { results, calls: snapshot.calls });
        }
        let left = deadline.saturating_duration_since(now);
        if left.is_zero() {
            return Err(ProvisionError::StillPasses { after: within, checks: passing });
        }
        source.changed(if passing.is_empty() { left.min(missing) } else { left }).await;
    }
}

/// How much longer it must stay like this, when nothing more happens.
fn missing(failing_for: Duration, still_for: Duration) -> Duration {
    STEADY.saturating_sub(failing_for).min(STILL.saturating_sub(still_for))
}

/// Something that is looked at again and again, and since when it is what it is.
struct Unmoved<T> {
    last: Option<(T, Instant)>,
}

impl<T> Default for Unmoved<T> {
    fn default() -> Self {
        Self { last: None }
    }
}

impl<T: PartialEq> Unmoved<T> {
    fn look(&mut self, seen: T, now: Instant) -> Duration {
        match &self.last {
            Some((last, since)) if *last == seen => now.duration_since(*since),
            _ => {
                self.last = Some((seen, now));
                Duration::ZERO
            }
        }
    }
}

/// The version of every object that was read.
fn versions(snapshot: &Snapshot) -> Vec<String> {
    let read = snapshot.kinds.values().filter_map(|state| if let KindState::Read { objects, .. } = state { Some(objects) } else { None });
    let version = |object: &Value| format!("{} {}", text(object, "/metadata/uid"), text(object, "/metadata/resourceVersion"));
    read.flatten().map(|object| version(object)).collect()
}

/// The results that must be a fail in the broken state: not those that only a person can judge.
fn objectives<'a>(scenario: &Scenario, results: &'a [CheckResult]) -> Vec<&'a CheckResult> {
    let regression = |id: &str| scenario.checks().any(|c| c.id == id && c.regression);
    results.iter().filter(|r| r.role == Role::Objective && !regression(&r.id) && !r.awaits_mark()).collect()
}

fn not_failing(result: &CheckResult) -> Option<String> {
    let word = match result.verdict {
        Verdict::Fail | Verdict::Blocked => return None,
        Verdict::Pass => "passes",
        Verdict::Error => "could not be judged",
        Verdict::Skipped => "was skipped",
    };
    Some(format!("{} {word} ({})", result.id, result.reason))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, path::PathBuf};

    use jiff::Timestamp;
    use serde_json::json;

    use super::*;
    use crate::{
        attempt::{Basis, Given},
        text::Text,
    };

    /// A cluster whose every change is a new look: the fault bites at the given one.
    struct Biting {
        looks: usize,
        at: usize,
    }

    impl SnapshotSource for Biting {
        async fn snapshot(&mut self) -> Snapshot {
            self.looks += 1;
            let bitten = KindState::Read { resource_version: String::new(), objects: vec![] };
            Snapshot {
                taken: Timestamp::UNIX_EPOCH,
                kinds: if self.looks >= self.at { BTreeMap::from([("Bitten".into(), bitten)]) } else { BTreeMap::new() },
                reviews: vec![],
                live: vec![],
                readings: vec![],
                real: false,
                given: Given::default(),
                calls: ApiCalls::default(),
            }
        }

        async fn changed(&mut self, within: Duration) -> bool {
            let bites = self.looks + 1 == self.at;
            if !bites {
                tokio::time::sleep(within).await;
            }
            bites
        }
    }

    fn look(snapshot: &Snapshot) -> Vec<CheckResult> {
        let verdict = if snapshot.kinds.contains_key("Bitten") { Verdict::Fail } else { Verdict::Pass };
        vec![CheckResult {
            id: "serves".into(),
            step: None,
            role: Role::Objective,
            verdict,
            passed: 0,
            total: 1,
            reason: String::new(),
            blocked_by: vec![],
            observations: vec![],
            evidence: vec![],
            basis: Basis::Observed,
            held_millis: 0,
            since_millis: 0,
            moving: false,
        }]
    }

    fn faulty() -> Scenario {
        let file = serde_json::from_value(json!({
            "apiVersion": "kubedrill.dev/v1alpha1", "kind": "Challenge",
            "metadata": {"name": "it", "title": {"ko": "", "en": ""}},
            "spec": {
                "summary": {"ko": "", "en": ""}, "level": "beginner", "minutes": 5, "namespaces": ["it"], "stage": [],
                "fault": [{"delete": {"on": {"kind": "Service", "name": "web"}}}],
                "checks": [{"id": "serves", "title": {"ko": "", "en": ""}, "points": 100, "category": "functionality",
                            "assert": {"exists": {"on": {"kind": "Service", "name": "web"}}}}],
            },
        }));
        Scenario {
            dir: PathBuf::new(),
            digest: String::new(),
            file: file.expect("a scenario"),
            story: Text::default(),
            debrief: Text::default(),
            solutions: vec![],
            cheats: vec![],
            names: Default::default(),
        }
    }

    #[tokio::test]
    async fn trap_fp12_the_clock_waits_until_the_fault_has_bitten() {
        let mut source = Biting { looks: 0, at: 2 };
        let confirmed = confirm(&faulty(), &mut source, Duration::from_secs(30), look).await.expect("it bites in the end");
        assert_eq!(confirmed.results[0].verdict, Verdict::Fail);
        assert!(source.looks > 2, "and it must stay like this for a while");
    }

    #[tokio::test]
    async fn trap_fp13_a_fault_that_does_nothing_here_starts_nothing() {
        let never = confirm(&faulty(), &mut Biting { looks: 0, at: usize::MAX }, Duration::from_millis(50), look).await;
        match never {
            Err(ProvisionError::StillPasses { checks, .. }) => assert!(checks[0].starts_with("serves passes"), "{checks:?}"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_world_at_rest_is_believed_sooner_than_one_that_moves() {
        let millis = Duration::from_millis;
        assert_eq!(missing(millis(0), millis(0)), STILL);
        assert_eq!(missing(millis(500), millis(500)), Duration::ZERO);
        assert_eq!(missing(millis(700), millis(0)), millis(300), "its verdicts have stood long enough before it has come to rest");
        assert_eq!(missing(millis(1000), millis(0)), Duration::ZERO);
    }

    #[test]
    fn what_moves_back_has_moved() {
        let (mut unmoved, start) = (Unmoved::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(unmoved.look("a", at(0)), Duration::ZERO);
        assert_eq!(unmoved.look("a", at(2)), Duration::from_secs(2));
        assert_eq!(unmoved.look("b", at(3)), Duration::ZERO);
        assert_eq!(unmoved.look("a", at(4)), Duration::ZERO);
    }
}
