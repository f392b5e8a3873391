use std::collections::BTreeMap;

use super::{CheckOptions, Checked, Engine, ErrorClass, RunnerError, Session, StartOptions, own};
use crate::{attempt::Trigger, provider::Provider, report::Report, scenario::Solution, text::Text};

/// The whole story of a scenario, in an environment of its own that goes away at the end.
pub struct Demo<'a> {
    engine: &'a Engine,
    scenario: &'a str,
    solution: &'a Solution,
    environment: String,
    session: Option<Session>,
    started_seconds: BTreeMap<String, f64>,
    api_calls: u32,
    peak_memory_bytes: u64,
}

/// What a demo took.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoFigures {
    /// Seconds by phase.
    pub seconds: BTreeMap<String, f64>,
    /// Calls to the API server that kubedrill made.
    pub api_calls: u32,
    /// The most anonymous memory that the sandbox's parts had.
    pub peak_memory_bytes: u64,
}

impl Engine {
    /// Prepares a demo with a solution of the scenario; the first when none is named.
    ///
    /// # Errors
    /// There is no such scenario or solution.
    pub fn demo<'a>(&'a self, id: &str, solution: Option<&str>) -> Result<Demo<'a>, RunnerError> {
        let scenario = self.scenario(id)?;
        let found = scenario.solutions.iter().find(|s| solution.is_none_or(|name| s.name == name));
        let solution = found
            .ok_or_else(|| RunnerError::new(ErrorClass::Usage, Text::new("그런 해결 방법이 없습니다", "there is no such solution")))?;
        let environment = own::name("demo", 0);
        Ok(Demo {
            engine: self,
            scenario: scenario.id(),
            solution,
            environment,
            session: None,
            started_seconds: BTreeMap::new(),
            api_calls: 0,
            peak_memory_bytes: 0,
        })
    }
}

impl Demo<'_> {
    /// The solution that will be applied.
    #[must_use]
    pub fn solution(&self) -> &Solution {
        self.solution
    }

    /// Starts the scenario.
    ///
    /// # Errors
    /// It does not start.
    pub async fn start(&mut self) -> Result<Session, RunnerError> {
        self.engine.remove_orphans().await?;
        let started = self.engine.start(self.scenario, &self.environment, StartOptions::default()).await?;
        self.api_calls += started.calls.total();
        self.started_seconds = started.seconds;
        let session = self.engine.session(&self.environment).await?;
        self.session = Some(session.clone());
        Ok(session)
    }

    /// Runs the checks, with every wait that they ask for.
    ///
    /// # Errors
    /// It was not started, or the records cannot be written.
    pub async fn check(&mut self) -> Result<Checked, RunnerError> {
        let options = CheckOptions { provisional: false, step: None, trigger: Trigger::Submit };
        let checked = self.engine.check(self.session()?, &options).await?;
        self.api_calls += checked.run.calls.total();
        if let Ok(Some(status)) = self.engine.provider(&self.environment)?.status(&self.environment).await {
            self.peak_memory_bytes = self.peak_memory_bytes.max(status.peak_memory_bytes).max(status.memory_bytes);
        }
        Ok(checked)
    }

    /// Applies the solution with the learner's rights.
    ///
    /// # Errors
    /// It was not started, or the cluster refuses.
    pub async fn solve(&mut self) -> Result<(), RunnerError> {
        let session = self.session()?;
        let solution = self.engine.solution(session, &self.solution.name)?;
        self.engine.show_solution(session, solution).await?;
        self.engine.apply_solution(session, solution).await
    }

    /// The score report.
    ///
    /// # Errors
    /// It was not started.
    pub async fn report(&self) -> Result<Report, RunnerError> {
        self.engine.report(Some(&self.session()?.attempt.id), &self.environment).await
    }

    /// Removes everything; fine at any moment, also after a failure.
    ///
    /// # Errors
    /// Something does not go away.
    pub async fn stop(&self) -> Result<DemoFigures, RunnerError> {
        self.engine.stop(&self.environment, false).await?;
        let mut seconds = self.started_seconds.clone();
        for (phase, took) in self.engine.clock.take() {
            *seconds.entry(phase).or_default() += took;
        }
        Ok(DemoFigures { seconds, api_calls: self.api_calls, peak_memory_bytes: self.peak_memory_bytes })
    }

    fn session(&self) -> Result<&Session, RunnerError> {
        self.session
            .as_ref()
            .ok_or_else(|| RunnerError::new(ErrorClass::NotStarted, Text::new("시작하지 않았습니다", "it was not started")))
    }
}
