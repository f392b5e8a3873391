use super::{Total, worth::Worth};
use crate::{
    attempt::{CheckResult, Run, VOIDED, Verdict},
    points::Points,
};

/// What is known about a check after a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// It holds.
    Yes,
    /// It does not hold, or what it needs does not.
    No,
    /// Nobody could look.
    Unknown,
}

/// What a run says about the check with this id. A check that waits for others is as known as the others are.
pub(super) fn known(run: Option<&Run>, id: &str) -> Known {
    known_beyond(run, id, &mut Vec::new())
}

fn known_beyond<'r>(run: Option<&'r Run>, id: &str, seen: &mut Vec<&'r str>) -> Known {
    let Some(result) = run.and_then(|r| r.result(id)) else { return Known::Unknown };
    match result.verdict {
        Verdict::Pass => Known::Yes,
        Verdict::Skipped if result.reason == VOIDED => Known::Yes,
        Verdict::Fail => Known::No,
        Verdict::Error | Verdict::Skipped => Known::Unknown,
        Verdict::Blocked if seen.contains(&result.id.as_str()) => Known::Unknown,
        Verdict::Blocked => {
            seen.push(&result.id);
            if result.blocked_by.iter().any(|need| known_beyond(run, need, seen) == Known::No) { Known::No } else { Known::Unknown }
        }
    }
}

/// What a check earned before any guard: `points × fraction`, rounded once.
pub(super) fn earned(worth: &Worth<'_>, run: Option<&Run>) -> Total {
    let result = run.and_then(|r| r.result(&worth.spec.id));
    match known(run, &worth.spec.id) {
        Known::Yes => Total::exact(worth.points, worth.points),
        Known::Unknown => Total::range(Points::ZERO, worth.points, worth.points),
        Known::No => {
            let reached = result.filter(|r| worth.by_items() && r.verdict == Verdict::Fail).map_or(Points::ZERO, |r| {
                let (passed, total) = items(r);
                worth.points.fraction(passed, total)
            });
            Total::exact(reached, worth.points)
        }
    }
}

/// Items that hold and items in all, as a fraction that is never above 1.
pub(super) fn items(result: &CheckResult) -> (u32, u32) {
    (result.passed.min(result.total), result.total.max(1))
}
