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
fn wanted<'a>(scenario: &'a Scenario, options: &JudgeOptions) -> Vec<&'a str> {
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
    /// When to look again; none when it is decided.
    next: Option<Duration>,
    /// The check is not part of this run.
    left_out: bool,
}

/// What a check comes to when the run ends with it in this state.
fn conclude(looked: &[Looked], states: &[State]) -> Vec<CheckResult> {
    let ended = |(one, state): (&Looked, &State)| {
        let mut result = result(one, &one.outcome);
        result.held_millis = millis(state.held);
        if state.left_out {
            result = CheckResult { verdict: Verdict::Skipped, reason: "left-out".into(), passed: 0, held_millis: 0, ..result };
            result.observations.clear();
            result.evidence.clear();
        } else if state.short {
            result.verdict = Verdict::Fail;
            result.reason = "did-not-hold".into();
            result.passed = result.passed.min(result.total.saturating_sub(1));
        }
        result
    };
    block(looked, looked.iter().zip(states).map(ended).collect())
}

/// The checks that something they need stops for good: they have nothing to wait for.
fn stopped(looked: &[Looked], states: &[State]) -> BTreeSet<usize> {
    let mut stopped = BTreeSet::new();
    loop {
        let dead = |id: &String| {
            let at = looked.iter().position(|one| one.check.id == *id);
            at.is_some_and(|at| stopped.contains(&at) || (states[at].next.is_none() && states[at].verdict != Verdict::Pass))
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
        if !self.wanted.contains(&check.id.as_str()) {
            return State { verdict: Verdict::Skipped, short: false, held: Duration::ZERO, next: None, left_out: true };
        }
        let held = if outcome.verdict == Verdict::Pass {
            elapsed.saturating_sub(*self.since.entry(check.id.clone()).or_insert(elapsed))
        } else {
            self.since.remove(&check.id);
            Duration::ZERO
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
        State { verdict: outcome.verdict, short: short && !options.provisional, held, next, left_out: false }
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
        Assert::Access(_) => true,
        Assert::All(parts) | Assert::Any(parts) | Assert::None(parts) => parts.iter().any(asks_reviews),
        Assert::AtLeast(spec) => spec.of.iter().any(asks_reviews),
        _ => false,
    }
}
