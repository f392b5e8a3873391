//! What a bundle is worth, for any parts: the mean, its range, and that a better part never costs points.

use kubedrill::{
    points::Points,
    score::{BundleScore, Grade, Part, Score, Total, bundle},
    text::Text,
};
use proptest::prelude::*;

const FULL: Points = Points::whole(100);

fn score(low: i64, high: i64) -> Score {
    let total = Total::range(Points::hundredths(low), Points::hundredths(high), Points::whole(115));
    Score {
        checks: Vec::new(),
        categories: Vec::new(),
        steps: Vec::new(),
        base: total,
        bonus: Total::default(),
        adjustments: Vec::new(),
        overrides: Vec::new(),
        total,
        grade: Grade { level: None, at_least: false, passed: false },
        is_final: low == high,
        pending: Vec::new(),
        trace: Vec::new(),
    }
}

/// Low and high in hundredths and a weight, by part; none for a part that was never begun.
type Given = Vec<(Option<(i64, i64)>, u32)>;

fn of(given: &Given, open: bool) -> BundleScore {
    let title = Text::new("부분", "part");
    let scores: Vec<Option<Score>> = given.iter().map(|(score_of, _)| score_of.map(|(low, high)| score(low, high))).collect();
    let parts = given.iter().zip(&scores).map(|((_, weight), score)| Part { title: &title, weight: *weight, score: score.as_ref(), open });
    bundle(&parts.collect::<Vec<_>>())
}

fn whole(points: &[i64]) -> Given {
    points.iter().map(|p| (Some((p * 100, p * 100)), 1)).collect()
}

#[test]
fn the_mean_is_printed_as_it_is_computed() {
    let score = of(&whole(&[100, 80, 55]), false);
    assert_eq!((score.total, score.is_final), (Total::exact(Points::hundredths(7833), FULL), true));
    assert_eq!(score.trace.last().unwrap().formula, "(100 + 80 + 55) ÷ 3 = 78.33");
    let weighted = of(&vec![(Some((10_000, 10_000)), 25), (Some((8_000, 8_000)), 20)], false);
    assert_eq!(weighted.trace.last().unwrap().formula, "(100 × 25 + 80 × 20) ÷ 45 = 91.11");
}

#[test]
fn a_parts_bonus_lifts_no_other_part() {
    let score = of(&whole(&[115, 0]), false);
    assert_eq!(score.total.points, Points::whole(50));
    assert_eq!(score.trace[0].formula, "115 → 100");
}

#[test]
fn what_was_not_begun_is_open_while_it_can_be_and_nothing_afterwards() {
    let given = vec![(Some((10_000, 10_000)), 1), (None, 1)];
    let open = of(&given, true);
    assert_eq!((open.total.low, open.total.high, open.is_final), (Points::whole(50), FULL, false));
    let ended = of(&given, false);
    assert_eq!((ended.total, ended.is_final), (Total::exact(Points::whole(50), FULL), true));
}

#[test]
fn a_part_that_nobody_could_judge_makes_a_range_and_never_a_zero() {
    let score = of(&vec![(Some((10_000, 10_000)), 1), (Some((4_000, 10_000)), 1)], false);
    assert_eq!((score.total.low, score.total.high, score.is_final), (Points::whole(70), FULL, false));
    assert!(score.grade.at_least);
}

fn any_parts() -> impl Strategy<Value = Given> {
    let part = (proptest::option::of((0_i64..=11_500, 0_i64..=11_500)), 1_u32..=40);
    proptest::collection::vec(part, 1..6)
        .prop_map(|parts| parts.into_iter().map(|(score, weight)| (score.map(|(a, b)| (a.min(b), a.max(b))), weight)).collect())
}

proptest! {
    #[test]
    fn the_mean_lies_between_the_parts_and_within_its_range(given in any_parts(), open: bool) {
        let score = of(&given, open);
        let total = score.total;
        prop_assert!(Points::ZERO <= total.low && total.low == total.points && total.low <= total.high && total.high <= FULL);
        let lows = given.iter().map(|(score, _)| score.map_or(0, |(low, _)| low.min(10_000)));
        let (least, most) = (lows.clone().min().unwrap(), lows.max().unwrap());
        prop_assert!((least..=most).contains(&total.low.as_hundredths()));
        prop_assert!(!score.is_final || total.is_known());
    }

    #[test]
    fn the_order_of_parts_does_not_matter(given in any_parts(), by in 0_usize..6) {
        let mut turned = given.clone();
        turned.rotate_left(by % given.len());
        prop_assert_eq!(of(&given, false).total, of(&turned, false).total);
    }

    #[test]
    fn a_better_part_never_costs_points(given in any_parts(), at in 0_usize..6, more in 0_i64..5_000) {
        let at = at % given.len();
        let mut better = given.clone();
        let (low, high) = given[at].0.unwrap_or((0, 0));
        better[at].0 = Some((low + more, high + more));
        let (before, after) = (of(&given, false).total, of(&better, false).total);
        prop_assert!(after.low >= before.low && after.high >= before.high);
    }

    #[test]
    fn the_range_holds_the_mean_once_everything_is_known(given in any_parts(), share in 0_i64..=100) {
        let settled: Given = given
            .iter()
            .map(|(score, weight)| (score.map(|(low, high)| low + (high - low) * share / 100).map(|p| (p, p)), *weight))
            .collect();
        let (before, after) = (of(&given, true).total, of(&settled, false).total);
        prop_assert!(before.low <= after.points && after.points <= before.high);
    }

    #[test]
    fn equal_weights_are_the_plain_mean_rounded_once(points in proptest::collection::vec(0_i64..=10_000, 1..6)) {
        let given: Given = points.iter().map(|p| (Some((*p, *p)), 1)).collect();
        let (sum, count) = (points.iter().sum::<i64>(), i64::try_from(points.len()).unwrap());
        prop_assert_eq!(of(&given, false).total.points.as_hundredths(), (2 * sum + count).div_euclid(2 * count));
    }
}
