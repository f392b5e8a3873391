use super::worth::Worth;
use crate::{
    attempt::{Judgement, Run, VOIDED, Verdict, VoidAs},
    points::Points,
    scenario::Role,
};

/// A run in which what was found to be faulty says nothing about anybody's work.
pub(super) fn voided(judgement: &Judgement, run: &mut Run) {
    for result in run.results.iter_mut().filter(|result| judgement.void_of(&result.id).is_some()) {
        result.verdict = Verdict::Skipped;
        VOIDED.clone_into(&mut result.reason);
        (result.blocked_by, result.observations) = (Vec::new(), Vec::new());
    }
}

/// Shares what removed checks were worth among the others of their category, or of their step: there is as much to earn as before.
/// Where a category has nobody left, all others share it; where nobody is left at all, everybody has it.
pub(super) fn share(worths: &mut [Worth<'_>], judgement: &Judgement) {
    let gone = |worth: &Worth<'_>| judgement.void_of(&worth.spec.id).is_some_and(|void| void.treatment == VoidAs::Removed);
    let objective = |worth: &Worth<'_>| worth.spec.role == Role::Objective;
    for worth in worths.iter_mut().filter(|worth| worth.spec.role == Role::Bonus && gone(worth)) {
        worth.points = Points::ZERO;
    }
    let removed: Vec<usize> = (0..worths.len()).filter(|at| objective(&worths[*at]) && gone(&worths[*at])).collect();
    let stays = |worths: &[Worth<'_>], at: usize| objective(&worths[at]) && !removed.contains(&at) && worths[at].points > Points::ZERO;
    let others: Vec<usize> = (0..worths.len()).filter(|at| stays(worths, *at)).collect();
    if others.is_empty() {
        return;
    }
    for at in removed {
        let (category, step) = (worths[at].spec.category, worths[at].step.map(|step| step.id.as_str()));
        let beside =
            |other: &&usize| worths[**other].spec.category == category && worths[**other].step.map(|step| step.id.as_str()) == step;
        let mut heirs: Vec<usize> = others.iter().filter(beside).copied().collect();
        if heirs.is_empty() {
            heirs.clone_from(&others);
        }
        let weights: Vec<u64> = heirs.iter().map(|heir| u64::try_from(worths[*heir].points.as_hundredths()).unwrap_or(0)).collect();
        let shares = std::mem::take(&mut worths[at].points).split(&weights);
        for (heir, share) in heirs.into_iter().zip(shares) {
            worths[heir].points += share;
        }
    }
}
