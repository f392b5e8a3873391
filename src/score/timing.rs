use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::marks::is_marked_by_hand;
use crate::{
    attempt::{Attempt, LogEntry, LogKind, Run, Trigger, Verdict},
    scenario::{Category, Kind, Role, Scenario},
};

/// In which time a service should be back after an incident: the course's own measure of success.
pub const RECOVERY_TARGET: Duration = Duration::from_secs(5 * 60);

/// What an attempt's clock says at some moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Timing {
    /// Whether it runs.
    pub clock: ClockState,
    /// The time that counts: since the learner could begin, without the pauses.
    pub used_seconds: u64,
    /// The time limit; none in a lab, whose minutes are an estimate.
    pub limit_seconds: Option<u64>,
    /// What is left of the limit; 0 after it.
    pub left_seconds: Option<u64>,
    /// More than the limit was used.
    pub over: bool,
    /// When the clock stood because the environment failed.
    pub pauses: Vec<Pause>,
    /// How long the service was away; none in a lab.
    pub recovery: Option<Recovery>,
}

/// Whether a clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ClockState {
    /// The learner's time passes.
    Running,
    /// The environment has failed; nobody's time passes.
    Paused,
    /// The repair stands, or the attempt is closed.
    Stopped,
}

/// A time that does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pause {
    /// Since when.
    #[schemars(with = "String")]
    pub from: Timestamp,
    /// Until when; none while it lasts.
    #[schemars(with = "Option<String>")]
    pub until: Option<Timestamp>,
    /// How long, so far.
    pub seconds: u64,
    /// Why.
    pub reason: PauseReason,
}

/// Why a clock stood. Never anything that the learner did to the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum PauseReason {
    /// The environment did not run.
    EnvironmentDown,
    /// The environment could not be made usable.
    EnvironmentUnusable,
    /// No check could look at the cluster.
    ClusterUnreadable,
}

/// How long a service was away: from the moment that the fault was confirmed until it was back for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Recovery {
    /// The time in which it should be back.
    pub target_seconds: u64,
    /// How long it was away, or has been so far.
    pub seconds: u64,
    /// Every objective of the category functionality passes, and has since then.
    pub back: bool,
    /// Back within the target; unknown while there is still time.
    pub within: Option<bool>,
}

/// Measures an attempt's time: what of it counts, and what came after the limit.
#[derive(Debug, Clone)]
pub struct Stopwatch {
    started: Timestamp,
    limit: Option<Duration>,
    pauses: Vec<Pause>,
}

impl Stopwatch {
    /// The stopwatch of an attempt. A challenge's minutes are its limit; a lab's are an estimate and limit nothing.
    #[must_use]
    pub fn new(scenario: &Scenario, attempt: &Attempt, log: &[LogEntry]) -> Self {
        let limit = Duration::from_secs(u64::from(scenario.file.spec.minutes) * 60);
        let limit = (scenario.file.kind == Kind::Challenge).then_some(limit);
        Self { started: attempt.started, limit, pauses: pauses(attempt.started, log) }
    }

    /// The time that counts until a moment.
    #[must_use]
    pub fn used(&self, until: Timestamp) -> Duration {
        let paused: Duration = self.pauses.iter().map(|p| between(p.from, p.until.unwrap_or(until).min(until))).sum();
        between(self.started, until).saturating_sub(paused)
    }

    /// Whether what a run found came true after the limit. How long the checks took to see it is nobody's delay.
    #[must_use]
    pub fn is_late(&self, run: &Run) -> bool {
        self.limit.is_some_and(|limit| self.used(run.stood()) > limit)
    }
}

