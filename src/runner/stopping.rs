use jiff::Timestamp;

use super::{Engine, ErrorClass, RunnerError, engine::connect, library};
use crate::{
    attempt::Attempt,
    event::Phase,
    provider::{Environment, Provider},
    provision,
    text::Text,
};

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
            let (provider, failed) = (self.provider(environment)?, |e| RunnerError::environment(environment, e));
            if let Some(lent) = provider.lent(environment).await.map_err(failed)? {
                self.take_down(&lent).await?;
            }
            provider.stop(environment, &self.events).await.map_err(failed)?;
        }
        if let Some(attempt) = &attempt {
            self.close(attempt).await?;
        }
        if !keep {
            self.end_open_bundle(environment).await?;
        }
        Ok(there || attempt.is_some())
    }

    /// Lets go of an environment whose cluster is gone for good: closes its attempt and removes what is kept here. Says whether
    /// there was anything.
    ///
    /// # Errors
    /// The environment is no cluster of somebody else's, or its files do not go away.
    pub async fn forget(&self, environment: &str) -> Result<bool, RunnerError> {
        let attempt = self.store.current(environment).await.map_err(RunnerError::store)?;
        let there = self.environments()?.iter().any(|n| n == environment);
        let provider = self.provider(environment)?;
        if there && !provider.forget(environment).map_err(|e| RunnerError::environment(environment, e))? {
            let message = Text::new(
                format!("환경 `{environment}`은(는) 이 컴퓨터의 것이라 `stop`만으로 지워집니다"),
                format!("the environment `{environment}` is this machine's own: `stop` removes it"),
            );
            return Err(RunnerError::new(ErrorClass::Usage, message));
        }
        if let Some(attempt) = &attempt {
            self.close(attempt).await?;
        }
        self.end_open_bundle(environment).await?;
        Ok(there || attempt.is_some())
    }

    /// Closes an attempt in the records, at the moment at which the learner was done with it.
    pub(super) async fn close(&self, attempt: &Attempt) -> Result<(), RunnerError> {
        let finished = self.store.part_finished(&attempt.id).await.map_err(RunnerError::store)?;
        self.store.close_attempt(&attempt.id, finished.unwrap_or_else(Timestamp::now)).await.map_err(RunnerError::store)
    }

    /// Removes what an attempt brought into its environment, which goes on running.
    pub(super) async fn clear(&self, attempt: &Attempt) -> Result<(), RunnerError> {
        let scenario = library::of(attempt)?;
        let environment = self.ensure(&self.provider_of(attempt)?, &scenario, &attempt.environment).await?;
        self.take_down(&environment).await
    }

    async fn take_down(&self, environment: &Environment) -> Result<(), RunnerError> {
        let cluster = connect(environment)?;
        let work = async { provision::teardown(&cluster, &environment.territory).await.map_err(RunnerError::cluster) };
        self.events.phase(Phase::Stop, work).await
    }
}
