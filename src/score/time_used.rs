use std::time::Duration;

use crate::attempt::{Attempt, Run};

/// How long the learner needed: from the start until the repair stood for good, else until the attempt was closed.
///
/// Looking again at a solved scenario costs no time, and neither does closing it late: the first of the solved runs after the
/// last unsolved one counts. None while it is open and unsolved.
#[must_use]
pub fn time_used(attempt: &Attempt, runs: &[Run]) -> Option<Duration> {
    let stood = runs.iter().rev().take_while(|r| r.solved()).last();
    let until = stood.map(|run| run.started + Duration::from_millis(run.millis)).or(attempt.ended)?;
    Some(Duration::try_from(until.duration_since(attempt.started)).unwrap_or_default())
}
