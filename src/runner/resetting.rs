use std::time::Instant;

use jiff::Timestamp;
use serde_json::json;

use super::{Engine, RunnerError, Session, parts::Parts, starting::not_set_up};
use crate::attempt::{ApiCalls, LogKind};

/// What a reset did.
#[derive(Debug, Clone, PartialEq)]
pub struct ResetDone {
    /// How many objects were put back, made again or removed.
    pub changed: usize,
    /// How long it took.
    pub seconds: f64,
    /// What it cost.
    pub calls: ApiCalls,
}

impl Engine {
    /// Goes back to exactly the broken state. The attempt goes on; the reset is counted.
    ///
    /// # Errors
    /// The cluster does not get there.
    pub async fn reset(&self, session: &Session) -> Result<ResetDone, RunnerError> {
        let started = Instant::now();
        let changed = self.restore(&mut session.clone()).await?;
        self.store.count_reset(&session.attempt.id).await.map_err(RunnerError::store)?;
        self.log(&session.attempt.id, LogKind::Reset, json!({"changed": changed})).await?;
        Ok(ResetDone { changed, seconds: started.elapsed().as_secs_f64(), calls: session.cluster.calls() })
    }

    /// Puts every object back and confirms that the fault bites again; says how many objects had to be put back.
    pub(super) async fn restore(&self, session: &mut Session) -> Result<usize, RunnerError> {
        let parts = Parts::new(self.provider_of(&session.attempt)?, &session.environment.name);
        let provisioner = self.provisioner(&session.cluster, &session.scenario, &session.environment, &parts);
        let reset = provisioner.reset(&session.marker, &session.baseline).await.map_err(|e| not_set_up(&session.scenario, e))?;
        if !reset.left.is_empty() {
            let left: Vec<_> = reset.left.iter().map(ToString::to_string).collect();
            return Err(not_set_up(&session.scenario, left.join("\n")));
        }
        self.store.save_baseline(&session.attempt.id, &reset.baseline).await.map_err(RunnerError::store)?;
        let now = Timestamp::now();
        (session.baseline, session.began, session.answers_from) = (reset.baseline, now, now);
        Ok(reset.found.len())
    }
}
