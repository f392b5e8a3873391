use std::collections::BTreeMap;

use crate::{
    attempt::{AWAITS_MARK, Basis, CheckResult, Mark, Observation, Run, Verdict},
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

/// A run with the marks that graders gave, whenever they did. What nobody has marked stays open, and is never nothing.
#[must_use]
pub fn marked(scenario: &Scenario, marks: &[Mark], run: &Run) -> Run {
    let mut run = run.clone();
    for check in scenario.checks().filter(|check| is_marked_by_hand(check)) {
        let Some(result) = run.results.iter_mut().find(|result| result.id == check.id) else { continue };
        match marks.iter().rev().find(|mark| mark.check == check.id) {
            Some(mark) => put(result, check, mark),
            // Without a mark it is open also where something else kept the run from looking at it.
            None => AWAITS_MARK.clone_into(&mut result.reason),
        }
    }
    run
}

fn put(result: &mut CheckResult, check: &CheckSpec, mark: &Mark) {
    let hundredths = |points: Points| u32::try_from(points.as_hundredths()).unwrap_or_default();
    let (given, full) = (mark.points.min(check.points), check.points);
    let comment = if mark.comment.is_empty() { String::new() } else { format!(": {}", mark.comment) };
    let text = Text::new(
        format!("채점자 {}의 점수 {given}/{full}{comment}", mark.by),
        format!("marked {given} of {full} by {}{comment}", mark.by),
    );
    result.verdict = if given == full { Verdict::Pass } else { Verdict::Fail };
    (result.passed, result.total) = (hundredths(given), hundredths(full).max(1));
    (result.reason, result.basis, result.blocked_by) = ("marked".into(), Basis::Marked, Vec::new());
    result.observations = vec![Observation { object: String::new(), text, values: BTreeMap::new(), holds: given == full }];
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::marked;
    use crate::{
        attempt::{Mark, Verdict},
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
        Mark { check: "spread".into(), points: Points::hundredths(points), comment: "why".into(), by: "kim".into() }
    }

    fn total(marks: Vec<Mark>) -> (Total, bool) {
        let attempt = crate::attempt::Attempt { marks, ..fixture::attempt() };
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
        let run = marked(&with_manual(), &[mark(1000)], &fixture::run(&with_manual(), &[("spread", Verdict::Skipped)]));
        let said = &run.result("spread").unwrap().observations[0].text;
        assert!(said.en.contains("kim") && said.en.contains("10 of 30") && said.ko.contains("why"), "{said:?}");
    }
}
