use std::time::Duration;

use tokio::time::Instant;

use super::ProvisionError;
use crate::{
    attempt::{ApiCalls, CheckResult, Verdict},
    cluster::{Snapshot, SnapshotSource},
    scenario::{Role, Scenario},
};

/// How long every objective must keep failing before the clock of the learner starts.
const STEADY: Duration = Duration::from_secs(1);

/// The look at the broken state that confirmed it.
#[derive(Debug, Clone)]
pub struct Confirmed {
    /// What each check came to.
    pub results: Vec<CheckResult>,
    /// What confirming cost.
    pub calls: ApiCalls,
}

/// Looks at every change until each objective that is not a regression fails (or is blocked) and none of these verdicts has
/// moved for a second. A scenario without a fault is taken as it is at the first look.
///
/// # Errors
/// [`ProvisionError::StillPasses`] when the time is over.
pub async fn confirm(
    scenario: &Scenario,
    source: &mut impl SnapshotSource,
    within: Duration,
    look: impl Fn(&Snapshot) -> Vec<CheckResult>,
) -> Result<Confirmed, ProvisionError> {
    let deadline = Instant::now() + within;
    let steady = if scenario.file.spec.fault.is_empty() { Duration::ZERO } else { STEADY };
    let (mut last, mut since): (Vec<(String, Verdict)>, Instant) = (Vec::new(), Instant::now());
    loop {
        let snapshot = source.snapshot().await;
        let results = look(&snapshot);
        let objectives = objectives(scenario, &results);
        let now = Instant::now();
        let verdicts: Vec<(String, Verdict)> = objectives.iter().map(|r| (r.id.clone(), r.verdict)).collect();
        if verdicts != last {
            (last, since) = (verdicts, now);
        }
        let passing: Vec<String> = objectives.into_iter().filter_map(not_failing).collect();
        let held = now.duration_since(since);
        if passing.is_empty() && held >= steady {
            return Ok(Confirmed { results, calls: snapshot.calls });
        }
        let left = deadline.saturating_duration_since(now);
        if left.is_zero() {
            return Err(ProvisionError::StillPasses { after: within, checks: passing });
        }
        source.changed(if passing.is_empty() { left.min(steady.saturating_sub(held)) } else { left }).await;
    }
}

/// The results that must be a fail in the broken state.
fn objectives<'a>(scenario: &Scenario, results: &'a [CheckResult]) -> Vec<&'a CheckResult> {
    let regression = |id: &str| scenario.checks().any(|c| c.id == id && c.regression);
    results.iter().filter(|r| r.role == Role::Objective && !regression(&r.id)).collect()
}

fn not_failing(result: &CheckResult) -> Option<String> {
    let word = match result.verdict {
        Verdict::Fail | Verdict::Blocked => return None,
        Verdict::Pass => "passes",
        Verdict::Error => "could not be judged",
        Verdict::Skipped => "was skipped",
    };
    Some(format!("{} {word} ({})", result.id, result.reason))
}
