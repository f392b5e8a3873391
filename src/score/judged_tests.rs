//! What people's decisions and an instructor's rules do to a score: by example, and what must hold for every run.

use jiff::SignedDuration;
use proptest::prelude::*;
use serde_json::json;

use super::{
    Score,
    fixture::{at, attempt, challenge, hint, lab, run},
    score,
};
use crate::{
    attempt::{
        Adjustment, AdjustmentKind, Attempt, EarlyRule, HintCharge, HintRule, Judgement, LateRule, Override, Rules, Run, Target, Unit,
        Verdict, Void, VoidAs,
    },
    points::Points,
    scenario::{Category, Scenario},
};

fn void(check: &str, treatment: VoidAs) -> Void {
    Void { check: check.into(), digest: "sha256:0f1e".into(), treatment, reason: "wrong".into(), by: "kim".into(), at: at(900) }
}

fn overriding(target: Target, to: i64) -> Override {
    Override { target, to: Points::hundredths(to), reason: "appeal".into(), by: "kim".into(), at: at(900) }
}

fn adjusting(number: u32, kind: AdjustmentKind, amount: i64) -> Adjustment {
    Adjustment { number, kind, amount: Points::hundredths(amount), reason: "tidy notes".into(), by: "kim".into(), at: at(900) }
}

fn judged(judgement: Judgement) -> Attempt {
    Attempt { judgement, ..attempt() }
}

fn lines(score: &Score) -> Vec<String> {
    score.trace.iter().map(|l| format!("{}: {}", l.label.en, l.formula)).collect()
}

/// Due so many hours before the run of the fixtures.
fn due(hours: i64) -> std::collections::BTreeMap<String, jiff::Timestamp> {
    [("c20-service-no-endpoints".to_owned(), at(600) - SignedDuration::from_hours(hours))].into()
}

#[test]
fn every_decision_is_a_line_of_the_trace_in_its_fixed_order() {
    let scenario = challenge(&[]);
    let judgement = Judgement {
        voids: vec![void("api", VoidAs::Full)],
        adjustments: vec![adjusting(1, AdjustmentKind::Moderation, -100), adjusting(2, AdjustmentKind::Manual, 250)],
        overrides: vec![overriding(Target::Check("spread".into()), 1500)],
        rules: Some(Rules {
            hints: Some(HintRule { charge: HintCharge::Deepest, prices: vec![Points::whole(5), Points::whole(10)] }),
            late: Some(LateRule { percent: Points::whole(10), per: Unit::Day, grace_minutes: 0, cap: Points::whole(50) }),
            due: due(30),
            ..Rules::default()
        }),
        ..Judgement::default()
    };
    let attempt = Attempt { hints: vec![hint(1, Points::ZERO), hint(2, Points::ZERO)], ..judged(judgement) };
    let score = score(&scenario, &attempt, Some(&run(&scenario, &[("api", Verdict::Fail), ("tidy", Verdict::Fail)])));
    assert_eq!(
        lines(&score),
        [
            "web holds: 40 × 1 = 40",
            "api holds (full points for all, by kim: wrong): 30",
            "spread holds: 30 × 1 = 30",
            "spread holds (override by kim: appeal): 30 → 15",
            "tidy holds: 5 × 0 = 0",
            "Functionality: 40 + 30 = 70",
            "Reliability: 15",
            "Base: 70 + 15 = 85",
            "Bonus: 0",
            "Hint 2: −10",
            "Late 20%: 75 × 20% = 15",
            "Manual 2 (kim: tidy notes): +2.5",
            "Moderation 1 (kim: tidy notes): −1",
            "Total: 85 + 0 − 10 − 15 + 2.5 − 1 = 61.5",
            "Beginner: 61.5 ≥ 60",
        ]
    );
    assert!(score.is_final && score.overrides[0].from.points == Points::whole(30));
}

