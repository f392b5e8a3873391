//! What a start would do, without doing it.

use serde::Serialize;

use super::{Engine, RunnerError, place, starting};
use crate::provider::{Finding, Provider, ProviderName};

/// What a start would make, ask for or refuse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The scenario.
    pub scenario: String,
    /// Where its cluster would come from.
    pub provider: ProviderName,
    /// The environment that it would go into.
    pub environment: String,
    /// What would become of the environment.
    pub environment_would: EnvironmentWould,
    /// The scenario whose attempt is open there, which would have to be closed first.
    pub open_attempt: Option<String>,
    /// Capabilities that the scenario needs and the provider lacks: it would be refused.
    pub missing: Vec<String>,
    /// Worker nodes that the scenario asks for; the provider chooses when it does not say.
    pub workers: Option<u32>,
    /// Add-ons that would be installed.
    pub addons: Vec<String>,
    /// Namespaces that would be made.
    pub namespaces: Vec<String>,
    /// How many actions would make the healthy world, and how many would break it.
    pub actions: (usize, usize),
    /// The memory that a new environment would take, in MiB.
    pub memory_mib: u64,
    /// The disk that a new environment would take, in MiB.
    pub disk_mib: u64,
    /// What this machine lacks for a new environment.
    pub lacking: Vec<Finding>,
}

/// What would become of an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum EnvironmentWould {
    /// There is none: it would be made.
    BeMade,
    /// It runs and would be used as it is.
    BeUsed,
    /// It is there and would be brought back first.
    BeRepaired,
}

impl Plan {
    /// Nothing stands in the way.
    #[must_use]
    pub fn would_start(&self) -> bool {
        self.missing.is_empty() && self.lacking.is_empty() && self.open_attempt.is_none()
    }
}

impl Engine {
    /// What [`Engine::start`] would do. Changes nothing.
    ///
    /// # Errors
    /// There is no such scenario, or the environment cannot be looked at.
    pub async fn plan(&self, id: &str, environment: &str, with: &[String]) -> Result<Plan, RunnerError> {
        let provider = self.provider(environment)?;
        let scenario = &place::placed(&provider, &place::with(self.scenario(id)?, with)?, environment)?;
        let request = place::request(scenario, environment);
        let failed = |error| RunnerError::environment(environment, error);
        let offered = provider.capabilities(&request).await.map_err(failed)?;
        let environment_would = match provider.status(environment).await.map_err(failed)? {
            None => EnvironmentWould::BeMade,
            Some(status) if status.usable => EnvironmentWould::BeUsed,
            Some(_) => EnvironmentWould::BeRepaired,
        };
        let diagnosis = provider.diagnose().await;
        let is_new = environment_would == EnvironmentWould::BeMade;
        let open = self.store.current(environment).await.map_err(RunnerError::store)?;
        let spec = &scenario.file.spec;
        Ok(Plan {
            scenario: scenario.id().to_owned(),
            provider: provider.name(),
            environment: environment.to_owned(),
            environment_would,
            open_attempt: open.map(|attempt| attempt.scenario).filter(|open| open != scenario.id()),
            missing: starting::missing(&provider, &request, scenario, &offered),
            workers: request.workers,
            memory_mib: if is_new { diagnosis.memory_mib + provider.addon_memory(&request.addons).map_err(failed)? } else { 0 },
            addons: request.addons,
            namespaces: spec.namespaces.clone(),
            actions: (spec.stage.len(), spec.fault.len()),
            disk_mib: if is_new { diagnosis.disk_mib } else { 0 },
            lacking: diagnosis.findings.into_iter().filter(|finding| is_new && !finding.ok).collect(),
        })
    }
}
