use std::collections::BTreeMap;

use super::{Rubric, Sheet};
use crate::{
    attempt::Verdict,
    points::Points,
    scenario::Scenario,
    score::{Score, Total},
};

/// What is known of a criterion: the points, and the computation as a person would write it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reached {
    /// What it earned.
    pub earned: Total,
    /// How, for example `2 × 2/3 = 1.33`.
    pub formula: String,
}

/// What is known, by the full id of each criterion. What is not in it is open.
pub type ReachedById = BTreeMap<String, Reached>;

/// What the entries of a sheet come to by a rubric. Entries for other ids are left out; loading a sheet reports them.
#[must_use]
pub fn reached_by_sheet(rubric: &Rubric, sheet: &Sheet) -> ReachedById {
    let of = |entry: &super::SheetEntry| {
        let (_, points) = rubric.criterion(&entry.id)?;
        let reached = match (&entry.mark, &entry.check) {
            (Some(mark), _) => marked(mark.points, points),
            (None, Some(check)) => checked(check.verdict, check.passed.zip(check.of), points)?,
            (None, None) => return None,
        };
        Some((entry.id.clone(), reached))
    };
    sheet.entries.iter().filter_map(of).collect()
}

/// What the checks of an attempt come to by a rubric: each criterion earns what its checks earned, together.
#[must_use]
pub fn reached_by_score(rubric: &Rubric, scenario: &Scenario, score: &Score) -> ReachedById {
    let mut by_criterion: BTreeMap<&str, Vec<Total>> = BTreeMap::new();
    for spec in scenario.checks() {
        let earned = score.checks.iter().find(|check| check.id == spec.id).map(|check| check.earned);
        if let (Some(criterion), Some(earned)) = (&spec.criterion, earned) {
            by_criterion.entry(criterion).or_default().push(earned);
        }
    }
    let of = |(id, parts): (&str, Vec<Total>)| {
        let (_, points) = rubric.criterion(id)?;
        let sum: Total = parts.iter().copied().sum();
        // Points of a criterion that no check stands for are still to be given by a person.
        let open = (points - sum.max).max(Points::ZERO);
        let earned = bounded(Total::range(sum.low, sum.high + open, points), points);
        let terms: Vec<String> = parts.iter().map(|part| format!("{part}/{}", part.max)).collect();
        Some((id.to_owned(), Reached { earned, formula: format!("{} = {earned}", terms.join(" + ")) }))
    };
    by_criterion.into_iter().filter_map(of).collect()
}

/// Points between nothing and all that there are.
pub(super) fn bounded(total: Total, points: Points) -> Total {
    let bound = |value: Points| value.clamp(Points::ZERO, points);
    Total::range(bound(total.low), bound(total.high), points)
}

fn marked(mark: Points, points: Points) -> Reached {
    let earned = bounded(Total::exact(mark, points), points);
    Reached { earned, formula: format!("{earned}/{points}") }
}

/// `None` while nobody could look.
fn checked(verdict: Verdict, items: Option<(u32, u32)>, points: Points) -> Option<Reached> {
    let (earned, share) = match (verdict, items) {
        (Verdict::Pass, _) => (points, "1".to_owned()),
        (Verdict::Fail, Some((passed, of))) if of > 0 => (points.fraction(passed.min(of), of), format!("{}/{of}", passed.min(of))),
        (Verdict::Fail | Verdict::Blocked, _) => (Points::ZERO, "0".to_owned()),
        (Verdict::Error | Verdict::Skipped, _) => return None,
    };
    Some(Reached { earned: Total::exact(earned, points), formula: format!("{points} × {share} = {earned}") })
}
