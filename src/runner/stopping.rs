use jiff::Timestamp;

use super::{Engine, RunnerError, engine::connect, library};
use crate::{attempt::Attempt, event::Phase, provider::Provider, provision};

impl Engine {
    /// Closes the attempt of an environment and removes the environment; with `keep`, only what the scenario brought. Says
    /// whether there was anything.
    ///
    /// # Errors
    /// Something does not go away.
    pub async fn stop(&self, environment: &str, keep: bool) -> Result<bool, RunnerError> {
        let attempt = self.store.current(environment).await.map_err(RunnerError::store)?;
        let there = self.environments()?.iter().any(|n| n == environment);
        if keep {
            if let Some(attempt) = &attempt {
                self.clear(attempt).await?;
            }
        } else if there {
            self.provider(environment)?.stop(environment, &self.events).await.map_err(|e| RunnerError::environment(environment, e))?;
        }
        if let Some(attempt) = &attempt {
            self.close(attempt).await?;
        }
        Ok(there || attempt.is_some())
    }

    /// Closes an attempt in the records.
    pub(super) async fn close(&self, attempt: &Attempt) -> Result<(), RunnerError> {
        self.store.close_attempt(&attempt.id, Timestamp::now()).await.map_err(RunnerError::store)
    }

    /// Removes what an attempt brought into its environment, which goes on running.
    pub(super) async fn clear(&self, attempt: &Attempt) -> Result<(), RunnerError> {
        let scenario = library::load(std::path::Path::new(&attempt.scenario_dir), &attempt.scenario)?;
        let environment = self.ensure(&self.provider_of(attempt)?, &scenario, &attempt.environment).await?;
        let cluster = connect(&environment)?;
        self.events
            .phase(Phase::Stop, async { provision::teardown(&cluster, &environment.territory).await.map_err(RunnerError::cluster) })
            .await
    }
}
