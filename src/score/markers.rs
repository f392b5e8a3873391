use crate::{
    attempt::{Judgement, Mark, MarkRole, MarkingRule},
    points::Points,
    scenario::CheckSpec,
};

/// What the marks of a check come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing<'a> {
    /// It is open, and never nothing.
    Open(OpenMark),
    /// So many points, by these marks.
    Counts {
        /// The points.
        points: Points,
        /// The mark, or the two whose mean it is.
        marks: Vec<&'a Mark>,
    },
}

/// What an open mark waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenMark {
    /// A grader.
    Grader,
    /// The other of two markers.
    Second,
    /// A moderator: the two are too far apart.
    Moderator,
    /// Being posted.
    Posting,
}

/// What the marks of a check come to: a moderator's stands, two that agree give their mean, and one alone counts where one is enough.
#[must_use]
pub fn standing<'a>(check: &CheckSpec, marks: &'a [Mark], judgement: &Judgement) -> Standing<'a> {
    let rule = judgement.rules.as_ref().and_then(|rules| rules.marking.clone()).unwrap_or_default();
    match agreed(check, marks, &rule) {
        Standing::Counts { .. } if rule.hidden && !judgement.posted => Standing::Open(OpenMark::Posting),
        standing => standing,
    }
}

fn agreed<'a>(check: &CheckSpec, marks: &'a [Mark], rule: &MarkingRule) -> Standing<'a> {
    let of = |role: MarkRole| marks.iter().rev().find(|mark| mark.check == check.id && mark.role == role);
    let capped = |mark: &Mark| mark.points.min(check.points);
    match (of(MarkRole::Moderator), of(MarkRole::First), of(MarkRole::Second)) {
        (Some(mark), _, _) => Standing::Counts { points: capped(mark), marks: vec![mark] },
        (None, Some(first), Some(second)) => {
            let (one, other) = (capped(first), capped(second));
            let apart = (one - other).max(other - one);
            let most = Points::hundredths(check.points.as_hundredths() * rule.apart.as_hundredths() / 10_000);
            if apart > most {
                return Standing::Open(OpenMark::Moderator);
            }
            Standing::Counts { points: [one, other].into_iter().sum::<Points>().fraction(1, 2), marks: vec![first, second] }
        }
        (None, Some(_), None) | (None, None, Some(_)) if rule.second => Standing::Open(OpenMark::Second),
        (None, Some(mark), None) | (None, None, Some(mark)) => Standing::Counts { points: capped(mark), marks: vec![mark] },
        (None, None, None) => Standing::Open(OpenMark::Grader),
    }
}

#[cfg(test)]
mod tests {
    use super::{OpenMark, Points, Standing, standing};
    use crate::{
        attempt::{Judgement, Mark, MarkRole, MarkingRule, Rules},
        score::fixture,
    };

    fn mark(role: MarkRole, hundredths: i64) -> Mark {
        Mark {
            check: "spread".into(),
            points: Points::hundredths(hundredths),
            comment: String::new(),
            by: format!("{role:?}"),
            role,
            evidence: None,
            blind: false,
        }
    }

    fn stands(marks: &[Mark], rule: &MarkingRule, posted: bool) -> Result<Points, OpenMark> {
        let scenario = fixture::challenge(&[]);
        let check = scenario.checks().find(|check| check.id == "spread").unwrap();
        let judgement =
            Judgement { rules: Some(Rules { marking: Some(rule.clone()), ..Rules::default() }), posted, ..Judgement::default() };
        match standing(check, marks, &judgement) {
            Standing::Open(open) => Err(open),
            Standing::Counts { points, .. } => Ok(points),
        }
    }

    #[test]
    fn two_marks_that_agree_give_their_mean_and_others_wait_for_a_moderator() {
        let rule = MarkingRule::default();
        let (first, near, far) = (mark(MarkRole::First, 2000), mark(MarkRole::Second, 2300), mark(MarkRole::Second, 2350));
        assert_eq!(stands(&[], &rule, false), Err(OpenMark::Grader));
        assert_eq!(stands(std::slice::from_ref(&first), &rule, false), Ok(Points::whole(20)));
        assert_eq!(stands(&[first.clone(), near], &rule, false), Ok(Points::hundredths(2150)), "10% of 30 apart");
        assert_eq!(stands(&[first.clone(), far.clone()], &rule, false), Err(OpenMark::Moderator));
        let moderated = [first, far, mark(MarkRole::Moderator, 2200)];
        assert_eq!(stands(&moderated, &rule, false), Ok(Points::whole(22)));
    }

    #[test]
    fn rules_ask_for_a_second_marker_and_hide_marks_until_they_are_posted() {
        let second = MarkingRule { second: true, ..MarkingRule::default() };
        assert_eq!(stands(&[mark(MarkRole::First, 2000)], &second, false), Err(OpenMark::Second));
        let hidden = MarkingRule { hidden: true, ..MarkingRule::default() };
        assert_eq!(stands(&[mark(MarkRole::First, 2000)], &hidden, false), Err(OpenMark::Posting));
        assert_eq!(stands(&[mark(MarkRole::First, 2000)], &hidden, true), Ok(Points::whole(20)));
    }
}