#[test]
fn an_override_of_the_total_leaves_every_row_visible_and_without_effect() {
    let scenario = challenge(&[]);
    let judgement = Judgement {
        overrides: vec![overriding(Target::Total, 8000)],
        rules: Some(Rules {
            late: Some(LateRule { percent: Points::whole(50), per: Unit::Hour, grace_minutes: 0, cap: Points::whole(100) }),
            due: due(1),
            ..Rules::default()
        }),
        ..Judgement::default()
    };
    for verdict in [Verdict::Pass, Verdict::Fail, Verdict::Error] {
        let score = score(&scenario, &judged(judgement.clone()), Some(&run(&scenario, &[("web", verdict)])));
        assert_eq!((score.total.points, score.total.high, score.is_final), (Points::whole(80), Points::whole(80), true));
        assert!(score.adjustments[0].label.en.contains("no effect") && score.adjustments[0].points == Points::ZERO);
    }
    let nothing = score(&scenario, &judged(judgement), None);
    assert_eq!((nothing.total.points, nothing.grade.passed), (Points::whole(80), true), "also where nothing ever ran");
}

#[test]
fn a_category_is_replaced_as_a_whole_and_settles_what_was_open_in_it() {
    let scenario = challenge(&[]);
    let judgement = Judgement { overrides: vec![overriding(Target::Category(Category::Functionality), 5550)], ..Judgement::default() };
    let score = score(&scenario, &judged(judgement), Some(&run(&scenario, &[("web", Verdict::Error), ("tidy", Verdict::Fail)])));
    assert_eq!((score.total.low, score.total.high, score.is_final), (Points::hundredths(8550), Points::hundredths(8550), true));
}

#[test]
fn a_removed_check_is_worth_what_it_was_to_the_others_of_its_category_or_step() {
    let scenario = challenge(&[]);
    let removed = |checks: &[&str]| {
        let voids = checks.iter().map(|check| void(check, VoidAs::Removed)).collect();
        let score = score(&scenario, &judged(Judgement { voids, ..Judgement::default() }), Some(&run(&scenario, &[])));
        score.checks.iter().map(|check| check.earned.max.as_hundredths() / 100).collect::<Vec<_>>()
    };
    assert_eq!(removed(&["api"]), [70, 0, 30, 5]);
    assert_eq!(removed(&["spread"]), [57, 42, 0, 5], "nobody is left in its category: 57.15 and 42.85");
    assert_eq!(removed(&["web", "api", "spread"]), [40, 30, 30, 5], "nobody is left at all: everybody has it");
    let two = Judgement { voids: vec![void("two-a", VoidAs::Removed)], ..Judgement::default() };
    let score = score(&lab(), &judged(two), Some(&run(&lab(), &[("two-a", Verdict::Fail)])));
    assert_eq!((score.total.points, score.grade.passed), (Points::whole(100), true), "the step is done without it");
}

#[test]
fn what_a_faulty_check_blocked_is_unknown_and_a_faulty_guard_breaks_nothing() {
    let scenario = challenge(&[("same-app", json!({"void": []}))]);
    let voids = vec![void("web", VoidAs::Full), void("same-app", VoidAs::Full)];
    let mut run =
        run(&scenario, &[("web", Verdict::Fail), ("api", Verdict::Blocked), ("tidy", Verdict::Fail), ("same-app", Verdict::Fail)]);
    run.results[1].blocked_by = vec!["web".into()];
    let score = score(&scenario, &judged(Judgement { voids, ..Judgement::default() }), Some(&run));
    assert_eq!((score.total.low, score.total.high, score.is_final), (Points::whole(70), Points::whole(100), false));
}

