//! The arithmetic by example, the score traps, and what must hold for every run.

use proptest::prelude::*;
use serde_json::json;

use super::{
    Score, Total,
    earned::{Known, known},
    fixture::{attempt, challenge, hint, lab, run},
    score,
};
use crate::{
    attempt::{Attempt, Run, Verdict},
    points::Points,
    scenario::{Level, Scenario},
};

const VERDICTS: [Verdict; 5] = [Verdict::Pass, Verdict::Fail, Verdict::Error, Verdict::Blocked, Verdict::Skipped];

fn scored(scenario: &Scenario, verdicts: &[(&str, Verdict)]) -> Score {
    score(scenario, &attempt(), Some(&run(scenario, verdicts)))
}

fn formulas(score: &Score) -> Vec<String> {
    score.trace.iter().map(|l| format!("{}: {}", l.label.en, l.formula)).collect()
}

fn earned(score: &Score, id: &str) -> Total {
    score.checks.iter().find(|c| c.id == id).unwrap().earned
}

#[test]
fn every_step_of_the_arithmetic_is_in_the_trace() {
    let scenario = challenge(&[("budget", json!({"deduct": 10}))]);
    let mut run = run(&scenario, &[("api", Verdict::Fail), ("tidy", Verdict::Fail), ("budget", Verdict::Fail)]);
    run.results[1].passed = 2;
    let attempt = Attempt { hints: vec![hint(1, Points::whole(5))], ..attempt() };
    let score = score(&scenario, &attempt, Some(&run));
    assert_eq!(
        formulas(&score),
        [
            "web holds: 40 × 1 = 40",
            "api holds: 30 × 2/3 = 20",
            "spread holds: 30 × 1 = 30",
            "tidy holds: 5 × 0 = 0",
            "Functionality: 40 + 20 = 60",
            "Reliability: 30",
            "Base: 60 + 30 = 90",
            "Bonus: 0",
            "Guard breached: budget holds: −10",
            "Hint 1: −5",
            "Total: 90 + 0 − 10 − 5 = 75",
            "Intermediate: 75 ≥ 75",
        ]
    );
    assert_eq!((score.total.points, score.grade.level, score.is_final), (Points::whole(75), Some(Level::Intermediate), true));
}

#[test]
fn an_error_makes_a_range_and_never_a_zero() {
    let scenario = challenge(&[]);
    let score = scored(&scenario, &[("spread", Verdict::Error), ("tidy", Verdict::Fail)]);
    assert_eq!(score.total, Total::range(Points::whole(70), Points::whole(100), Points::whole(105)));
    assert!(!score.is_final && score.grade.at_least && score.grade.level == Some(Level::Beginner));
    assert_eq!(score.pending.len(), 1);
    assert!(formulas(&score).contains(&"spread holds: 30 × ? = 0…30".to_owned()));
}

#[test]
fn a_blocked_check_is_as_known_as_what_blocks_it() {
    let scenario = challenge(&[]);
    let failed = scored(&scenario, &[("web", Verdict::Fail), ("api", Verdict::Blocked)]);
    assert_eq!(earned(&failed, "api"), Total::exact(Points::ZERO, Points::whole(30)));
    let unknown = scored(&scenario, &[("web", Verdict::Error), ("api", Verdict::Blocked)]);
    assert_eq!(earned(&unknown, "api"), Total::range(Points::ZERO, Points::whole(30), Points::whole(30)));
}

#[test]
fn a_breached_guard_voids_what_it_names_or_everything() {
    let scenario = challenge(&[("same-app", json!({"void": ["spread"]})), ("untouched", json!({"void": []}))]);
    let one = scored(&scenario, &[("same-app", Verdict::Fail)]);
    assert_eq!((one.base.points, earned(&one, "spread").points), (Points::whole(70), Points::ZERO));
    assert!(formulas(&one).contains(&"spread holds (guard: same-app holds): 30 → 0".to_owned()));
    let all = scored(&scenario, &[("untouched", Verdict::Fail)]);
    assert_eq!((all.total.points, all.total.high, all.is_final), (Points::ZERO, Points::ZERO, true));
    assert!(all.checks.iter().filter(|c| c.id != "same-app" && c.id != "untouched").all(|c| c.voided_by == ["untouched"]));
}

#[test]
fn a_flagged_breach_waits_for_a_person() {
    let scenario = challenge(&[("odd", json!({"flag": {}}))]);
    let score = scored(&scenario, &[("odd", Verdict::Fail)]);
    assert_eq!((score.total.low, score.total.high, score.is_final), (Points::ZERO, Points::whole(105), false));
    assert!(score.pending[0].en.contains("A person has to decide"));
}

#[test]
fn without_a_run_nothing_is_earned_and_nothing_is_final() {
    let score = score(&challenge(&[]), &attempt(), None);
    assert_eq!((score.total.points, score.total.high, score.is_final), (Points::ZERO, Points::whole(105), false));
}

