use std::time::Duration;

use super::{Engine, RunnerError, Session};
use crate::{
    attempt::{Attempt, Progress, Run, StepNews, Trigger, Verdict},
    check::{self, JudgeOptions, RealClock, Sight},
    cluster::{Plane, Snapshot, SnapshotRequest, SnapshotSource},
    event::Phase,
    scenario::{Kind, Scenario},
    score::{self, Score, Timing},
};

/// How to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOptions {
    /// Look once and do not wait.
    pub provisional: bool,
    /// Only this step of a lab.
    pub step: Option<String>,
    /// Why.
    pub trigger: Trigger,
}

/// What the checks came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The run.
    pub run: Run,
    /// What it is worth.
    pub score: Score,
    /// What the clock says after it.
    pub timing: Timing,
    /// How many checks passed in the run before it.
    pub passed_before: Option<usize>,
    /// In a lab: how far the learner is, and which steps have become done or undone.
    pub progress: Option<(Progress, Vec<StepNews>)>,
}

impl Engine {
    /// Runs the checks, stores the run, and scores it.
    ///
    /// # Errors
    /// The records cannot be written. A cluster that does not answer is no error here: its checks come to [`Verdict::Error`].
    pub async fn check(&self, session: &Session, options: &CheckOptions) -> Result<Checked, RunnerError> {
        let before = self.store.last_run(&session.attempt.id).await.map_err(RunnerError::store)?;
        let earlier = self.progress(&session.attempt, &session.scenario).await?;
        let (run, seen) = self.judge_keeping(session, options).await?;
        // A learner who is watched is judged again and again: what counts for the score is kept.
        let counts = !options.provisional && options.step.is_none() && options.trigger != Trigger::Watch;
        let sight = seen.filter(|_| counts).and_then(|seen| Sight::new(&session.scenario, &seen).packed());
        self.store.append_seen(&session.attempt.id, &run, sight.as_deref()).await.map_err(RunnerError::store)?;
        let progress = self.progress(&session.attempt, &session.scenario).await?;
        let progress = progress.zip(earlier).map(|(now, earlier)| (now.since(&earlier), now)).map(|(news, now)| (now, news));
        self.heed(&session.attempt.id, &run).await?;
        let attempt = self.attempt(session).await?;
        let timing = self.timing(&attempt, &session.scenario).await?;
        let score = score::score(&session.scenario, &attempt, Some(&run));
        let passed_before = before.map(|b| b.results.iter().filter(|r| r.verdict == Verdict::Pass).count());
        Ok(Checked { run, score, timing, passed_before, progress })
    }

    /// Judges every check over one plane of watches; gives also what the last look saw.
    pub(super) async fn judge_keeping(&self, session: &Session, options: &CheckOptions) -> Result<(Run, Option<Snapshot>), RunnerError> {
        let plane = session.cluster.plane(self.given_to(session).await?);
        let plane = if options.trigger == Trigger::Submit { plane.consistent() } else { plane };
        let mut keeping = Keeping { plane, last: None };
        let judge = JudgeOptions { trigger: options.trigger, provisional: options.provisional, only: options.step.clone() };
        let clock = RealClock::default();
        let work = check::judge(&session.scenario, &session.baseline, &mut keeping, &clock, &judge, &self.events);
        let work = async {
            let mut run = work.await;
            // A trial changes the load or the pods: whoever works and is only watched has not asked for that.
            if !options.provisional && options.trigger != Trigger::Watch {
                self.try_out(session, &mut run, &judge).await;
            }
            Ok(run)
        };
        let run = self.events.phase(Phase::Check, work).await?;
        Ok((run, keeping.last))
    }

    /// What the checks read in the cluster, with what the attempt brings.
    async fn given_to(&self, session: &Session) -> Result<SnapshotRequest, RunnerError> {
        let given = self.given(session).await?;
        Ok(SnapshotRequest { given, ..self.looked_at(&session.scenario, &session.environment) })
    }

    /// The attempt as it is stored now: hints and assistance may have come since the session was opened.
    pub(super) async fn attempt(&self, session: &Session) -> Result<Attempt, RunnerError> {
        let stored = self.store.get(&session.attempt.id).await.map_err(RunnerError::store)?;
        Ok(stored.unwrap_or_else(|| session.attempt.clone()))
    }

    /// How far an attempt is in its lab; none in a challenge. Looks at what is stored, not at the cluster.
    ///
    /// # Errors
    /// The records cannot be read.
    pub async fn progress(&self, attempt: &Attempt, scenario: &Scenario) -> Result<Option<Progress>, RunnerError> {
        if scenario.file.kind != Kind::Lab {
            return Ok(None);
        }
        let runs = self.store.verdicts(&attempt.id).await.map_err(RunnerError::store)?;
        Ok(Some(Progress::of(&scenario.file.spec.steps, &runs)))
    }

    /// Watches what the checks read, so that they can run again at every change.
    #[must_use]
    pub fn watch(&self, session: &Session) -> Watch {
        Watch { plane: session.cluster.plane(self.looked_at(&session.scenario, &session.environment)) }
    }
}

/// A source of snapshots that keeps the last one.
struct Keeping {
    plane: Plane,
    last: Option<Snapshot>,
}

impl SnapshotSource for Keeping {
    async fn snapshot(&mut self) -> Snapshot {
        let snapshot = self.plane.snapshot().await;
        self.last = Some(snapshot.clone());
        snapshot
    }

    async fn changed(&mut self, within: Duration) -> bool {
        self.plane.changed(within).await
    }
}

/// A watch over everything that an attempt's checks read.
pub struct Watch {
    plane: Plane,
}

impl Watch {
    /// Returns when something has changed.
    pub async fn changed(&mut self) {
        self.plane.snapshot().await;
        while !self.plane.changed(Duration::from_secs(3600)).await {}
    }
}