/// What the clock of an attempt says now. It is a function of stored data, so that a report says the same tomorrow.
#[must_use]
pub fn timing(scenario: &Scenario, attempt: &Attempt, runs: &[Run], log: &[LogEntry], now: Timestamp) -> Timing {
    let watch = Stopwatch::new(scenario, attempt, log);
    let end = ended(attempt, runs);
    let until = end.unwrap_or(now);
    let used = watch.used(until);
    let open = watch.pauses.last().is_some_and(|p| p.until.is_none());
    let pauses = watch.pauses.iter().filter(|p| p.from < until);
    Timing {
        clock: match end {
            Some(_) => ClockState::Stopped,
            None if open => ClockState::Paused,
            None => ClockState::Running,
        },
        used_seconds: used.as_secs(),
        limit_seconds: watch.limit.map(|limit| limit.as_secs()),
        left_seconds: watch.limit.map(|limit| limit.as_secs().saturating_sub(used.as_secs())),
        over: watch.limit.is_some_and(|limit| used > limit),
        pauses: pauses.map(|p| Pause { seconds: between(p.from, p.until.unwrap_or(until)).as_secs(), ..p.clone() }).collect(),
        recovery: (scenario.file.kind == Kind::Challenge).then(|| recovery(scenario, attempt, &watch, runs, now)),
    }
}

/// When the learner's work was done: when the repair stood for good, else when the attempt was closed. None while it is open and
/// unsolved.
///
/// Looking again at a solved scenario costs no time, and neither does closing it late: the first of the solved runs after the last
/// unsolved one counts.
#[must_use]
pub fn ended(attempt: &Attempt, runs: &[Run]) -> Option<Timestamp> {
    runs.iter().rev().take_while(|r| r.solved()).last().map(Run::stood).or(attempt.ended)
}

/// The run that counts: a run that was asked to be the score before one for feedback; the start's own look is nobody's work.
#[must_use]
pub fn counting<'r>(runs: impl DoubleEndedIterator<Item = &'r Run> + Clone) -> Option<&'r Run> {
    let submitted = runs.clone().rev().find(|r| matches!(r.trigger, Trigger::Submit | Trigger::Regrade));
    submitted.or_else(|| runs.rev().find(|r| r.trigger != Trigger::Confirm))
}

fn recovery(scenario: &Scenario, attempt: &Attempt, watch: &Stopwatch, runs: &[Run], now: Timestamp) -> Recovery {
    let serving: Vec<&str> = {
        let objectives = || scenario.checks().filter(|c| c.role == Role::Objective && !is_marked_by_hand(c));
        let functional = || objectives().filter(|c| c.category == Some(Category::Functionality));
        let ids = if functional().next().is_some() { functional().collect::<Vec<_>>() } else { objectives().collect() };
        ids.iter().map(|c| c.id.as_str()).collect()
    };
    let serves = |run: &&Run| serving.iter().all(|id| run.result(id).is_some_and(|r| r.verdict == Verdict::Pass));
    let back = runs.iter().rev().take_while(serves).last();
    let at = back.map_or(attempt.ended.unwrap_or(now), |run| run.stood_for(|result| serving.contains(&result.id.as_str())));
    let away = watch.used(at);
    Recovery {
        target_seconds: RECOVERY_TARGET.as_secs(),
        seconds: away.as_secs(),
        back: back.is_some(),
        within: match back {
            Some(_) => Some(away <= RECOVERY_TARGET),
            // Nobody will bring it back any more, or not in time.
            None => (attempt.ended.is_some() || away > RECOVERY_TARGET).then_some(false),
        },
    }
}

/// The pauses that a log tells of. One begins no earlier than the last entry that needed a working environment.
fn pauses(started: Timestamp, log: &[LogEntry]) -> Vec<Pause> {
    let mut pauses: Vec<Pause> = Vec::new();
    let mut well = started;
    for entry in log {
        let open = pauses.last_mut().filter(|p| p.until.is_none());
        match (entry.kind, open) {
            (LogKind::Paused, None) => {
                let since = entry.data["since"].as_str().and_then(|at| at.parse().ok()).unwrap_or(entry.at);
                let reason = serde_json::from_value(entry.data["reason"].clone()).unwrap_or(PauseReason::EnvironmentDown);
                pauses.push(Pause { from: since.min(entry.at).max(well), until: None, seconds: 0, reason });
            }
            (LogKind::Repaired | LogKind::Closed, Some(open)) => open.until = Some(entry.at.max(open.from)),
            _ => {}
        }
        // A run may be the one that found the environment failing.
        // Answers, and what graders do, need none.
        if !matches!(entry.kind, LogKind::Checked | LogKind::Paused | LogKind::Answered) && !entry.kind.is_a_graders() {
            well = well.max(entry.at);
        }
    }
    pauses
}

/// From a moment to a later one; nothing when the computer's clock was set back.
fn between(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}