#[test]
fn a_single_look_is_not_final() {
    let scenario = challenge(&[]);
    let score = score(&scenario, &attempt(), Some(&Run { provisional: true, ..run(&scenario, &[]) }));
    assert_eq!((score.base.points, score.is_final), (Points::whole(100), false));
}

#[test]
fn bonus_is_shown_apart_and_lifts_no_level_above_a_hundred() {
    let score = scored(&challenge(&[]), &[]);
    assert_eq!((score.base.points, score.bonus.points, score.total.points), (Points::whole(100), Points::whole(5), Points::whole(105)));
    assert_eq!(score.trace.last().unwrap().formula, "105 → 100 ≥ 90");
}

#[test]
fn lab_steps_weigh_equally_and_add_up_to_exactly_a_hundred() {
    let score = scored(&lab(), &[("four-a", Verdict::Fail)]);
    let points: Vec<_> = score.steps.iter().map(|s| s.earned.points.as_hundredths()).collect();
    assert_eq!(points, [3334, 3333, 3333, 0]);
    assert_eq!((score.total.points, score.grade.passed), (Points::whole(100), true));
    assert_eq!(earned(&score, "two-b").points, Points::hundredths(2222));
}

#[test]
fn a_lab_is_passed_only_with_every_required_step_green() {
    let score = scored(&lab(), &[("two-a", Verdict::Fail)]);
    assert_eq!((score.total.points, score.grade.passed), (Points::hundredths(8889), false));
    assert_eq!(score.steps.iter().map(|s| s.green).collect::<Vec<_>>(), [true, false, true, true]);
}

/// SC01: float points, `3.0000000000000004` exported as 0.
#[test]
fn trap_sc01_points_are_exact_decimals_everywhere() {
    let scenario = challenge(&[]);
    let mut run = run(&scenario, &[("api", Verdict::Fail), ("tidy", Verdict::Fail)]);
    (run.results[1].passed, run.results[1].total) = (1, 7);
    let json = serde_json::to_value(score(&scenario, &attempt(), Some(&run))).unwrap();
    assert_eq!(json["total"]["points"].to_string(), "74.29");
    assert_eq!(json["checks"][1]["earned"]["points"].to_string(), "4.29");
}

/// SC02: a declared total that is never read, and two totals computed in two places.
#[test]
fn trap_sc02_every_printed_sum_is_the_one_total() {
    let score = scored(&challenge(&[]), &[("web", Verdict::Fail), ("api", Verdict::Blocked)]);
    let checks: Points = score.checks.iter().filter(|c| c.id != "tidy").map(|c| c.earned.points).sum();
    let categories: Points = score.categories.iter().map(|c| c.earned.points).sum();
    assert_eq!((checks, categories), (score.base.points, score.base.points));
}

/// SC03: a hint paid without solving, at 0 points, or as a debt.
#[test]
fn trap_sc03_hints_cost_only_a_passed_scenario_and_never_make_a_debt() {
    let scenario = challenge(&[]);
    let attempt = Attempt { hints: vec![hint(1, Points::whole(5)), hint(2, Points::whole(10)), hint(3, Points::whole(90))], ..attempt() };
    let total = |verdicts: &[(&str, Verdict)]| score(&scenario, &attempt, Some(&run(&scenario, verdicts))).total.points;
    assert_eq!(total(&[("web", Verdict::Fail), ("api", Verdict::Blocked), ("tidy", Verdict::Fail)]), Points::whole(30));
    assert_eq!(total(&[("web", Verdict::Fail), ("api", Verdict::Fail), ("spread", Verdict::Fail), ("tidy", Verdict::Fail)]), Points::ZERO);
    let passed = score(&scenario, &attempt, Some(&run(&scenario, &[])));
    assert_eq!((passed.total.points, passed.grade.passed), (Points::whole(60), true));
    assert_eq!(passed.adjustments[2].formula, "−90 → −30");
}

/// IN01: an infrastructure failure scored as wrong, or as a pass.
#[test]
fn trap_in01_a_run_that_could_not_look_decides_nothing() {
    let scenario = challenge(&[]);
    let score = scored(&scenario, &["web", "api", "spread", "tidy"].map(|id| (id, Verdict::Error)));
    assert_eq!((score.total.low, score.total.high, score.is_final, score.grade.passed), (Points::ZERO, Points::whole(105), false, false));
}

/// IN02: an errored check leaves the denominator; an errored guard counts as held.
#[test]
fn trap_in02_an_errored_guard_blocks_the_final_score_and_the_denominator_stays() {
    let scenario = challenge(&[("same-app", json!({"void": []}))]);
    let score = scored(&scenario, &[("same-app", Verdict::Error), ("web", Verdict::Error)]);
    assert_eq!((score.base.low, score.base.high, score.base.max), (Points::ZERO, Points::whole(100), Points::whole(100)));
    assert!(!score.is_final);
}

