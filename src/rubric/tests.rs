use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::{attempt::Verdict, points::Points, score::Total};

const NAME: &str = "final-project";

fn shipped() -> Grading {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("grading");
    let ids: Vec<String> = crate::content::ids().into_iter().chain(crate::content::bundle_ids()).collect();
    let loaded = load_grading(&dir, &ids.iter().map(String::as_str).collect::<Vec<_>>());
    loaded.grading.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics))
}

fn tallied(grading: &Grading, reached: &ReachedById, options: &TallyOptions) -> RubricScore {
    let options = TallyOptions { rubric: NAME.into(), ..options.clone() };
    tally(&grading.rubric(NAME).unwrap().spec, grading.levels(), reached, &[], &options)
}

/// What is known of one criterion: nothing, or a share of its points from `low` to `high`, in percent.
type Known = Option<(u32, u32)>;

fn reached(rubric: &Rubric, known: &[Known]) -> ReachedById {
    let worth = rubric.lines().flat_map(LineSpec::worth);
    let of = |((id, _, points), known): ((String, &CriterionSpec, Points), &Known)| {
        let (low, high) = (*known)?;
        let earned = Total::range(points.fraction(low.min(high), 100), points.fraction(low.max(high), 100), points);
        Some((id, Reached { earned, formula: String::new() }))
    };
    worth.zip(known).filter_map(of).collect()
}

fn knowledge() -> impl Strategy<Value = Vec<Known>> {
    let grading = shipped();
    let count = grading.rubric(NAME).unwrap().spec.lines().map(|line| line.criteria.len()).sum::<usize>();
    proptest::collection::vec(proptest::option::weighted(0.8, (0..=100_u32, 0..=100_u32)), count)
}

fn sheet(figures: &[Option<i64>], grading: &Grading) -> Sheet {
    let items = grading.assessments[0].spec.items();
    let mark = |points: i64| MarkEntry { points: Points::hundredths(points), by: "kim".into(), comment: None, evidence: None };
    let entry = |id: &str, points: i64| SheetEntry { id: id.into(), mark: Some(mark(points)), check: None, scores: None };
    let entries = items.zip(figures).filter_map(|(item, figure)| figure.map(|figure| entry(&item.id, figure)));
    Sheet { entries: entries.collect(), ..Sheet::default() }
}

fn weighed(grading: &Grading, sheet: &Sheet) -> AssessmentScore {
    weigh("weekly-assessment", "kim", &grading.assessments[0].spec, grading.levels(), sheet)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn sums_are_exact_and_caps_hold(known in knowledge()) {
        let grading = shipped();
        let rubric = &grading.rubric(NAME).unwrap().spec;
        let score = tallied(&grading, &reached(rubric, &known), &TallyOptions { level_on: Some(LevelOn::Uncapped), ..TallyOptions::default() });
        let lines = || score.categories.iter().flat_map(|category| &category.lines);
        for line in lines() {
            prop_assert_eq!(line.criteria.iter().map(|one| one.earned).sum::<Total>(), line.earned);
        }
        prop_assert_eq!(lines().map(|line| line.earned).sum::<Total>(), score.base);
        prop_assert_eq!(score.base.max, Points::whole(100));
        for (bonus, spec) in score.bonuses.iter().zip(&rubric.bonuses) {
            prop_assert!(bonus.earned.high <= spec.cap);
        }
        prop_assert!(score.bonus.high <= Points::whole(15));
        prop_assert_eq!([score.base, score.bonus].into_iter().sum::<Total>(), score.total);
        prop_assert!(score.total.high <= Points::whole(115));
        prop_assert!(score.total.low <= score.total.high);
    }

    #[test]
    fn a_range_holds_every_completion(known in knowledge(), share in 0..=100_u32) {
        let grading = shipped();
        let rubric = &grading.rubric(NAME).unwrap().spec;
        let open = tallied(&grading, &reached(rubric, &known), &TallyOptions::default());
        // A bonus that nobody entered was not earned, so only what was entered is completed there.
        let base = rubric.categories.iter().flat_map(|category| &category.lines).map(|line| line.criteria.len()).sum::<usize>();
        let complete = |(at, known): (usize, &Known)| match known {
            Some((a, b)) => {
                let (low, high) = (*a.min(b), *a.max(b));
                let chosen = low + (high - low) * share / 100;
                Some((chosen, chosen))
            }
            None => (at < base).then_some((share, share)),
        };
        let known: Vec<Known> = known.iter().enumerate().map(complete).collect();
        let closed = tallied(&grading, &reached(rubric, &known), &TallyOptions::default());
        prop_assert!(closed.base.is_known());
        for (open, closed) in [(open.base, closed.base), (open.total, closed.total), (open.figure, closed.figure)] {
            prop_assert!(open.low <= closed.low && closed.high <= open.high, "{open} does not hold {closed}");
        }
    }

    #[test]
    fn more_never_counts_less(known in knowledge(), at in any::<prop::sample::Index>()) {
        let grading = shipped();
        let rubric = &grading.rubric(NAME).unwrap().spec;
        let before = tallied(&grading, &reached(rubric, &known), &TallyOptions::default());
        let mut more = known.clone();
        let at = at.index(more.len());
        more[at] = Some((100, 100));
        let after = tallied(&grading, &reached(rubric, &more), &TallyOptions::default());
        prop_assert!(before.total.low <= after.total.low);
        prop_assert!(before.figure.low <= after.figure.low);
    }

    #[test]
    fn stages_share_the_whole_out(known in knowledge()) {
        let grading = shipped();
        let rubric = &grading.rubric(NAME).unwrap().spec;
        let reached = reached(rubric, &known);
        let whole = tallied(&grading, &reached, &TallyOptions::default());
        let stages = (1..=5).map(|stage| tallied(&grading, &reached, &TallyOptions { stage: Some(stage), ..TallyOptions::default() }));
        prop_assert_eq!(stages.map(|stage| stage.base).sum::<Total>(), whole.base);
    }

    #[test]
    fn a_weighted_mean_lies_in_its_range_and_never_falls_by_more(
        figures in proptest::collection::vec(proptest::option::of(0..=10_000_i64), 12),
        at in 0..12_usize,
        share in 0..=10_000_i64,
    ) {
        let grading = shipped();
        let open = weighed(&grading, &sheet(&figures, &grading));
        let filled: Vec<_> = figures.iter().map(|figure| Some(figure.unwrap_or(share))).collect();
        let closed = weighed(&grading, &sheet(&filled, &grading));
        prop_assert!(closed.is_final && closed.total.is_known());
        prop_assert!(open.total.low <= closed.total.low && closed.total.high <= open.total.high);
        let mut better = filled.clone();
        better[at] = Some(10_000);
        prop_assert!(weighed(&grading, &sheet(&better, &grading)).total.low >= closed.total.low);
        let mut turned = sheet(&filled, &grading);
        turned.entries.reverse();
        prop_assert_eq!(weighed(&grading, &turned), closed);
    }
}

