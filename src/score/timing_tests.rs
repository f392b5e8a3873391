//! The rules of time by a scripted clock, and what must hold for any log.

use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    ClockState, Recovery, Stopwatch, Timing, counting,
    fixture::{at, attempt, challenge, lab, run},
    timing,
};
use crate::{
    attempt::{Attempt, AttemptState, LogEntry, LogKind, Run, Trigger, Verdict},
    scenario::Scenario,
};

/// The fixture's challenge takes 15 minutes.
const LIMIT: i64 = 15 * 60;

fn entry(seconds: i64, kind: LogKind, data: Value) -> LogEntry {
    LogEntry { seq: 0, at: at(seconds), kind, data, hash: String::new() }
}

fn paused(seconds: i64, since: i64) -> LogEntry {
    entry(seconds, LogKind::Paused, json!({"since": at(since), "reason": "environmentDown"}))
}

fn repaired(seconds: i64) -> LogEntry {
    entry(seconds, LogKind::Repaired, json!({}))
}

fn run_at(scenario: &Scenario, seconds: i64, verdicts: &[(&str, Verdict)]) -> Run {
    Run { started: at(seconds), millis: 60_000, ..run(scenario, verdicts) }
}

fn read(attempt: &Attempt, runs: &[Run], log: &[LogEntry], now: i64) -> Timing {
    timing(&challenge(&[]), attempt, runs, log, at(now))
}

#[test]
fn the_clock_runs_from_the_confirmed_fault_and_a_challenges_minutes_are_its_limit() {
    let early = read(&attempt(), &[], &[], 300);
    assert_eq!(
        (early.clock, early.used_seconds, early.limit_seconds, early.left_seconds),
        (ClockState::Running, 300, Some(900), Some(600))
    );
    let late = read(&attempt(), &[], &[], LIMIT + 1);
    assert_eq!((late.over, late.left_seconds), (true, Some(0)));
    assert!(!read(&attempt(), &[], &[], LIMIT).over, "the limit itself is in time");
}

#[test]
fn a_labs_minutes_limit_nothing_and_no_service_was_away() {
    let time = timing(&lab(), &attempt(), &[], &[], at(100_000));
    assert_eq!((time.limit_seconds, time.left_seconds, time.over, time.recovery), (None, None, false, None));
}

#[test]
fn time_used_ends_when_the_repair_stood_for_good() {
    let scenario = challenge(&[("same-app", json!({"void": []}))]);
    let broken = [("web", Verdict::Fail)];
    let runs = [run_at(&scenario, 100, &[]), run_at(&scenario, 200, &broken), run_at(&scenario, 300, &[]), run_at(&scenario, 400, &[])];
    let used = |attempt: &Attempt, runs: &[Run]| {
        let time = timing(&scenario, attempt, runs, &[], at(5000));
        (time.clock, time.used_seconds)
    };
    let closed = Attempt { ended: Some(at(3600)), state: AttemptState::Closed, ..attempt() };
    assert_eq!(used(&closed, &runs), (ClockState::Stopped, 300));
    assert_eq!(used(&closed, &runs[..2]), (ClockState::Stopped, 3600));
    assert_eq!(used(&attempt(), &runs[..2]), (ClockState::Running, 5000));
}

#[test]
fn what_came_true_in_time_is_in_time_however_long_the_checks_took() {
    let scenario = challenge(&[]);
    let watch = Stopwatch::new(&scenario, &attempt(), &[]);
    let mut asked = run_at(&scenario, LIMIT - 1, &[]);
    assert!(!watch.is_late(&asked), "asked in time, confirmed a minute later");
    asked.results[0].since_millis = 30_000;
    assert!(watch.is_late(&asked), "one check came true only half a minute into the run");
    assert!(watch.is_late(&run_at(&scenario, LIMIT + 1, &[("web", Verdict::Fail)])));
}

#[test]
fn a_failed_environment_costs_nobody_time() {
    let log = [entry(0, LogKind::Started, json!({})), paused(400, 120), repaired(460)];
    let time = read(&attempt(), &[], &log, 500);
    assert_eq!((time.used_seconds, time.clock, time.pauses[0].seconds), (500 - 340, ClockState::Running, 340));
    let down = read(&attempt(), &[], &log[..2], 5_000);
    assert_eq!((down.used_seconds, down.clock, down.pauses[0].until), (120, ClockState::Paused, None));
    let scenario = challenge(&[]);
    let watch = Stopwatch::new(&scenario, &attempt(), &log);
    assert!(!watch.is_late(&run_at(&scenario, LIMIT + 340, &[])) && watch.is_late(&run_at(&scenario, LIMIT + 341, &[])));
}

