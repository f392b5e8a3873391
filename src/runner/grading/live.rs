use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
};

use jiff::Timestamp;
use serde_json::json;

use super::{
    super::{CheckOptions, Engine, RunnerError},
    order::{GradeOrder, Tally},
    submissions::failed,
};
use crate::{
    attempt::{Attempt, AttemptState, LogKind, Trigger},
    gradebook::{EntryState, Judged},
    scenario::Scenario,
};

impl Engine {
    /// Checks the attempts that are open in the learners' environments, which stay as they are.
    pub(super) async fn grade_live(
        &self,
        order: &GradeOrder,
        scenarios: &[Scenario],
        environments: &BTreeMap<String, String>,
    ) -> Result<Vec<(String, String)>, RunnerError> {
        let (mut open, mut waiting) = (Vec::new(), Vec::new());
        for learner in &order.roster.learners {
            for scenario in scenarios {
                let names = match environments.get(&learner.id) {
                    Some(name) => vec![name.clone()],
                    None => vec![learner.id.clone(), format!("{}-{}", learner.id, scenario.id())],
                };
                for name in names {
                    let attempt = self.store.current(&name).await.map_err(RunnerError::store)?;
                    match attempt.filter(|attempt| attempt.state == AttemptState::Open && attempt.scenario == scenario.id()) {
                        Some(_) if !order.only.is_empty() && !order.only.contains(&learner.id) => {
                            waiting.push((learner.id.clone(), scenario.id().to_owned()));
                        }
                        Some(attempt) => open.push((learner.id.clone(), scenario, attempt)),
                        None => {}
                    }
                }
            }
        }
        let (tally, next) = (Tally::new(open.len()), AtomicUsize::new(0));
        let workers = (0..order.jobs.clamp(1, open.len().max(1))).map(async |_| {
            let engine = self.quiet();
            while let Some((learner, scenario, attempt)) = open.get(next.fetch_add(1, Ordering::Relaxed)) {
                let judged = engine.grade_open(learner, scenario, attempt).await;
                engine.keep(order, &tally, &judged).await?;
            }
            Ok::<(), RunnerError>(())
        });
        futures::future::join_all(workers).await.into_iter().collect::<Result<(), _>>()?;
        Ok(waiting)
    }

    async fn grade_open(&self, learner: &str, scenario: &Scenario, attempt: &Attempt) -> Judged {
        let judged = Judged {
            learner: learner.to_owned(),
            scenario: scenario.id().to_owned(),
            scenario_digest: scenario.digest.clone(),
            submission: None,
            submitted: None,
            state: EntryState::Failed,
            reason: None,
            attempt: Some(attempt.id.clone()),
            kubedrill: env!("CARGO_PKG_VERSION").to_owned(),
            at: Timestamp::now(),
        };
        match self.recheck(learner, attempt).await {
            Ok(state) => Judged { state, submitted: Some(judged.at), ..judged },
            Err(error) => Judged { reason: Some(failed(&error)), ..judged },
        }
    }

    async fn recheck(&self, learner: &str, attempt: &Attempt) -> Result<EntryState, RunnerError> {
        let session = self.session(&attempt.environment).await?;
        let checked = self.check(&session, &CheckOptions { provisional: false, step: None, trigger: Trigger::Submit }).await?;
        self.log(&attempt.id, LogKind::Rechecked, json!({"learner": learner})).await?;
        Ok(if checked.score.is_final { EntryState::Graded } else { EntryState::Pending })
    }
}