#[test]
fn everything_is_100_and_nothing_is_0() {
    let grading = shipped();
    let rubric = &grading.rubric(NAME).unwrap().spec;
    let count = rubric.lines().map(|line| line.criteria.len()).sum::<usize>();
    let all = tallied(&grading, &reached(rubric, &vec![Some((100, 100)); count]), &TallyOptions::default());
    assert_eq!((all.base.points, all.bonus.points, all.total.points), (Points::whole(100), Points::whole(15), Points::whole(115)));
    assert_eq!(all.figure.points, Points::whole(100), "the level is read from at most 100");
    assert!(all.grade.unwrap().passed && !all.grade.unwrap().at_least);
    let none = tallied(&grading, &reached(rubric, &vec![Some((0, 0)); count]), &TallyOptions::default());
    assert_eq!(none.total, Total { max: Points::whole(115), ..Total::default() });
    let open = tallied(&grading, &ReachedById::new(), &TallyOptions::default());
    assert_eq!(open.figure.to_string(), "0…100");
    assert!(!open.is_final && open.pending.len() > 40);
    let full: Vec<Option<i64>> = vec![Some(10_000); 12];
    assert_eq!(weighed(&grading, &sheet(&full, &grading)).total.points, Points::whole(100));
}

#[test]
fn only_one_advanced_item_earns_more_than_usual() {
    let grading = shipped();
    let rubric = &grading.rubric(NAME).unwrap().spec;
    let full = |ids: &[&str]| {
        let of = |id: &&str| {
            let (_, points) = rubric.criterion(id).unwrap();
            ((*id).to_owned(), Reached { earned: Total::exact(points, points), formula: String::new() })
        };
        tallied(&grading, &ids.iter().map(of).collect(), &TallyOptions::default()).bonus.low
    };
    assert_eq!(full(&["BA1.working"]), Points::hundredths(250));
    assert_eq!(full(&["BA1.working", "BA1.depth"]), Points::whole(5));
    assert_eq!(full(&["BA1.working", "BA1.depth", "BA2.working", "BA2.depth"]), Points::hundredths(750));
    assert_eq!(full(&["BC1.shown", "BC2.shown", "BC3.shown"]), Points::whole(5), "6 of 6, capped");
}

#[test]
fn the_levels_of_the_file_are_those_of_every_score() {
    let levels = shipped().levels.spec;
    for hundredths in [0, 5999, 6000, 7499, 7500, 8999, 9000, 10000] {
        let figure = Points::hundredths(hundredths);
        assert_eq!(levels.reached(figure).map(|level| level.level), crate::score::level_of(figure), "{figure}");
    }
    assert_eq!(levels.pass_mark(), crate::score::PASS_MARK);
    for level in &levels.levels {
        assert_eq!(level.title, level.level.title());
    }
}

#[test]
fn a_missing_figure_is_a_range_a_zero_or_excused() {
    let grading = shipped();
    let mut figures = vec![Some(9_000); 12];
    figures[11] = None;
    let with = |missing| weighed(&grading, &Sheet { missing, ..sheet(&figures, &grading) });
    let open = with(None);
    assert_eq!(open.total.to_string(), "87…90.33");
    assert!(!open.is_final && open.grade.at_least);
    assert_eq!(with(Some(Missing::Zero)).total.to_string(), "87");
    let excused = with(Some(Missing::Excuse));
    assert_eq!((excused.total.to_string().as_str(), excused.is_final), ("90", true));
}

#[test]
fn checks_and_marks_of_a_sheet_are_points() {
    let grading = shipped();
    let rubric = &grading.rubric(NAME).unwrap().spec;
    let check = |verdict, passed, of| SheetEntry {
        id: "F1.control-plane".into(),
        mark: None,
        check: Some(CheckEntry { verdict, passed, of }),
        scores: None,
    };
    let earned = |entry| reached_by_sheet(rubric, &Sheet { entries: vec![entry], ..Sheet::default() }).remove("F1.control-plane");
    assert_eq!(earned(check(Verdict::Pass, None, None)).unwrap().formula, "3 × 1 = 3");
    assert_eq!(earned(check(Verdict::Fail, Some(2), Some(3))).unwrap().formula, "3 × 2/3 = 2");
    assert_eq!(earned(check(Verdict::Blocked, None, None)).unwrap().earned.high, Points::ZERO);
    assert_eq!(earned(check(Verdict::Error, None, None)), None, "nobody could look");
}
