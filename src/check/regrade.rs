//! What a stored run comes to under a corrected scenario.
//!
//! A verdict stays where the check states what it stated. A check that states something else is judged by what the run saw last,
//! where that tells; else it has to run again. Nothing is ever guessed.

use super::{
    Sight,
    look::{Looked, block_untried, look_at, result},
    request,
};
use crate::{
    attempt::{AWAITS_MARK, Baseline, CheckResult, Run, Trigger, Verdict},
    scenario::{Assert, CheckSpec, Scenario, When},
    text::Text,
};

/// A run, judged anew.
#[derive(Debug, Clone, PartialEq)]
pub struct Regraded {
    /// The run under the corrected scenario; checks that have to run again could not be judged in it.
    pub run: Run,
    /// The checks that have to run again, and why.
    pub reruns: Vec<(String, Text)>,
}

/// Judges a run anew. `before` is the scenario that it was judged by, `sight` what it saw, where that was kept.
#[must_use]
pub fn regrade(before: &Scenario, after: &Scenario, baseline: &Baseline, run: &Run, sight: Option<&Sight>) -> Regraded {
    let snapshot = sight.map(Sight::snapshot);
    let looked = snapshot.as_ref().map(|snapshot| look_at(after, baseline, snapshot)).unwrap_or_default();
    let teller = Teller { after, sight, looked: &looked };
    let (mut results, mut reruns, mut blocked) = (Vec::new(), Vec::new(), Vec::new());
    for (step, check) in steps_and_checks(after) {
        let stored = run.result(&check.id).filter(|_| before.checks().any(|old| old.id == check.id && states_the_same(old, check)));
        let judged = match stored {
            Some(stored) if stored.verdict == Verdict::Blocked => {
                let told = teller.tell(check);
                blocked.push((check.id.clone(), told.as_ref().err().cloned()));
                Ok(told.unwrap_or_else(|_| stored.clone()))
            }
            Some(stored) => Ok(stored.clone()),
            None => teller.tell(check),
        };
        let judged = judged.unwrap_or_else(|why| {
            reruns.push((check.id.clone(), why));
            unjudged(check)
        });
        results.push(CheckResult { step: step.map(ToOwned::to_owned), role: check.role, ..judged });
    }
    block_untried(after, &mut results);
    // What nothing blocks any more has to run where what was seen does not tell.
    for (id, why) in blocked {
        let Some(why) = why else { continue };
        let open = |need: &String| results.iter().any(|one| one.id == *need && one.verdict != Verdict::Pass);
        let free = after.checks().any(|check| check.id == id && !check.needs.iter().any(open));
        if let Some(check) = after.checks().find(|check| check.id == id).filter(|_| free)
            && let Some(place) = results.iter_mut().find(|one| one.id == id)
        {
            *place = CheckResult { step: place.step.take(), ..unjudged(check) };
            reruns.push((id, why));
        }
    }
    Regraded { run: Run { trigger: Trigger::Regrade, results, ..run.clone() }, reruns }
}

fn steps_and_checks(scenario: &Scenario) -> impl Iterator<Item = (Option<&str>, &CheckSpec)> {
    let spec = &scenario.file.spec;
    let of_steps = spec.steps.iter().flat_map(|step| step.checks.iter().map(|check| (Some(step.id.as_str()), check)));
    spec.checks.iter().map(|check| (None, check)).chain(of_steps)
}

/// Whether the verdict on one is the verdict on the other: points, titles and what a learner reads bear on none.
fn states_the_same(old: &CheckSpec, new: &CheckSpec) -> bool {
    old.assert == new.assert && old.when == new.when
}

fn unjudged(check: &CheckSpec) -> CheckResult {
    CheckResult {
        id: check.id.clone(),
        step: None,
        role: check.role,
        verdict: Verdict::Error,
        passed: 0,
        total: 1,
        reason: "needs-rerun".into(),
        blocked_by: Vec::new(),
        observations: Vec::new(),
        evidence: Vec::new(),
        basis: Default::default(),
        held_millis: 0,
        since_millis: 0,
        moving: false,
    }
}

struct Teller<'a> {
    after: &'a Scenario,
    sight: Option<&'a Sight>,
    looked: &'a [Looked<'a>],
}

