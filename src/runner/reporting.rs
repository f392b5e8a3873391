use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Engine, ErrorClass, RunnerError, library};
use crate::{
    attempt::{Attempt, AttemptId},
    check,
    report::{Report, ReportInput},
    score,
    store::AttemptFilter,
    text::Text,
};

impl Engine {
    /// The score report of an attempt, or of the latest one in an environment. Reads stored data only.
    ///
    /// # Errors
    /// There is no such attempt, its scenario is gone, or the records cannot be read.
    pub async fn report(&self, id: Option<&AttemptId>, environment: &str) -> Result<Report, RunnerError> {
        self.report_as_of(id, environment, Timestamp::now()).await
    }

    /// The same as it would have been made at a moment.
    pub(super) async fn report_as_of(
        &self,
        id: Option<&AttemptId>,
        environment: &str,
        generated: Timestamp,
    ) -> Result<Report, RunnerError> {
        let attempt = self.attempt_of(id, environment).await?;
        let scenario = library::of(&attempt)?;
        let runs = self.store.runs(&attempt.id).await.map_err(RunnerError::store)?;
        let log = self.store.events(&attempt.id).await.map_err(RunnerError::store)?;
        let run = score::counting(runs.iter());
        let feedback: BTreeMap<_, _> = run
            .into_iter()
            .flat_map(|run| &run.results)
            .filter_map(|result| {
                let spec = scenario.checks().find(|c| c.id == result.id)?;
                Some((result.id.clone(), check::feedback(spec, result)))
            })
            .collect();
        let input = ReportInput { scenario: &scenario, attempt: &attempt, runs: &runs, run, feedback: &feedback, log: &log, generated };
        Ok(Report::new(&input))
    }

    /// This attempt, or the latest one in an environment.
    pub(super) async fn attempt_of(&self, id: Option<&AttemptId>, environment: &str) -> Result<Attempt, RunnerError> {
        let attempt = match id {
            Some(id) => self.store.get(id).await.map_err(RunnerError::store)?,
            None => {
                let filter = AttemptFilter { environment: Some(environment.to_owned()), ..AttemptFilter::default() };
                self.store.list(&filter).await.map_err(RunnerError::store)?.into_iter().next()
            }
        };
        attempt.ok_or_else(|| {
            RunnerError::new(ErrorClass::NotStarted, Text::new("그런 시도가 없습니다", "there is no such attempt"))
                .help(Text::new("`kubedrill report --list`가 모두 보여 줍니다", "`kubedrill report --list` shows them all"))
        })
    }
}
