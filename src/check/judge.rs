use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{
    clock::Clock,
    look::{Looked, block, look_at, result},
};
use crate::{
    attempt::{Baseline, CheckResult, Run, Trigger, Verdict},
    cluster::{KindState, Snapshot, SnapshotSource},
    event::{Event, Events},
    scenario::{Assert, CheckSpec, Scenario, When},
};

/// After a change that the judge itself saw, nothing is final for this long.
const QUIET: Duration = Duration::from_millis(1500);
/// How long an error may be a passing one.
const ERROR_PATIENCE: Duration = Duration::from_secs(10);
/// The authorizer learns of new rights a moment after they are written.
const REVIEW_PATIENCE: Duration = Duration::from_secs(2);
/// What no change announces (ages, reviews) is looked at this often.
const TICK: Duration = Duration::from_millis(500);

/// How a run is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgeOptions {
    /// Why it runs.
    pub trigger: Trigger,
    /// Looks once and waits for nothing: good for feedback, not for a score.
    pub provisional: bool,
    /// Judges the checks of one lab step, with those they need; the others are skipped.
    pub only: Option<String>,
}

/// Judges every check within one window: the longest that any of them asks for.
///
/// Nothing latches: a verdict counts when it is still true at the end. The run ends as soon as every verdict is decided,
/// which for a failing check means that nothing moves any more that could change it.
pub async fn judge(
    scenario: &Scenario,
    baseline: &Baseline,
    source: &mut impl SnapshotSource,
    clock: &impl Clock,
    options: &JudgeOptions,
    events: &Events,
) -> Run {
    let (started, start) = (clock.now(), clock.elapsed());
    let wanted = wanted(scenario, options);
    let window = window(scenario, &wanted);
    let mut progress = Progress { wanted, ..Progress::default() };
    loop {
        let snapshot = source.snapshot().await;
        let elapsed = clock.elapsed().saturating_sub(start);
        let looked = look_at(scenario, baseline, &snapshot);
        let states = progress.weigh(&looked, elapsed, options);
        let over = options.provisional || elapsed >= window;
        let results = conclude(&looked, &states);
        progress.tell(&results, &states, over, events);
        let Some(wait) = states.iter().filter_map(|state| state.next).min().filter(|_| !over) else {
            return run(&snapshot, results, options, started, elapsed);
        };
        if source.changed(wait.min(window.saturating_sub(elapsed)).max(Duration::from_millis(1))).await {
            progress.changed = Some(clock.elapsed().saturating_sub(start));
        }
    }
}

fn run(snapshot: &Snapshot, results: Vec<CheckResult>, options: &JudgeOptions, started: jiff::Timestamp, elapsed: Duration) -> Run {
    let versions = snapshot.kinds.iter().filter_map(|(kind, state)| match state {
        KindState::Read { resource_version, .. } => Some((kind.clone(), resource_version.clone())),
        KindState::Unknown | KindState::Unreadable(_) => None,
    });
    Run {
        trigger: options.trigger,
        started,
        millis: millis(elapsed),
        results,
        calls: snapshot.calls,
        resource_versions: versions.collect(),
        provisional: options.provisional,
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn window(scenario: &Scenario, wanted: &[&str]) -> Duration {
    let of = |check: &CheckSpec| match check.when {
        When::Now {} => Duration::ZERO,
        When::Settle { within } | When::Hold { within, .. } => within.0,
    };
    scenario.checks().filter(|check| wanted.contains(&check.id.as_str())).map(of).max().unwrap_or_default()
}

/// The checks that a run is about: all, or those of a step with everything they need.
#[must_use]
pub fn wanted<'a>(scenario: &'a Scenario, options: &JudgeOptions) -> Vec<&'a str> {
    let Some(only) = &options.only else { return scenario.checks().map(|check| check.id.as_str()).collect() };
    let steps = scenario.file.spec.steps.iter().filter(|step| step.id == *only);
    let mut wanted: Vec<&str> = steps.flat_map(|step| step.checks.iter().map(|check| check.id.as_str())).collect();
    let mut at = 0;
    while let Some(id) = wanted.get(at).copied() {
        let needs = scenario.checks().filter(|check| check.id == id).flat_map(|check| &check.needs);
        let new: Vec<&str> = needs.map(String::as_str).filter(|need| !wanted.contains(need)).collect();
        wanted.extend(new);
        at += 1;
    }
    wanted
}

