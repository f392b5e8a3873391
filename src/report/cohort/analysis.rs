//! What a cohort's results say about the checks themselves: how many passed, how much was earned, whether a check tells those who
//! can from those who cannot, and why it was not passed.

use std::collections::BTreeMap;

use crate::{
    attempt::Verdict,
    gradebook::{AssignedCheck, Assignment, CheckOutcome, Entry, Gradebook},
    points::Points,
    score::Total,
};

/// With fewer results, a correlation says nothing.
const ENOUGH: usize = 10;

/// One check over a cohort.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The check's id.
    pub check: String,
    /// Results in all.
    pub results: usize,
    /// Results that were judged: passed or not.
    pub judged: usize,
    /// Results that passed.
    pub passed: usize,
    /// Results that could not be judged.
    pub errors: usize,
    /// The mean of what was earned, as a fraction of what there was to earn; none for a check without points.
    pub mean: Option<f64>,
    /// How well it agrees with the rest of the score, from −1 to 1; none with too few results, or where all are alike.
    pub discrimination: Option<f64>,
    /// Why it was not passed: reason codes with their number, the commonest first.
    pub reasons: Vec<(String, usize)>,
}

impl Item {
    /// The share of what was judged that passed.
    #[must_use]
    pub fn pass_rate(&self) -> Option<f64> {
        share(self.passed, self.judged)
    }

    /// It was judged, and everybody passed: it tells nobody apart.
    #[must_use]
    pub fn never_failed(&self) -> bool {
        self.judged > 0 && self.passed == self.judged
    }

    /// It was judged, and nobody passed: too hard, or wrong.
    #[must_use]
    pub fn never_passed(&self) -> bool {
        self.judged > 0 && self.passed == 0
    }

    /// It could not be judged for anybody: the check is at fault, or the environments are.
    #[must_use]
    pub fn always_errored(&self) -> bool {
        self.errors > 0 && self.errors == self.results
    }
}

/// Every check of an assignment, in its order.
#[must_use]
pub fn items(book: &Gradebook, assignment: &Assignment) -> Vec<Item> {
    let entries: Vec<&Entry> = book.entries.iter().filter(|e| e.assignment == assignment.id && !e.checks.is_empty()).collect();
    assignment.checks.iter().map(|check| item(check, &entries)).collect()
}

fn item(check: &AssignedCheck, entries: &[&Entry]) -> Item {
    let results: Vec<(&Entry, &CheckOutcome)> =
        entries.iter().filter_map(|entry| Some((*entry, entry.checks.iter().find(|outcome| outcome.id == check.id)?))).collect();
    let outcomes = || results.iter().map(|(_, outcome)| *outcome);
    let judged = || outcomes().filter(|outcome| is_judged(outcome));
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for outcome in outcomes().filter(|o| o.verdict != Verdict::Pass && !o.reason.is_empty()) {
        *reasons.entry(&outcome.reason).or_default() += 1;
    }
    let mut reasons: Vec<(String, usize)> = reasons.into_iter().map(|(reason, count)| (reason.to_owned(), count)).collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let fractions: Vec<f64> = judged().filter_map(|outcome| fraction(outcome.earned)).collect();
    Item {
        check: check.id.clone(),
        results: results.len(),
        judged: judged().count(),
        passed: judged().filter(|o| o.verdict == Verdict::Pass).count(),
        errors: outcomes().filter(|o| o.verdict == Verdict::Error).count(),
        mean: mean(&fractions),
        discrimination: discrimination(&results),
        reasons,
    }
}

/// A blocked check is judged when what blocks it failed: it earned nothing for sure.
fn is_judged(outcome: &CheckOutcome) -> bool {
    match outcome.verdict {
        Verdict::Pass | Verdict::Fail => true,
        Verdict::Blocked => outcome.earned.is_known(),
        Verdict::Error | Verdict::Skipped => false,
    }
}

/// The correlation of what a check earned with what all the others did.
fn discrimination(results: &[(&Entry, &CheckOutcome)]) -> Option<f64> {
    let pair = |(entry, outcome): &(&Entry, &CheckOutcome)| {
        let score = entry.score.as_ref().filter(|score| score.total.is_known())?;
        let own = match fraction(outcome.earned) {
            Some(fraction) => fraction,
            None if is_judged(outcome) => f64::from(u8::from(outcome.verdict == Verdict::Pass)),
            None => return None,
        };
        Some((own, plain(score.total.points - outcome.earned.points)))
    };
    let pairs: Vec<(f64, f64)> = results.iter().filter_map(pair).collect();
    if pairs.len() < ENOUGH {
        return None;
    }
    let (own, rest): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (own_mean, rest_mean) = (mean(&own)?, mean(&rest)?);
    let sum = |f: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|(a, b)| f(a - own_mean, b - rest_mean)).sum::<f64>();
    let spread = (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt();
    (spread > 1e-9).then(|| sum(&|a, b| a * b) / spread)
}

/// What was earned of what there was; none while that is open, or where there was nothing.
fn fraction(earned: Total) -> Option<f64> {
    (earned.is_known() && earned.max > Points::ZERO).then(|| plain(earned.points) / plain(earned.max))
}

pub(super) fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / count(values.len()))
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| count(part) / count(whole))
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

/// Points as a number for statistics, where hundredths need not stay exact.
pub(super) fn plain(points: Points) -> f64 {
    i32::try_from(points.as_hundredths()).map_or(0.0, f64::from) / 100.0
}
