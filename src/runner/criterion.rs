use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    attempt::{CheckResult, Run, Verdict},
    points::Points,
    report::CaseKind,
    scenario::Role,
    score::Score,
};

/// What the run of a case must come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Criterion {
    /// Whoever does nothing earns nothing, and every guard holds: the fault alone breaches none.
    NothingEarned,
    /// Exactly these points.
    Earns(Points),
    /// Everything that proves a step of a lab passes.
    StepDone(String),
    /// Each of these checks stops it, and it does not earn everything; or exactly these points.
    StoppedBy(BTreeSet<String>, Option<Points>),
}

impl Criterion {
    /// The sort of case that it is asked of.
    pub fn kind(&self) -> CaseKind {
        match self {
            Self::NothingEarned => CaseKind::Broken,
            Self::Earns(_) | Self::StepDone(_) => CaseKind::Solution,
            Self::StoppedBy(..) => CaseKind::Cheat,
        }
    }

    /// What is wrong with a run; `None` when it is as it must be.
    pub fn problem(&self, run: &Run, score: &Score) -> Option<String> {
        match self {
            Self::NothingEarned => nothing_earned(run, score),
            Self::Earns(points) => earned(run, score, *points),
            Self::StepDone(step) => {
                let open: Vec<_> =
                    run.results.iter().filter(|r| r.step.as_ref() == Some(step) && r.verdict != Verdict::Pass).map(describe).collect();
                (!open.is_empty()).then(|| format!("the step `{step}` does not pass: {}", open.join("; ")))
            }
            Self::StoppedBy(checks, None) => stopped(run, score, checks),
            Self::StoppedBy(checks, Some(points)) => stopped(run, score, checks).or_else(|| earned(run, score, *points)),
        }
    }
}

fn nothing_earned(run: &Run, score: &Score) -> Option<String> {
    let wrong: Vec<_> = run
        .results
        .iter()
        .filter(|r| !r.awaits_mark())
        .filter(|r| match r.role {
            Role::Objective | Role::Bonus => !matches!(r.verdict, Verdict::Fail | Verdict::Blocked),
            Role::Guard => r.verdict != Verdict::Pass,
            Role::Info => false,
        })
        .map(describe)
        .collect();
    if !wrong.is_empty() {
        return Some(format!("unexpected verdicts in the broken state: {}", wrong.join("; ")));
    }
    (score.total.high > Points::ZERO).then(|| format!("doing nothing earns {}", score.total.high))
}

fn stopped(run: &Run, score: &Score, checks: &BTreeSet<String>) -> Option<String> {
    let through: Vec<_> = checks
        .iter()
        .filter(|id| !run.result(id).is_some_and(|r| matches!(r.verdict, Verdict::Fail | Verdict::Blocked)))
        .map(|id| run.result(id).map_or_else(|| id.clone(), describe))
        .collect();
    if !through.is_empty() {
        return Some(format!("checks that let the cheat through: {}", through.join("; ")));
    }
    let full = score.total.high >= Points::whole(100);
    full.then(|| "the cheat earns everything".to_owned())
}

fn describe(result: &CheckResult) -> String {
    let seen: Vec<_> = result.observations.iter().filter(|o| !o.holds).map(|o| format!("{} {}", o.object, o.text.en)).take(3).collect();
    let verdict = serde_json::to_value(result.verdict).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    format!("{} is {verdict} ({}{}{})", result.id, result.reason, if seen.is_empty() { "" } else { ": " }, seen.join(", "))
}

fn earned(run: &Run, score: &Score, expected: Points) -> Option<String> {
    if score.total.is_known() && score.total.points == expected {
        return None;
    }
    let open: Vec<_> = run.results.iter().filter(|r| r.verdict != Verdict::Pass).map(describe).collect();
    let range = if score.total.is_known() { score.total.points.to_string() } else { format!("{}–{}", score.total.low, score.total.high) };
    Some(format!("earns {range} instead of {expected}: {}", open.join("; "),))
}