/// How far one check is.
#[derive(Debug, Clone, Copy)]
struct State {
    /// What it comes to if the run ended now.
    verdict: Verdict,
    /// It is true now but has not been for long enough.
    short: bool,
    /// How long it has been true.
    held: Duration,
    /// Since when in the run; zero when it was true at the first look.
    since: Duration,
    /// When to look again; none when it is decided.
    next: Option<Duration>,
    /// The check is not part of this run.
    left_out: bool,
}

/// What a check comes to when the run ends with it in this state.
fn conclude(looked: &[Looked], states: &[State]) -> Vec<CheckResult> {
    let ended = |(one, state): (&Looked, &State)| {
        let mut result = result(one, &one.outcome);
        (result.held_millis, result.since_millis) = (millis(state.held), millis(state.since));
        if state.left_out {
            result = left_out(result);
        } else if state.short {
            result.verdict = Verdict::Fail;
            result.reason = "did-not-hold".into();
            result.passed = result.passed.min(result.total.saturating_sub(1));
        }
        result
    };
    block(looked, looked.iter().zip(states).map(ended).collect())
}

/// A result that is not part of the run. Why a person has to look is still said.
fn left_out(result: CheckResult) -> CheckResult {
    if result.awaits_mark() {
        return result;
    }
    let (observations, evidence) = (Vec::new(), Vec::new());
    CheckResult { verdict: Verdict::Skipped, reason: "left-out".into(), passed: 0, held_millis: 0, observations, evidence, ..result }
}

/// The checks that something they need stops for good: they have nothing to wait for.
fn stopped(looked: &[Looked], states: &[State]) -> BTreeSet<usize> {
    let mut stopped = BTreeSet::new();
    loop {
        let dead = |id: &String| {
            let at = looked.iter().position(|one| one.check.id == *id);
            at.is_some_and(|at| {
                let undecided = states[at].next.is_some() || states[at].left_out;
                stopped.contains(&at) || (!undecided && states[at].verdict != Verdict::Pass)
            })
        };
        let found: BTreeSet<usize> = (0..looked.len()).filter(|at| looked[*at].check.needs.iter().any(dead)).collect();
        if found.len() == stopped.len() {
            return stopped;
        }
        stopped = found;
    }
}

/// What the judge remembers between looks.
#[derive(Debug, Default)]
struct Progress<'a> {
    /// Since when each check has been true without a break.
    since: BTreeMap<String, Duration>,
    /// When the first look was.
    first: Option<Duration>,
    /// When the source last announced a change.
    changed: Option<Duration>,
    told: BTreeMap<String, Verdict>,
    wanted: Vec<&'a str>,
}

impl Progress<'_> {
    fn weigh(&mut self, looked: &[Looked], elapsed: Duration, options: &JudgeOptions) -> Vec<State> {
        let quiet_in = self.changed.map_or(Duration::ZERO, |at| (at + QUIET).saturating_sub(elapsed));
        let states: Vec<State> = looked.iter().map(|one| self.weigh_one(one, elapsed, quiet_in, options)).collect();
        let stopped = stopped(looked, &states);
        let settle = |(at, state): (usize, State)| State { next: state.next.filter(|_| !stopped.contains(&at)), ..state };
        states.into_iter().enumerate().map(settle).collect()
    }

    fn weigh_one(&mut self, one: &Looked, elapsed: Duration, quiet_in: Duration, options: &JudgeOptions) -> State {
        let (check, outcome) = (one.check, &one.outcome);
        let first = *self.first.get_or_insert(elapsed);
        // What changes something is judged by a trial of its own, and some things only by a person.
        if !self.wanted.contains(&check.id.as_str())
            || matches!(check.assert, Assert::Autoscale(_) | Assert::Manual(_) | Assert::Script(_) | Assert::Survives(_))
        {
            return State {
                verdict: Verdict::Skipped,
                short: false,
                held: Duration::ZERO,
                since: Duration::ZERO,
                next: None,
                left_out: true,
            };
        }
        let (held, since) = if outcome.verdict == Verdict::Pass {
            let since = *self.since.entry(check.id.clone()).or_insert(elapsed);
            (elapsed.saturating_sub(since), if since == first { Duration::ZERO } else { since })
        } else {
            self.since.remove(&check.id);
            (Duration::ZERO, Duration::ZERO)
        };
        let settling = if outcome.moving { Some(TICK) } else { Some(quiet_in).filter(|wait| !wait.is_zero()) };
        let (short, next) = match (check.when, outcome.verdict) {
            (When::Now {}, _) => (false, None),
            (_, Verdict::Error) => (false, (elapsed < ERROR_PATIENCE).then_some(TICK)),
            (When::Hold { hold, .. }, Verdict::Pass) => {
                let left = hold.0.saturating_sub(held);
                (!left.is_zero(), Some(left).filter(|left| !left.is_zero()))
            }
            (_, Verdict::Fail) if asks_reviews(&check.assert) && elapsed < REVIEW_PATIENCE => (false, Some(TICK)),
            _ => (false, settling),
        };
        State { verdict: outcome.verdict, short: short && !options.provisional, held, since, next, left_out: false }
    }

    fn tell(&mut self, results: &[CheckResult], states: &[State], over: bool, events: &Events) {
        for (result, state) in results.iter().zip(states) {
            let decided = over || state.next.is_none();
            if decided && !state.left_out && self.told.get(&result.id) != Some(&result.verdict) {
                self.told.insert(result.id.clone(), result.verdict);
                events.send(Event::CheckFinished { check: result.id.clone(), verdict: result.verdict });
            }
        }
    }
}