/// A challenge with a guard of each sort, an attempt with priced hints, and any run over it.
fn any_case() -> impl Strategy<Value = (Scenario, Attempt, Run)> {
    let verdicts = proptest::collection::vec((0..VERDICTS.len(), 0_u32..=7), 7);
    let hints = proptest::collection::vec(0_i64..=3000, 0..3);
    (verdicts, hints, 0_i64..=2000, any::<bool>()).prop_map(|(verdicts, hints, deduct, flag)| {
        let deduct = json!({"deduct": Points::hundredths(deduct)});
        let third = if flag { json!({"flag": {}}) } else { json!({"void": []}) };
        let scenario = challenge(&[("same-app", json!({"void": ["api"]})), ("budget", deduct), ("odd", third)]);
        let mut run = run(&scenario, &[]);
        for (result, (verdict, passed)) in run.results.iter_mut().zip(verdicts) {
            (result.verdict, result.passed, result.total) = (VERDICTS[verdict], passed.min(6), 7);
        }
        run.results[1].blocked_by = vec!["web".into()];
        let hints = hints.into_iter().zip(1..).map(|(cost, rung)| hint(rung, Points::hundredths(cost))).collect();
        (scenario, Attempt { hints, ..attempt() }, run)
    })
}

/// The run with everything unknown resolved, each to pass or fail.
fn resolved(run: &Run, choices: &[bool]) -> Run {
    let mut resolved = run.clone();
    for (result, pass) in resolved.results.iter_mut().zip(choices) {
        if known(Some(run), &result.id) == Known::Unknown {
            result.verdict = if *pass { Verdict::Pass } else { Verdict::Fail };
        }
    }
    resolved
}

/// Redoes `a + b − c = d` by hand; None for lines of another form.
fn redo(formula: &str) -> Option<(Points, Points)> {
    let number = |text: &str| text.trim().parse::<f64>().ok().and_then(|v| serde_json::from_value::<Points>(json!(v)).ok());
    let (terms, result) = formula.split(" → ").next()?.split_once(" = ")?;
    let mut sum = Points::ZERO;
    for term in terms.replace(" − ", " + -").split(" + ") {
        sum += match term.split_once(" × ") {
            Some((points, fraction)) => match fraction.split_once('/') {
                Some((n, d)) => number(points)?.fraction(n.parse().ok()?, d.parse().ok()?),
                None => number(points)?.fraction(fraction.parse().ok()?, 1),
            },
            None => number(term)?,
        };
    }
    Some((sum, number(result)?))
}

proptest! {
    #[test]
    fn the_total_is_within_its_range((scenario, attempt, run) in any_case()) {
        let score = score(&scenario, &attempt, Some(&run));
        for total in [score.total, score.base, score.bonus].into_iter().chain(score.checks.iter().map(|c| c.earned)) {
            prop_assert!(Points::ZERO <= total.low && total.low <= total.points && total.points <= total.high && total.high <= total.max);
        }
    }

    #[test]
    fn the_range_holds_the_final_value_once_errors_are_resolved(
        (scenario, attempt, run) in any_case(), choices in proptest::collection::vec(any::<bool>(), 7)
    ) {
        let before = score(&scenario, &attempt, Some(&run)).total;
        let after = score(&scenario, &attempt, Some(&resolved(&run, &choices))).total;
        prop_assert!(before.low <= after.low && after.high <= before.high, "{before:?} {after:?}");
    }

    #[test]
    fn the_denominator_never_changes((scenario, attempt, run) in any_case()) {
        let (with, without) = (score(&scenario, &attempt, Some(&run)), score(&scenario, &attempt, None));
        prop_assert_eq!((with.base.max, with.bonus.max, with.total.max), (without.base.max, without.bonus.max, without.total.max));
    }

    #[test]
    fn the_order_of_results_does_not_matter((scenario, attempt, run) in any_case()) {
        let mut reversed = run.clone();
        reversed.results.reverse();
        prop_assert_eq!(score(&scenario, &attempt, Some(&run)), score(&scenario, &attempt, Some(&reversed)));
    }

    #[test]
    fn one_more_pass_never_gives_fewer_points((scenario, attempt, run) in any_case(), which in 0_usize..7) {
        let mut better = run.clone();
        better.results[which].verdict = Verdict::Pass;
        let (before, after) = (score(&scenario, &attempt, Some(&run)).total, score(&scenario, &attempt, Some(&better)).total);
        prop_assert!(after.low >= before.low);
    }

    #[test]
    fn the_trace_adds_up((scenario, attempt, run) in any_case()) {
        let score = score(&scenario, &attempt, Some(&run));
        let adjustments: Points = score.adjustments.iter().map(|a| a.points).sum();
        prop_assert_eq!(score.base.points + score.bonus.points + adjustments, score.total.points);
        for line in &score.trace {
            if let Some((sum, printed)) = redo(&line.formula) {
                prop_assert_eq!(sum, printed, "{}", line.formula);
            }
        }
    }
}