/// SC05: a late penalty that stays wrong after an extension.
#[test]
fn trap_sc05_lateness_follows_from_its_inputs() {
    let scenario = challenge(&[]);
    let mut rules = Rules {
        late: Some(LateRule { percent: Points::whole(10), per: Unit::Hour, grace_minutes: 0, cap: Points::whole(50) }),
        due: due(2),
        ..Rules::default()
    };
    let total = |rules: &Rules, submitted| {
        let judgement = Judgement { rules: Some(rules.clone()), submitted, ..Judgement::default() };
        score(&scenario, &judged(judgement), Some(&run(&scenario, &[("tidy", Verdict::Fail)]))).total.points
    };
    assert_eq!(total(&rules, None), Points::whole(80));
    assert_eq!(total(&rules, Some(at(600) - SignedDuration::from_mins(90))), Points::whole(90), "handed in before it was judged");
    let extension = crate::attempt::Extension { attempt: attempt().id, minutes: 120, reason: "ill".into() };
    rules.extensions.push(extension);
    assert_eq!(total(&rules, None), Points::whole(100));
}

/// SC06: an override without old value, reason or defined effect on lateness.
#[test]
fn trap_sc06_an_override_says_what_it_replaced_and_beats_lateness() {
    let rules = Rules {
        late: Some(LateRule { percent: Points::whole(50), per: Unit::Hour, grace_minutes: 0, cap: Points::whole(50) }),
        due: due(5),
        ..Rules::default()
    };
    let judgement = Judgement { overrides: vec![overriding(Target::Total, 9500)], rules: Some(rules), ..Judgement::default() };
    let scenario = challenge(&[]);
    let score = score(&scenario, &judged(judgement), Some(&run(&scenario, &[("tidy", Verdict::Fail)])));
    let noted = &score.overrides[0];
    assert_eq!((noted.from.points, noted.to, noted.by.as_str()), (Points::whole(50), Points::whole(95), "kim"));
    assert_eq!(score.total.points, Points::whole(95));
    assert!(score.trace.iter().any(|line| line.label.en.contains("override by kim: appeal") && line.formula == "50 → 95"));
}

const CHECKS: [&str; 7] = ["web", "api", "spread", "tidy", "same-app", "budget", "odd"];
const VERDICTS: [Verdict; 5] = [Verdict::Pass, Verdict::Fail, Verdict::Error, Verdict::Blocked, Verdict::Skipped];

fn any_judgement() -> impl Strategy<Value = Judgement> {
    let voids = proptest::collection::vec((0..CHECKS.len(), any::<bool>()), 0..4);
    let adjustments = proptest::collection::vec((any::<bool>(), -2000_i64..=2000), 0..3);
    let rules = (0_i64..=5000, 0_i64..=10_000, -100_i64..=100, 0_i64..=2000, proptest::option::of(0..3_usize));
    (voids, adjustments, rules).prop_map(|(voids, adjustments, (late, cap, hours, early, charge))| Judgement {
        voids: voids.into_iter().map(|(at, full)| void(CHECKS[at], if full { VoidAs::Full } else { VoidAs::Removed })).collect(),
        adjustments: adjustments
            .into_iter()
            .zip(1..)
            .map(|((manual, amount), number)| {
                adjusting(number, if manual { AdjustmentKind::Manual } else { AdjustmentKind::Moderation }, amount)
            })
            .collect(),
        rules: Some(Rules {
            hints: charge.map(|at| HintRule {
                charge: [HintCharge::None, HintCharge::Deepest, HintCharge::Sum][at],
                prices: vec![Points::whole(7)],
            }),
            late: Some(LateRule { percent: Points::hundredths(late), per: Unit::Hour, grace_minutes: 5, cap: Points::hundredths(cap) }),
            early: Some(EarlyRule { percent: Points::hundredths(early), per: Unit::Day, cap: Points::hundredths(cap) }),
            due: due(hours),
            ..Rules::default()
        }),
        ..Judgement::default()
    })
}

fn any_override() -> impl Strategy<Value = Override> {
    let targets = [
        Target::Check("web".into()),
        Target::Check("tidy".into()),
        Target::Category(Category::Functionality),
        Target::Category(Category::Reliability),
        Target::Total,
    ];
    (proptest::sample::select(targets.to_vec()), 0_i64..=11_500).prop_map(|(target, to)| overriding(target, to))
}