impl Teller<'_> {
    /// What a check comes to by what was seen, or why that does not tell.
    fn tell(&self, check: &CheckSpec) -> Result<CheckResult, Text> {
        if let Assert::Manual(_) = check.assert {
            return Ok(CheckResult { verdict: Verdict::Skipped, reason: AWAITS_MARK.into(), ..unjudged(check) });
        }
        let sight = self.sight.ok_or_else(|| Text::new("그 실행이 본 것이 남아 있지 않습니다", "nothing was kept of what the run saw"))?;
        if beyond_a_look(&check.assert) {
            return Err(Text::new("저장된 상태만으로는 알 수 없는 검사입니다", "no stored state tells it"));
        }
        let alone = alone(self.after, check);
        for (kind, namespaces) in request(&alone).kinds {
            let read = sight.asked.get(&kind).is_some_and(|read| match (read, &namespaces) {
                (None, _) => true,
                (Some(read), Some(wanted)) => wanted.iter().all(|one| read.contains(one)),
                (Some(_), None) => false,
            });
            if !read {
                return Err(Text::new(format!("{kind}을(를) 읽지 않았습니다"), format!("{kind} was not read there")));
            }
            if sight.hidden.contains(&kind) && !only_looks_at_states(&check.assert) {
                return Err(Text::new(format!("{kind}의 비밀 값은 저장하지 않습니다"), format!("secret values of {kind} are not stored")));
            }
        }
        let not_known = || Text::new("본 것만으로는 알 수 없습니다", "what was seen does not tell");
        let looked = self.looked.iter().find(|one| one.check.id == check.id).ok_or_else(not_known)?;
        let outcome = &looked.outcome;
        if !matches!(outcome.verdict, Verdict::Pass | Verdict::Fail) {
            return Err(not_known());
        }
        let moves = outcome.moving && !matches!(check.when, When::Now {});
        if moves || (matches!(check.when, When::Hold { .. }) && outcome.verdict == Verdict::Pass) {
            return Err(Text::new("얼마나 이어졌는지는 저장된 상태로 알 수 없습니다", "what was seen does not tell for how long it held"));
        }
        Ok(result(looked, outcome))
    }
}

/// A scenario with one check alone.
fn alone(scenario: &Scenario, check: &CheckSpec) -> Scenario {
    let mut alone = scenario.clone();
    alone.file.spec.steps.clear();
    alone.file.spec.checks = vec![check.clone()];
    alone
}

fn any_part(assert: &Assert, is: &impl Fn(&Assert) -> bool) -> bool {
    match assert {
        Assert::All(parts) | Assert::Any(parts) | Assert::None(parts) => parts.iter().any(|part| any_part(part, is)),
        Assert::AtLeast(spec) => spec.of.iter().any(|part| any_part(part, is)),
        one => is(one),
    }
}

/// Whether a part of it is tried out, run, marked or handed in, which no look at objects tells.
fn beyond_a_look(assert: &Assert) -> bool {
    any_part(assert, &|part| {
        matches!(part, Assert::Autoscale(_) | Assert::Survives(_) | Assert::Script(_) | Assert::Artifact(_) | Assert::Manual(_))
    })
}

