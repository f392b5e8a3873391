use jiff::Timestamp;

use super::{Engine, ErrorClass, RunnerError, Session};
use crate::{
    attempt::HintOpened,
    points::Points,
    scenario::{Hint, Kind},
    text::Text,
};

/// The hint ladder of a challenge or of a lab's step, as far as it is open.
#[derive(Debug, Clone, PartialEq)]
pub struct HintState {
    /// The lab's step; none in a challenge.
    pub step: Option<String>,
    /// The hints that are open, in order.
    pub opened: Vec<Hint>,
    /// What comes next.
    pub next: NextHint,
    /// How many there are.
    pub total: usize,
}

/// What the next hint costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextHint {
    /// There is none.
    None,
    /// So many points.
    Costs(Points),
}

impl Engine {
    /// The hints that are open.
    ///
    /// # Errors
    /// The step does not exist, or the records cannot be read.
    pub async fn hints(&self, session: &Session, step: Option<&str>) -> Result<HintState, RunnerError> {
        let (step, ladder) = self.ladder(session, step).await?;
        let rungs = self.rungs(session, step.as_deref()).await?;
        Ok(state(step, ladder, rungs))
    }

    /// Opens the next hint and records it; when all are open, only shows them.
    ///
    /// # Errors
    /// The step does not exist, or the records cannot be written.
    pub async fn open_hint(&self, session: &Session, step: Option<&str>) -> Result<HintState, RunnerError> {
        let (step, ladder) = self.ladder(session, step).await?;
        let mut rungs = self.rungs(session, step.as_deref()).await?;
        if let Some(hint) = ladder.get(rungs) {
            rungs += 1;
            let opened =
                HintOpened { step: step.clone(), rung: u32::try_from(rungs).unwrap_or(u32::MAX), cost: hint.cost, at: Timestamp::now() };
            self.store.open_hint(&session.attempt.id, &opened).await.map_err(RunnerError::store)?;
        }
        Ok(state(step, ladder, rungs))
    }

    async fn rungs(&self, session: &Session, step: Option<&str>) -> Result<usize, RunnerError> {
        let hints = self.store.hints(&session.attempt.id).await.map_err(RunnerError::store)?;
        Ok(hints.iter().filter(|h| h.step.as_deref() == step).count())
    }

    /// The hints that belong here: a challenge's own, or those of the named step, or of the first step that has not passed.
    async fn ladder<'a>(&self, session: &'a Session, step: Option<&str>) -> Result<(Option<String>, &'a [Hint]), RunnerError> {
        let spec = &session.scenario.file.spec;
        if session.scenario.file.kind == Kind::Challenge {
            return Ok((None, &spec.hints));
        }
        let wanted = match step {
            Some(id) => spec.steps.iter().find(|s| s.id == id),
            None => {
                let current = self.progress(&session.attempt, &session.scenario).await?.and_then(|progress| progress.current);
                spec.steps.iter().find(|s| current.as_ref() == Some(&s.id)).or_else(|| spec.steps.last())
            }
        };
        wanted.map(|s| (Some(s.id.clone()), s.hints.as_slice())).ok_or_else(|| {
            let all: Vec<_> = spec.steps.iter().map(|s| s.id.as_str()).collect();
            RunnerError::new(ErrorClass::Usage, Text::new("그런 단계가 없습니다", "there is no such step"))
                .cause(format!("steps: {}", all.join(", ")))
        })
    }
}

fn state(step: Option<String>, ladder: &[Hint], rungs: usize) -> HintState {
    let next = ladder.get(rungs).map_or(NextHint::None, |h| NextHint::Costs(h.cost));
    HintState { step, opened: ladder.iter().take(rungs).cloned().collect(), next, total: ladder.len() }
}
