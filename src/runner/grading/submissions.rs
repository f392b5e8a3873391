use std::{
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use jiff::Timestamp;
use serde_json::json;

use super::{
    super::{CheckOptions, Engine, ErrorClass, RunnerError, StartOptions, own, place},
    applying::Applied,
    order::{GradeOrder, Tally},
};
use crate::{
    attempt::{AttemptId, LogKind, Trigger},
    cohort::submission::{self, Blame, Bounds, Rejection, Submission, Work},
    gradebook::{EntryState, Judged, Learner},
    scenario::Scenario,
    text::Text,
};

/// How often a submission is tried before a failure of ours is told.
const TRIES: usize = 2;

/// A learner's work on a scenario.
struct Task<'a> {
    learner: &'a Learner,
    scenario: &'a Scenario,
}

impl Engine {
    /// Grades what was handed in, and says what is left waiting: nothing, unless only some learners were asked for.
    pub(super) async fn grade_submissions(
        &self,
        order: &GradeOrder,
        scenarios: &[Scenario],
        folder: &Path,
    ) -> Result<Vec<(String, String)>, RunnerError> {
        if !folder.is_dir() {
            let path = folder.display();
            let message =
                Text::new(format!("제출물 폴더 `{path}`이(가) 없습니다"), format!("there is no folder of submissions at `{path}`"));
            return Err(RunnerError::new(ErrorClass::Usage, message));
        }
        let known = self.store.judged(&order.id).await.map_err(RunnerError::store)?;
        let (mut tasks, mut rejected, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
        for learner in &order.roster.learners {
            for scenario in scenarios {
                let task = Task { learner, scenario };
                let read = task.read(folder, scenarios.len() == 1);
                let Some(read) = read.transpose() else { continue };
                let (digest, submitted) = read.as_ref().map_or((None, None), |read| (Some(read.digest.clone()), read.modified));
                let work = read.and_then(|read| read.work);
                let stands = known.iter().rev().find(|judged| task.is_of(judged) && judged.submission == digest && judged.stands());
                if !order.only.is_empty() && !order.only.contains(&learner.id) {
                    if stands.is_none() {
                        waiting.push((learner.id.clone(), scenario.id().to_owned()));
                    }
                    continue;
                }
                match work {
                    Ok(_) if stands.is_none() || order.again => tasks.push(task),
                    Ok(_) => {}
                    Err(rejection) => {
                        let judged = task.rejected(&rejection, digest, submitted);
                        if stands.is_none_or(|stands| (stands.state, &stands.reason) != (judged.state, &judged.reason)) {
                            rejected.push(judged);
                        }
                    }
                }
            }
        }
        let tally = Tally::new(tasks.len() + rejected.len());
        for judged in &rejected {
            self.keep(order, &tally, judged).await?;
        }
        let (next, environments) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let workers = (0..self.bearable(order.jobs)?.min(tasks.len())).map(async |_| {
            let engine = self.quiet();
            while let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
                let judged = engine.grade_task(order, folder, task, scenarios.len() == 1, &environments).await;
                engine.keep(order, &tally, &judged).await?;
            }
            Ok::<(), RunnerError>(())
        });
        futures::future::join_all(workers).await.into_iter().collect::<Result<(), _>>()?;
        Ok(waiting)
    }

    /// Grades one submission, each try in an environment of its own.
    async fn grade_task(&self, order: &GradeOrder, folder: &Path, task: &Task<'_>, alone: bool, environments: &AtomicUsize) -> Judged {
        let submission = match task.read(folder, alone) {
            Ok(Some(submission)) => submission,
            Ok(None) => return task.judged(EntryState::Missing, None),
            Err(rejection) => return task.rejected(&rejection, None, None),
        };
        let work = match &submission.work {
            Ok(work) => work,
            Err(rejection) => return task.rejected(rejection, Some(submission.digest.clone()), submission.modified),
        };
        let mut judged = task.judged(EntryState::Failed, None);
        for _ in 0..TRIES {
            let environment = own::name("grade", environments.fetch_add(1, Ordering::Relaxed));
            let tried = self.try_task(order, task, &submission, work, &environment).await;
            // What is left of it is removed by the next command, as after a kill.
            if let Err(error) = self.stop(&environment, false).await {
                tracing::warn!(environment, %error, "an environment of a grading was not removed");
            }
            match tried {
                Ok(done) => {
                    judged = done;
                    break;
                }
                Err(error) => judged.reason = Some(failed(&error)),
            }
        }
        Judged { submission: Some(submission.digest.clone()), submitted: submission.modified, ..judged }
    }