fn asks_reviews(assert: &Assert) -> bool {
    match assert {
        Assert::Access(_) | Assert::Admits(_) | Assert::Disruption(_) => true,
        Assert::Artifact(spec) => spec.accepted,
        Assert::All(parts) | Assert::Any(parts) | Assert::None(parts) => parts.iter().any(asks_reviews),
        Assert::AtLeast(spec) => spec.of.iter().any(asks_reviews),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc, Mutex,
            atomic::{AtomicU64, Ordering},
        },
        time::Duration,
    };

    use jiff::{SignedDuration, Timestamp};
    use serde_json::{Value, json};

    use super::{JudgeOptions, judge};
    use crate::{
        attempt::{Run, Trigger, Verdict},
        check::{
            clock::Clock,
            fixture::{World, deployment, now, object, scenario},
        },
        cluster::{Review, ReviewAnswer, Snapshot, SnapshotSource},
        event::{Event, Events},
        scenario::{AccessSubject, Scenario},
    };

    #[derive(Clone, Default)]
    struct FakeClock(Arc<AtomicU64>);

    impl Clock for FakeClock {
        fn now(&self) -> Timestamp {
            now() + SignedDuration::try_from(self.elapsed()).unwrap()
        }
        fn elapsed(&self) -> Duration {
            Duration::from_millis(self.0.load(Ordering::Relaxed))
        }
    }

    /// Worlds by the second from which they are there.
    struct Script {
        clock: FakeClock,
        worlds: Vec<(u64, World)>,
        looks: usize,
    }

    impl SnapshotSource for Script {
        async fn snapshot(&mut self) -> Snapshot {
            self.looks += 1;
            let at = self.clock.elapsed();
            let world = self.worlds.iter().rev().find(|(from, _)| Duration::from_secs(*from) <= at).unwrap();
            world.1.clone().taken(self.clock.now()).snapshot()
        }

        async fn changed(&mut self, within: Duration) -> bool {
            let (at, step) = (self.clock.elapsed(), within);
            let next = self.worlds.iter().map(|(from, _)| Duration::from_secs(*from)).find(|from| *from > at && *from <= at + step);
            let until = next.unwrap_or(at + step);
            self.clock.0.store(u64::try_from(until.as_millis()).unwrap(), Ordering::Relaxed);
            next.is_some()
        }
    }

    async fn judged_with(scenario: &Scenario, worlds: Vec<(u64, World)>, options: &JudgeOptions) -> (Run, Vec<Event>) {
        let clock = FakeClock::default();
        let events = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&events);
        let send = Events::to(move |event| sink.lock().unwrap().push(event));
        let baseline = worlds[0].1.baseline().clone();
        let mut script = Script { clock: clock.clone(), worlds, looks: 0 };
        let run = judge(scenario, &baseline, &mut script, &clock, options, &send).await;
        assert!(script.looks < 400, "a run must not spin");
        let events = events.lock().unwrap().clone();
        (run, events)
    }

    fn submit() -> JudgeOptions {
        JudgeOptions { trigger: Trigger::Submit, provisional: false, only: None }
    }

    async fn judged(checks: Vec<Value>, worlds: Vec<(u64, World)>) -> Run {
        judged_with(&scenario(checks), worlds, &submit()).await.0
    }

    fn check(id: &str, assert: Value, when: Value) -> Value {
        json!({"id": id, "title": {"ko": "", "en": ""}, "assert": assert, "when": when})
    }

    fn exists(when: Value) -> Value {
        check("it", json!({"exists": {"on": {"kind": "ConfigMap", "name": "it"}}}), when)
    }

    fn rollout(when: Value) -> Value {
        check("up", json!({"rollout": {"on": {"kind": "Deployment", "name": "web"}}}), when)
    }

    fn settle() -> Value {
        json!({"settle": {"within": "60s"}})
    }

    fn hold(seconds: u32) -> Value {
        json!({"hold": {"for": format!("{seconds}s"), "within": "60s"}})
    }

    fn there() -> World {
        World::default().with(object("ConfigMap", "it", json!({})))
    }

    fn verdict(run: &Run, id: &str) -> (Verdict, u64) {
        (run.result(id).unwrap().verdict, run.millis / 1000)
    }

    #[tokio::test]
    async fn a_quiet_cluster_says_no_at_once() {
        for when in [json!({"now": {}}), settle(), hold(10)] {
            let run = judged(vec![exists(when)], vec![(0, World::default())]).await;
            assert_eq!(verdict(&run, "it"), (Verdict::Fail, 0));
        }
        let crashed = World::default().workload(deployment("web").replicas(2).pods("CrashLoopBackOff", 2));
        let run = judged(vec![rollout(settle())], vec![(0, crashed)]).await;
        assert_eq!((verdict(&run, "up"), run.results[0].moving), ((Verdict::Fail, 0), false));
    }

    #[tokio::test]
    async fn trap_ff04_a_rollout_in_progress_is_waited_for() {
        let starting = World::default().workload(deployment("web").replicas(2).changed_ago(3).pods("Ready", 1).status_ready(1));
        let up = World::default().workload(deployment("web").replicas(2));
        let run = judged(vec![rollout(settle())], vec![(0, starting.clone()), (8, up)]).await;
        assert_eq!(verdict(&run, "up"), (Verdict::Pass, 9), "it passes once the last change is a moment old");
        let run = judged(vec![rollout(settle())], vec![(0, starting)]).await;
        let (verdict, seconds) = verdict(&run, "up");
        assert_eq!(verdict, Verdict::Fail);
        assert!(seconds < 20, "a controller that does nothing is not waited for until the end: {seconds}");
    }

    #[tokio::test]
    async fn trap_fp10_hold_must_be_true_without_a_break() {
        let run = judged(vec![exists(hold(10))], vec![(0, there())]).await;
        assert_eq!((verdict(&run, "it"), run.results[0].held_millis), ((Verdict::Pass, 10), 10_000));
        let blip = vec![(0, there()), (5, World::default()), (6, there())];
        let run = judged(vec![exists(hold(10))], blip).await;
        assert_eq!(verdict(&run, "it"), (Verdict::Pass, 16), "the break starts it anew");
        let gone = judged(vec![exists(hold(10))], vec![(0, there()), (5, World::default())]).await;
        assert_eq!(verdict(&gone, "it").0, Verdict::Fail);
    }

    #[tokio::test]
    async fn trap_fp11_nothing_latches() {
        let other = check("late", json!({"exists": {"on": {"kind": "Secret", "name": "s"}}}), hold(10));
        let secret = object("Secret", "s", json!({}));
        let worlds = vec![(0, there().with(secret.clone())), (5, World::default().with(secret))];
        let run = judged(vec![exists(settle()), other], worlds).await;
        assert_eq!(verdict(&run, "late"), (Verdict::Pass, 10));
        assert_eq!(verdict(&run, "it").0, Verdict::Fail, "what was true at second 0 is not true at the end");
    }

    #[tokio::test]
    async fn the_window_ends_a_hold_that_came_too_late() {
        let moving = |world: World| world.with(object("Pod", "p", json!({"metadata": {"deletionTimestamp": "2026-01-02T04:00:00Z"}})));
        let short = json!({"hold": {"for": "10s", "within": "12s"}});
        let run = judged(vec![exists(short)], vec![(0, moving(World::default())), (8, moving(there()))]).await;
        let result = &run.results[0];
        assert_eq!((result.verdict, result.reason.as_str(), result.passed), (Verdict::Fail, "did-not-hold", 0));
        assert_eq!(run.millis, 12_000);
    }

    #[tokio::test]
    async fn trap_ff06_one_window_serves_all_checks() {
        let long = check("long", json!({"exists": {"on": {"kind": "Secret", "name": "s"}}}), json!({"settle": {"within": "30s"}}));
        let moving = object("Pod", "p", json!({"metadata": {"deletionTimestamp": "2026-01-02T04:00:00Z"}}));
        let run = judged(
            vec![exists(json!({"settle": {"within": "5s"}})), long],
            vec![(0, World::default().with(moving.clone())), (20, there().with(moving))],
        )
        .await;
        assert_eq!(verdict(&run, "it"), (Verdict::Pass, 30));
        assert!(run.results.iter().all(|r| r.moving));
    }

    #[tokio::test]
    async fn trap_in01_an_unreachable_api_is_an_error_after_some_patience() {
        let down = || there().unreadable("ConfigMap");
        let run = judged(vec![exists(settle())], vec![(0, down())]).await;
        assert_eq!(verdict(&run, "it"), (Verdict::Error, 10));
        let back = judged(vec![exists(settle())], vec![(0, down()), (4, there())]).await;
        assert_eq!(verdict(&back, "it").0, Verdict::Pass);
    }

    #[tokio::test]
    async fn trap_ff13_the_authorizer_gets_a_moment() {
        let review = |allowed: bool| {
            let asked = Review {
                subject: AccessSubject::User("dev".into()),
                verb: "list".into(),
                resource: "pods".into(),
                namespace: None,
                name: None,
            };
            World::default().review(asked, ReviewAnswer::Answered { allowed, reason: String::new() })
        };
        let access = json!({"access": {"subject": {"user": "dev"}, "rows": [{"verb": "list", "resource": "pods", "allowed": true}]}});
        let run = judged(vec![check("can", access.clone(), settle())], vec![(0, review(false)), (1, review(true))]).await;
        assert_eq!(verdict(&run, "can").0, Verdict::Pass);
        let denied = judged(vec![check("can", access, settle())], vec![(0, review(false))]).await;
        assert_eq!(verdict(&denied, "can"), (Verdict::Fail, 2));
    }

    #[tokio::test]
    async fn a_provisional_look_waits_for_nothing() {
        let options = JudgeOptions { trigger: Trigger::Watch, provisional: true, only: None };
        let (run, _) = judged_with(&scenario(vec![exists(hold(10))]), vec![(0, there())], &options).await;
        assert_eq!((verdict(&run, "it"), run.provisional), ((Verdict::Pass, 0), true));
    }

    #[tokio::test]
    async fn what_a_failed_need_blocks_is_not_waited_for() {
        let mut blocked = check("held", json!({"exists": {"on": {"kind": "ConfigMap", "name": "it"}}}), hold(30));
        blocked["needs"] = json!(["root"]);
        let root = check("root", json!({"exists": {"on": {"kind": "Secret", "name": "s"}}}), settle());
        let run = judged(vec![blocked, root], vec![(0, there())]).await;
        assert_eq!(verdict(&run, "held"), (Verdict::Blocked, 0));
    }

    #[tokio::test]
    async fn one_step_of_a_lab_is_judged_with_what_it_needs() {
        let mut lab = scenario(vec![]);
        let title = json!({"ko": "", "en": ""});
        let of = |id: &str, needs: Value, when: Value| {
            let mut one = exists(when);
            (one["id"], one["needs"]) = (json!(id), needs);
            json!({"id": format!("step-{id}"), "title": title, "text": title, "checks": [one]})
        };
        let steps = json!([of("a", json!([]), settle()), of("b", json!(["a"]), settle()), of("c", json!([]), hold(50))]);
        lab.file.spec.steps = serde_json::from_value(steps).unwrap();
        let options = JudgeOptions { only: Some("step-b".into()), ..submit() };
        let (run, events) = judged_with(&lab, vec![(0, there())], &options).await;
        let verdicts: Vec<_> = run.results.iter().map(|r| r.verdict).collect();
        assert_eq!((verdicts, run.millis), (vec![Verdict::Pass, Verdict::Pass, Verdict::Skipped], 0));
        assert_eq!(events, ["a", "b"].map(|id| Event::CheckFinished { check: id.into(), verdict: Verdict::Pass }));
    }

    #[tokio::test]
    async fn the_run_says_what_it_cost_and_what_it_saw() {
        let run = judged(vec![exists(settle())], vec![(0, there())]).await;
        assert_eq!((run.calls.total(), run.resource_versions["ConfigMap"].as_str()), (1, "7"));
        assert_eq!(run.started, now());
    }
}