#[test]
fn a_pause_begins_no_earlier_than_the_last_thing_that_worked_and_ends_with_the_attempt() {
    let hint = entry(200, LogKind::HintOpened, json!({"rung": 1}));
    let log = [hint, paused(400, 120), paused(450, 130), entry(500, LogKind::Closed, json!({}))];
    let closed = Attempt { ended: Some(at(500)), ..attempt() };
    let time = read(&closed, &[], &log, 900);
    assert_eq!((time.pauses.len(), time.pauses[0].seconds, time.used_seconds), (1, 300, 200));
}

#[test]
fn the_recovery_clock_stops_when_the_service_is_back_for_good() {
    let scenario = challenge(&[("same-app", json!({"void": []}))]);
    let away = |runs: &[Run], now: i64| timing(&scenario, &attempt(), runs, &[], at(now)).recovery.unwrap();
    let back = |seconds, within| Recovery { target_seconds: 300, seconds, back: true, within: Some(within) };
    let (down, serving) = ([("web", Verdict::Fail)], [("spread", Verdict::Fail), ("same-app", Verdict::Fail)]);
    assert_eq!(away(&[], 200), Recovery { target_seconds: 300, seconds: 200, back: false, within: None });
    assert_eq!(away(&[run_at(&scenario, 90, &down)], 301).within, Some(false));
    let given_up = Attempt { ended: Some(at(100)), ..attempt() };
    assert_eq!(timing(&scenario, &given_up, &[], &[], at(9000)).recovery.unwrap().within, Some(false));
    let first = run_at(&scenario, 240, &serving);
    assert_eq!(away(std::slice::from_ref(&first), 2000), back(240, true), "served, though not all is repaired");
    let flapped = [first, run_at(&scenario, 260, &down), run_at(&scenario, 500, &serving), run_at(&scenario, 900, &[])];
    assert_eq!(away(&flapped, 2000), back(500, false));
    let mut watched = run_at(&scenario, 10, &[]);
    watched.results[1].since_millis = 150_000;
    assert_eq!(away(&[watched], 2000), back(160, true), "a run that waited for the repair");
}

#[test]
fn a_submitted_run_counts_before_one_for_feedback() {
    let scenario = challenge(&[]);
    let by = |trigger, seconds| Run { trigger, ..run_at(&scenario, seconds, &[]) };
    let runs = [by(Trigger::Confirm, 0), by(Trigger::Submit, 100), by(Trigger::Learner, 200)];
    assert_eq!(counting(runs.iter()).map(|r| r.started), Some(at(100)));
    assert_eq!(counting(runs[2..].iter()).map(|r| r.started), Some(at(200)));
    assert_eq!(counting(runs[..1].iter()), None);
}

/// A log of failures and repairs in any order, each failure noticed some time after it began.
fn any_log() -> impl Strategy<Value = Vec<LogEntry>> {
    proptest::collection::vec((0..3_u8, 0_i64..400, 0_i64..600), 0..12).prop_map(|steps| {
        let mut now = 0;
        let step = |(kind, after, ago): (u8, i64, i64)| {
            now += after;
            match kind {
                0 => paused(now, now - ago),
                1 => repaired(now),
                _ => entry(now, LogKind::HintOpened, json!({})),
            }
        };
        steps.into_iter().map(step).collect()
    })
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap()
}

proptest! {
    #[test]
    fn time_never_runs_backwards_and_never_faster_than_the_wall_clock(log in any_log(), first in 0_i64..6000, more in 0_i64..6000) {
        let watch = Stopwatch::new(&challenge(&[]), &attempt(), &log);
        let (before, after) = (seconds(watch.used(at(first))), seconds(watch.used(at(first + more))));
        prop_assert!((0..=first).contains(&before));
        prop_assert!((before..=before + more).contains(&after));
    }

    #[test]
    fn pauses_lie_one_after_the_other_and_add_up(log in any_log(), now in 4800_i64..9000) {
        let time = read(&attempt(), &[], &log, now);
        let mut end: Timestamp = at(0);
        for pause in &time.pauses {
            prop_assert!(pause.from >= end);
            end = pause.until.unwrap_or(at(now)).max(pause.from);
        }
        let paused: u64 = time.pauses.iter().map(|p| p.seconds).sum();
        prop_assert_eq!(time.used_seconds + paused, u64::try_from(now).unwrap());
    }

    #[test]
    fn a_pause_makes_nothing_late(log in any_log(), seconds in 0_i64..3000) {
        let scenario = challenge(&[]);
        let run = run_at(&scenario, seconds, &[]);
        let late = |log: &[LogEntry]| Stopwatch::new(&scenario, &attempt(), log).is_late(&run);
        prop_assert!(!late(&log) || late(&[]));
    }
}