    async fn try_task(
        &self,
        order: &GradeOrder,
        task: &Task<'_>,
        submission: &Submission,
        work: &Work,
        environment: &str,
    ) -> Result<Judged, RunnerError> {
        let placed = place::placed(&self.provider(environment)?, task.scenario, environment)?;
        self.start_scenario(&placed, environment, StartOptions { replace: true, ..StartOptions::default() }).await?;
        let session = self.session(environment).await?;
        let attempt = session.attempt.id.clone();
        let handed_in = json!({"learner": task.learner.id, "at": submission.modified, "submission": submission.digest});
        self.log(&attempt, LogKind::Submitted, handed_in).await?;
        let applied = tokio::time::timeout(order.limit, self.apply_work(&session, work)).await;
        let Ok(applied) = applied else {
            let seconds = order.limit.as_secs();
            let why = Text::new(
                format!("적용하는 데 {seconds}초가 넘게 걸려 멈췄습니다"),
                format!("applying it took more than {seconds} seconds and was ended"),
            );
            return Ok(Judged { reason: Some(why), ..task.judged(EntryState::Refused, Some(attempt)) });
        };
        let Applied { used, notes } = applied?;
        let reason = told(&notes);
        if used == 0 {
            return Ok(Judged { reason, ..task.judged(EntryState::Unusable, Some(attempt)) });
        }
        let checked = self.check(&session, &CheckOptions { provisional: false, step: None, trigger: Trigger::Submit }).await?;
        if checked.run.blind() {
            let message = Text::new("아무 검사도 클러스터를 볼 수 없었습니다", "no check could look at the cluster");
            return Err(RunnerError::new(ErrorClass::CouldNotCheck, message));
        }
        let state = if checked.score.is_final { EntryState::Graded } else { EntryState::Pending };
        Ok(Judged { reason, ..task.judged(state, Some(attempt)) })
    }
}

impl Task<'_> {
    fn read(&self, folder: &Path, alone: bool) -> Result<Option<Submission>, Rejection> {
        submission::read(folder, &self.learner.id, self.scenario.id(), alone, &Bounds::default())
    }

    fn is_of(&self, judged: &Judged) -> bool {
        judged.learner == self.learner.id
            && judged.scenario == self.scenario.id()
            && judged.scenario_digest == self.scenario.digest
            && judged.kubedrill == env!("CARGO_PKG_VERSION")
    }

    fn judged(&self, state: EntryState, attempt: Option<AttemptId>) -> Judged {
        Judged {
            learner: self.learner.id.clone(),
            scenario: self.scenario.id().to_owned(),
            scenario_digest: self.scenario.digest.clone(),
            submission: None,
            submitted: None,
            state,
            reason: None,
            attempt,
            kubedrill: env!("CARGO_PKG_VERSION").to_owned(),
            at: Timestamp::now(),
        }
    }

    fn rejected(&self, rejection: &Rejection, submission: Option<String>, submitted: Option<Timestamp>) -> Judged {
        let state = match rejection.blame {
            Blame::Unusable => EntryState::Unusable,
            Blame::Refused => EntryState::Refused,
            Blame::Failed => EntryState::Failed,
        };
        Judged { submission, submitted, reason: Some(rejection.why.clone()), ..self.judged(state, None) }
    }
}

/// Our own failure, in words.
pub(super) fn failed(error: &RunnerError) -> Text {
    let cause = error.cause.as_ref().map(|cause| format!(": {cause}")).unwrap_or_default();
    Text::new(
        format!("{}{cause}. 같은 명령을 다시 실행하면 다시 채점합니다", error.message.ko),
        format!("{}{cause}; the same command grades it again", error.message.en),
    )
}

/// The most notes that a reason repeats.
const MOST_NOTES: usize = 5;

/// What of a submission could not be used, as one text.
fn told(notes: &[Text]) -> Option<Text> {
    let more = notes.len().saturating_sub(MOST_NOTES);
    let all = notes
        .iter()
        .take(MOST_NOTES)
        .cloned()
        .reduce(|all, note| Text::new(format!("{}; {}", all.ko, note.ko), format!("{}; {}", all.en, note.en)))?;
    Some(if more == 0 { all } else { Text::new(format!("{}; 그 밖에 {more}건", all.ko), format!("{}; and {more} more", all.en)) })
}