fn any_case() -> impl Strategy<Value = (Scenario, Attempt, Run)> {
    let verdicts = proptest::collection::vec((0..VERDICTS.len(), 0_u32..=7), 7);
    let hints = proptest::collection::vec(0_i64..=3000, 0..3);
    (verdicts, hints, any_judgement()).prop_map(|(verdicts, hints, judgement)| {
        let scenario = challenge(&[("same-app", json!({"void": ["api"]})), ("budget", json!({"deduct": 7})), ("odd", json!({"flag": {}}))]);
        let mut run = run(&scenario, &[]);
        for (result, (verdict, passed)) in run.results.iter_mut().zip(verdicts) {
            (result.verdict, result.passed, result.total) = (VERDICTS[verdict], passed.min(6), 7);
        }
        run.results[1].blocked_by = vec!["web".into()];
        let hints = hints.into_iter().zip(1..).map(|(cost, rung)| hint(rung, Points::hundredths(cost))).collect();
        (scenario, Attempt { hints, ..judged(judgement) }, run)
    })
}

fn adds_up(score: &Score) -> bool {
    let adjustments: Points = score.adjustments.iter().map(|a| a.points).sum();
    score.base.points + score.bonus.points + adjustments == score.total.points
}

proptest! {
    #[test]
    fn points_stay_between_nothing_and_the_most_there_can_be((scenario, attempt, run) in any_case()) {
        let score = score(&scenario, &attempt, Some(&run));
        for total in [score.total, score.base, score.bonus].into_iter().chain(score.checks.iter().map(|c| c.earned)) {
            prop_assert!(Points::ZERO <= total.low && total.low <= total.points && total.points <= total.high && total.high <= total.max);
        }
        prop_assert!(score.total.high <= super::MOST);
        prop_assert!(adds_up(&score), "{score:#?}");
    }

    #[test]
    fn voids_leave_as_much_to_earn_as_there_was((scenario, attempt, run) in any_case()) {
        prop_assert_eq!(score(&scenario, &attempt, Some(&run)).base.max, Points::whole(100));
    }

    #[test]
    fn one_more_pass_never_gives_fewer_points_under_any_rules((scenario, attempt, run) in any_case(), which in 0_usize..7) {
        let mut better = run.clone();
        better.results[which].verdict = Verdict::Pass;
        let (before, after) = (score(&scenario, &attempt, Some(&run)).total, score(&scenario, &attempt, Some(&better)).total);
        prop_assert!(after.low >= before.low, "{before:?} {after:?}");
    }

    #[test]
    fn full_points_for_all_never_lower_anybodys((scenario, mut attempt, run) in any_case(), which in 0_usize..7) {
        attempt.judgement.voids.clear();
        let before = score(&scenario, &attempt, Some(&run)).total;
        attempt.judgement.voids.push(void(CHECKS[which], VoidAs::Full));
        let after = score(&scenario, &attempt, Some(&run)).total;
        prop_assert!(after.low >= before.low, "{before:?} {after:?}");
    }

    #[test]
    fn an_override_is_what_counts_whatever_ran((scenario, mut attempt, run) in any_case(), one in any_override()) {
        attempt.judgement.overrides.push(one.clone());
        let score = score(&scenario, &attempt, Some(&run));
        let counts = match &one.target {
            Target::Total => score.total,
            Target::Category(category) => score.categories.iter().find(|c| c.category == *category).map_or(score.total, |c| c.earned),
            Target::Check(id) => score.checks.iter().find(|c| c.id == *id).unwrap().earned,
        };
        if score.overrides.iter().any(|noted| noted.target == one.target) {
            prop_assert!(counts.is_known() && counts.points == one.to.min(counts.max), "{counts:?} {one:?}");
        }
        prop_assert!(adds_up(&score));
        prop_assert!(score.base.max == Points::whole(100));
    }
}