/// Whether none of its parts compares a value that may have been hidden.
fn only_looks_at_states(assert: &Assert) -> bool {
    !any_part(assert, &|part| {
        !matches!(
            part,
            Assert::Exists(_)
                | Assert::Absent(_)
                | Assert::Condition(_)
                | Assert::Rollout(_)
                | Assert::Endpoints(_)
                | Assert::Resolves(_)
                | Assert::Reach(_)
                | Assert::Access(_)
                | Assert::Selects(_)
                | Assert::Disruption(_)
        )
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::{Regraded, regrade};
    use crate::{
        attempt::{ApiCalls, Run, Trigger, Verdict},
        check::{
            Sight,
            fixture::{World, now, object, scenario},
            look,
        },
        scenario::Scenario,
    };

    fn check(id: &str, assert: &Value, more: &Value) -> Value {
        let mut check = json!({"id": id, "title": {"ko": "", "en": ""}, "when": {"now": {}}, "assert": assert});
        check.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        check
    }

    fn exists(id: &str, name: &str, more: Value) -> Value {
        check(id, &json!({"exists": {"on": {"kind": "ConfigMap", "name": name}}}), &more)
    }

    fn world() -> World {
        World::default().with(object("ConfigMap", "a", json!({"data": {"mode": "fast"}}))).with(object(
            "Secret",
            "s",
            json!({"data": {"key": "aHVudGVyMg=="}}),
        ))
    }

    fn run(scenario: &Scenario) -> Run {
        Run {
            trigger: Trigger::Submit,
            started: now(),
            millis: 0,
            results: look(scenario, world().baseline(), &world().snapshot()),
            calls: ApiCalls::default(),
            resource_versions: BTreeMap::new(),
            provisional: false,
        }
    }

    fn regraded(before: &Scenario, after: &Scenario) -> Regraded {
        let sight = Sight::new(before, &world().snapshot());
        let sight = Sight::unpacked(&sight.packed().unwrap()).unwrap();
        regrade(before, after, world().baseline(), &run(before), Some(&sight))
    }

    fn verdicts(regraded: &Regraded) -> Vec<Verdict> {
        regraded.run.results.iter().map(|result| result.verdict).collect()
    }

    #[test]
    fn a_changed_check_is_judged_by_what_was_seen_and_frees_what_it_blocked() {
        use Verdict::{Blocked, Fail, Pass};
        let before = scenario(vec![exists("root", "gone", json!({})), exists("then", "a", json!({"needs": ["root"]}))]);
        assert_eq!(run(&before).results.iter().map(|one| one.verdict).collect::<Vec<_>>(), [Fail, Blocked]);
        let after = scenario(vec![exists("root", "a", json!({})), exists("then", "a", json!({"needs": ["root"]}))]);
        let regraded = regraded(&before, &after);
        assert_eq!((verdicts(&regraded), regraded.reruns), (vec![Pass, Pass], Vec::new()));
    }

    #[test]
    fn a_verdict_stays_where_only_points_and_titles_changed() {
        let before = scenario(vec![exists("root", "a", json!({"points": 40}))]);
        let after = scenario(vec![exists("root", "a", json!({"points": 60, "title": {"ko": "새", "en": "new"}}))]);
        let regraded = regrade(&before, &after, world().baseline(), &run(&before), None);
        assert_eq!((verdicts(&regraded), regraded.reruns), (vec![Verdict::Pass], Vec::new()));
    }

    #[test]
    fn what_was_not_seen_not_stored_or_takes_time_has_to_run_again() {
        let before = scenario(vec![exists("root", "a", json!({}))]);
        let secret = json!({"field": {"on": {"kind": "Secret", "name": "s"}, "path": "$.data.key", "is": {"equals": "aHVudGVyMg=="}}});
        let with_secret = scenario(vec![
            exists("root", "a", json!({})),
            check("seen", &json!({"exists": {"on": {"kind": "Secret", "name": "s"}}}), &json!({})),
        ]);
        let pods = scenario(vec![check("root", &json!({"exists": {"on": {"kind": "Pod", "name": "a"}}}), &json!({}))]);
        let held = scenario(vec![exists("root", "a", json!({"when": {"hold": {"for": "10s", "within": "60s"}}}))]);
        for (before, after, why) in [
            (&before, &pods, "Pod was not read"),
            (&before, &held, "how long"),
            (&with_secret, &scenario(vec![check("seen", &secret, &json!({}))]), "secret values"),
        ] {
            let regraded = regraded(before, after);
            assert_eq!(verdicts(&regraded), [Verdict::Error]);
            assert!(regraded.reruns.len() == 1 && regraded.reruns[0].1.en.contains(why), "{why}: {:?}", regraded.reruns);
        }
        let regraded = regrade(&before, &pods, world().baseline(), &run(&before), None);
        assert!(regraded.reruns[0].1.en.contains("nothing was kept"));
    }

    #[test]
    fn that_a_secret_is_there_can_be_told_without_its_values() {
        let exists = |id: &str, name: &str| check(id, &json!({"exists": {"on": {"kind": "Secret", "name": name}}}), &json!({}));
        let (before, after) = (scenario(vec![exists("root", "other")]), scenario(vec![exists("root", "s")]));
        assert_eq!(verdicts(&regraded(&before, &after)), [Verdict::Pass]);
    }
}
