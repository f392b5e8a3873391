//! The clock of an attempt stands while its environment fails: nobody loses time over what they did not break.

use jiff::Timestamp;
use serde_json::json;

use super::{Engine, RunnerError, place::request};
use crate::{
    attempt::{Attempt, AttemptId, LogKind, Run},
    provider::{Environment, Provider},
    scenario::Scenario,
    score::{PauseReason, Timing, timing},
};

impl Engine {
    /// The environment of an open attempt, usable again. What it takes to get there is written down before it begins, so that a
    /// command that is killed half-way leaves the clock standing.
    pub(super) async fn revived(&self, attempt: &Attempt, scenario: &Scenario, name: &str) -> Result<Environment, RunnerError> {
        let provider = self.provider_of(attempt)?;
        let failed = |e| RunnerError::environment(name, e);
        if let Some(since) = provider.down_since(&request(scenario, name)).map_err(failed)? {
            self.pause(&attempt.id, since, PauseReason::EnvironmentDown).await?;
        }
        let began = Timestamp::now();
        let ensured = self.ensure(&provider, scenario, name).await;
        if ensured.is_err() {
            self.pause(&attempt.id, began, PauseReason::EnvironmentUnusable).await?;
        }
        ensured
    }

    /// Stops the clock, unless it stands already.
    async fn pause(&self, id: &AttemptId, since: Timestamp, reason: PauseReason) -> Result<(), RunnerError> {
        if self.is_paused(id).await? {
            return Ok(());
        }
        self.log(id, LogKind::Paused, json!({"since": since, "reason": reason})).await
    }

    /// The cluster answers: the clock goes on, if it stood.
    pub(super) async fn unpause(&self, id: &AttemptId) -> Result<(), RunnerError> {
        if self.is_paused(id).await? { self.log(id, LogKind::Repaired, json!({})).await } else { Ok(()) }
    }

    /// What a run says about its environment: blind, it stops the clock; else the clock goes on.
    pub(super) async fn heed(&self, id: &AttemptId, run: &Run) -> Result<(), RunnerError> {
        if run.blind() { self.pause(id, run.started, PauseReason::ClusterUnreadable).await } else { self.unpause(id).await }
    }

    async fn is_paused(&self, id: &AttemptId) -> Result<bool, RunnerError> {
        self.store.is_paused(id).await.map_err(RunnerError::store)
    }

    /// What the clock of an attempt says now. Asks no cluster.
    ///
    /// # Errors
    /// The records cannot be read.
    pub async fn timing(&self, attempt: &Attempt, scenario: &Scenario) -> Result<Timing, RunnerError> {
        let runs = self.store.run_outlines(&attempt.id).await.map_err(RunnerError::store)?;
        let log = self.store.log_entries(&attempt.id).await.map_err(RunnerError::store)?;
        Ok(timing(scenario, attempt, &runs, &log, Timestamp::now()))
    }
}
