use std::collections::BTreeMap;

use super::{
    markers::{Standing, standing},
    voids,
};
use crate::{
    attempt::{AWAITS_MARK, Attempt, Basis, CheckResult, Mark, Observation, Run, Verdict},
    points::Points,
    scenario::{Assert, CheckSpec, Scenario},
    text::Text,
};

/// What graders mark in is half a point.
pub const MARK_STEP: Points = Points::hundredths(50);

/// Whether a person marks this check.
#[must_use]
pub fn is_marked_by_hand(check: &CheckSpec) -> bool {
    matches!(check.assert, Assert::Manual(_))
}

/// A run as people left it: with the marks that they gave, and without what they found to be faulty. What nobody has marked stays
/// open, and is never nothing.
#[must_use]
pub fn decided(scenario: &Scenario, attempt: &Attempt, run: &Run) -> Run {
    let mut run = run.clone();
    for check in scenario.checks().filter(|check| is_marked_by_hand(check)) {
        let Some(result) = run.results.iter_mut().find(|result| result.id == check.id) else { continue };
        match standing(check, &attempt.marks, &attempt.judgement) {
            Standing::Counts { points, marks } => put(result, check, points, &marks),
            // Without a mark it is open also where something else kept the run from looking at it.
            Standing::Open(_) => AWAITS_MARK.clone_into(&mut result.reason),
        }
    }
    voids::voided(&attempt.judgement, &mut run);
    run
}

fn put(result: &mut CheckResult, check: &CheckSpec, given: Points, marks: &[&Mark]) {
    let hundredths = |points: Points| u32::try_from(points.as_hundredths()).unwrap_or_default();
    let full = check.points;
    result.verdict = if given == full { Verdict::Pass } else { Verdict::Fail };
    (result.passed, result.total) = (hundredths(given), hundredths(full).max(1));
    (result.reason, result.basis, result.blocked_by) = ("marked".into(), Basis::Marked, Vec::new());
    result.observations = marks
        .iter()
        .map(|mark| {
            let more: String = [Some(&mark.comment), mark.evidence.as_ref()]
                .into_iter()
                .flatten()
                .filter(|more| !more.is_empty())
                .map(|more| format!(": {more}"))
                .collect();
            let points = mark.points.min(full);
            let text = Text::new(
                format!("채점자 {}의 점수 {points}/{full}{more}", mark.by),
                format!("marked {points} of {full} by {}{more}", mark.by),
            );
            Observation { object: String::new(), text, values: BTreeMap::new(), holds: given == full }
        })
        .collect();
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::decided;
    use crate::{
        attempt::{Attempt, Mark, MarkRole, Verdict},
        points::Points,
        scenario::Scenario,
        score::{Total, fixture, score},
    };

    fn with_manual() -> Scenario {
        let mut scenario = fixture::challenge(&[]);
        let check = &mut scenario.file.spec.checks[2];
        check.assert = serde_json::from_value(json!({"manual": {"criterion": {"ko": "보고서", "en": "the report"}}})).unwrap();
        scenario
    }

    fn mark(points: i64) -> Mark {
        Mark {
            check: "spread".into(),
            points: Points::hundredths(points),
            comment: "why".into(),
            by: "kim".into(),
            role: MarkRole::First,
            evidence: None,
            blind: false,
        }
    }

    fn total(marks: Vec<Mark>) -> (Total, bool) {
        let attempt = Attempt { marks, ..fixture::attempt() };
        let mut run = fixture::run(&with_manual(), &[("spread", Verdict::Skipped), ("tidy", Verdict::Fail)]);
        run.results[2].reason = crate::attempt::AWAITS_MARK.into();
        assert!(run.solved(), "what only a person can judge keeps nobody from being done");
        let score = score(&with_manual(), &attempt, Some(&run));
        (score.total, score.is_final)
    }

    #[test]
    fn a_missing_mark_is_a_range_and_never_nothing() {
        let (total, is_final) = total(Vec::new());
        assert_eq!((total.low, total.high, is_final), (Points::whole(70), Points::whole(100), false));
    }

    #[test]
    fn a_mark_counts_to_the_half_point_and_the_last_one_stands() {
        let (half, is_final) = total(vec![mark(3000), mark(1250)]);
        assert_eq!((half.low, half.high, is_final), (Points::hundredths(8250), Points::hundredths(8250), true));
        assert_eq!(total(vec![mark(0)]).0.high, Points::whole(70), "a mark of nothing is a mark");
        assert_eq!(total(vec![mark(3000)]).0.low, Points::whole(100));
        assert_eq!(total(vec![mark(9000)]).0.low, Points::whole(100), "never more than there are");
    }

    #[test]
    fn the_report_says_who_gave_it_and_why() {
        let run = decided(
            &with_manual(),
            &Attempt { marks: vec![mark(1000)], ..fixture::attempt() },
            &fixture::run(&with_manual(), &[("spread", Verdict::Skipped)]),
        );
        let said = &run.result("spread").unwrap().observations[0].text;
        assert!(said.en.contains("kim") && said.en.contains("10 of 30") && said.ko.contains("why"), "{said:?}");
    }
}
