use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::points::Points;

/// Which of several submissions counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// The one with the most points; of those with as many, the earliest.
    #[default]
    Best,
    /// The latest.
    Last,
    /// The earliest.
    First,
}

/// A submission, as far as a policy looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// When it was handed in, as far as that is known.
    pub submitted: Option<Timestamp>,
    /// What it is worth for sure; none while it was not judged.
    pub points: Option<Points>,
}

impl Policy {
    /// The number of the one that counts among several in the order in which they came. Those that came in time count before those
    /// that did not, and those that were judged before those that were not.
    #[must_use]
    pub fn choose(self, due: Option<Timestamp>, candidates: &[Candidate]) -> Option<usize> {
        let in_time = |one: &Candidate| due.is_none_or(|due| one.submitted.is_none_or(|at| at <= due));
        let numbered = || candidates.iter().enumerate();
        let any_in_time = candidates.iter().any(|one| one.points.is_some() && in_time(one));
        let judged = candidates.iter().any(|one| one.points.is_some());
        let mut counting =
            numbered().filter(|(_, one)| !judged || one.points.is_some() && (!any_in_time || in_time(one))).collect::<Vec<_>>();
        counting.sort_by_key(|(number, one)| (one.submitted, *number));
        let chosen = match self {
            Self::First => counting.first(),
            Self::Last => counting.last(),
            Self::Best => counting.iter().rev().max_by_key(|(_, one)| one.points),
        };
        chosen.map(|(number, _)| *number)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(hour * 3600).unwrap()
    }

    fn one(hour: i64, points: i64) -> Candidate {
        Candidate { submitted: Some(at(hour)), points: Some(Points::whole(points)) }
    }

    #[test]
    fn trap_fp22_the_best_in_time_counts_before_a_better_one_too_late() {
        let all = [one(1, 60), one(3, 80), one(2, 80), one(5, 100)];
        let chosen = |policy: Policy, due: Option<i64>| policy.choose(due.map(at), &all).unwrap();
        assert_eq!((chosen(Policy::Best, None), chosen(Policy::Best, Some(4)), chosen(Policy::Best, Some(0))), (3, 2, 3));
        assert_eq!((chosen(Policy::Last, None), chosen(Policy::Last, Some(4)), chosen(Policy::First, Some(4))), (3, 1, 0));
        assert_eq!(Policy::Best.choose(None, &[]), None);
    }

    #[test]
    fn what_was_not_judged_counts_only_where_nothing_was() {
        let refused = Candidate { submitted: Some(at(9)), points: None };
        assert_eq!(Policy::Last.choose(None, &[one(1, 0), refused]), Some(0));
        assert_eq!(Policy::Best.choose(None, &[refused]), Some(0));
    }

    proptest! {
        #[test]
        fn nothing_that_counts_beats_the_best(points in proptest::collection::vec((0_i64..50, 0_i64..=100), 1..9)) {
            let all: Vec<Candidate> = points.iter().map(|(hour, points)| one(*hour, *points)).collect();
            let best = Policy::Best.choose(None, &all).unwrap();
            prop_assert!(all.iter().all(|other| other.points <= all[best].points));
            let first = Policy::First.choose(None, &all).unwrap();
            prop_assert!(all.iter().all(|other| other.submitted >= all[first].submitted));
        }
    }
}
