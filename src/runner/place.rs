//! Which environment a command means, and which provider it belongs to.

use super::{Engine, ErrorClass, RunnerError, library, own};
use crate::{
    attempt::{Attempt, AttemptState},
    check,
    cluster::SnapshotRequest,
    provider::{
        AnyProvider, CUSTOM_METRICS, Capability, Environment, EnvironmentRequest, METRICS_SERVER, Provider, ProviderError, ProviderName,
    },
    scenario::{Action, Scenario, read_manifests},
    store::AttemptFilter,
    text::Text,
};

impl Engine {
    /// The environment that a new attempt goes into: the one that was asked for, or the provider's default one.
    #[must_use]
    pub fn environment_for_start(&self) -> String {
        let asked = self.settings.environment.clone();
        asked.unwrap_or_else(|| self.settings.provider.unwrap_or(ProviderName::Sandbox).default_environment().to_owned())
    }

    /// The environment that a command works in: the one that was asked for; else, unless a provider was asked for, the default
    /// one when an attempt is open there, or the only one with an open attempt.
    ///
    /// # Errors
    /// Several could be meant, or the records cannot be read.
    pub async fn environment(&self) -> Result<String, RunnerError> {
        let default = self.environment_for_start();
        if self.settings.environment.is_some() || self.settings.provider.is_some() {
            return Ok(default);
        }
        let mut names = Vec::new();
        for state in [AttemptState::Open, AttemptState::Starting] {
            let filter = AttemptFilter { state: Some(state), ..AttemptFilter::default() };
            names.extend(self.store.list(&filter).await.map_err(RunnerError::store)?.into_iter().map(|a| a.environment));
        }
        names.retain(|name| !own::is_own(name));
        names.sort_unstable();
        names.dedup();
        if names.contains(&default) {
            return Ok(default);
        }
        match <[String; 1]>::try_from(names) {
            Ok([only]) => Ok(only),
            Err(names) if names.is_empty() => Ok(default),
            Err(names) => Err(several(&names)),
        }
    }

    /// The provider of an environment that may not exist yet.
    ///
    /// # Errors
    /// Another provider than the one that was asked for has an environment of this name.
    pub(super) fn provider(&self, environment: &str) -> Result<AnyProvider, RunnerError> {
        let owner = self.providers.owner(environment).map_err(|e| RunnerError::environment(environment, e))?;
        match (owner, self.settings.provider) {
            (Some(owner), Some(asked)) if owner.name() != asked => Err(belongs_elsewhere(environment, owner.name())),
            (Some(owner), _) => Ok(owner),
            (None, asked) => Ok(self.providers.get(asked.unwrap_or(ProviderName::Sandbox))),
        }
    }

    /// The provider that an attempt was started with.
    pub(super) fn provider_of(&self, attempt: &Attempt) -> Result<AnyProvider, RunnerError> {
        match attempt.provider.parse() {
            Ok(name) => Ok(self.providers.get(name)),
            Err(why) => Err(RunnerError::environment(&attempt.environment, why)),
        }
    }

    /// What the checks of a scenario read in an environment.
    pub(super) fn looked_at(&self, scenario: &Scenario, environment: &Environment) -> SnapshotRequest {
        SnapshotRequest { real: environment.is_real(), reader: Some(self.reader.clone()), ..check::request(scenario) }
    }

    /// The environment that a scenario needs, usable.
    pub(super) async fn ensure(&self, provider: &AnyProvider, scenario: &Scenario, name: &str) -> Result<Environment, RunnerError> {
        let refused = |error: ProviderError| RunnerError::environment(name, &error).lacking(error.lacks().to_vec());
        provider.ensure(&request(scenario, name), &self.events).await.map_err(refused)
    }
}

/// What a scenario asks of its environment.
pub(super) fn request(scenario: &Scenario, name: &str) -> EnvironmentRequest {
    let spec = &scenario.file.spec;
    let mut addons = spec.environment.addons.clone();
    for (capability, addon) in [(Capability::Metrics, METRICS_SERVER), (Capability::Load, CUSTOM_METRICS)] {
        if spec.needs(capability) {
            addons.push(addon.into());
        }
    }
    EnvironmentRequest {
        name: name.to_owned(),
        workers: spec.environment.workers,
        addons,
        namespaces: spec.namespaces.clone(),
        manifests: stage_manifests(scenario),
    }
}

/// The scenario with optional add-ons that somebody wants.
pub(super) fn with(scenario: &Scenario, addons: &[String]) -> Result<Scenario, RunnerError> {
    let environment = &scenario.file.spec.environment;
    if let Some(other) = addons.iter().find(|addon| !environment.optional_addons.contains(addon)) {
        let offered = environment.optional_addons.join(", ");
        let id = scenario.id();
        let error = RunnerError::new(
            ErrorClass::Usage,
            Text::new(
                format!("`{id}`은(는) 애드온 `{other}`을(를) 제공하지 않습니다"),
                format!("`{id}` does not offer the add-on `{other}`"),
            ),
        );
        return Err(match offered.is_empty() {
            true => error.help(Text::new("--with 없이 시작하세요", "start it without --with")),
            false => error.help(Text::new(format!("고를 수 있는 것: {offered}"), format!("it offers: {offered}"))),
        });
    }
    let mut scenario = scenario.clone();
    let wanted = &mut scenario.file.spec.environment.addons;
    wanted.extend(addons.iter().filter(|addon| !wanted.contains(addon)).cloned().collect::<Vec<_>>());
    Ok(scenario)
}

/// How an add-on is called among the capabilities of an attempt.
pub(super) fn addon_capability(addon: &str) -> String {
    format!("add-on {addon}")
}

/// Refuses to go on with an attempt whose environment was started without these add-ons.
pub(super) fn has_addons(attempt: &Attempt, addons: &[String]) -> Result<(), RunnerError> {
    let Some(lacking) = addons.iter().find(|addon| !attempt.capabilities.contains(&addon_capability(addon))) else { return Ok(()) };
    let id = &attempt.scenario;
    Err(RunnerError::new(
        ErrorClass::Usage,
        Text::new(
            format!("열려 있는 `{id}` 시도는 애드온 `{lacking}` 없이 시작됐습니다"),
            format!("the open attempt of `{id}` was started without the add-on `{lacking}`"),
        ),
    )
    .help(Text::new(
        format!("`kubedrill start {id} --with {lacking} --replace`로 다시 시작하세요"),
        format!("start again with `kubedrill start {id} --with {lacking} --replace`"),
    )))
}

/// What the stage applies. What cannot be read is reported where it is applied.
pub(super) fn stage_manifests(scenario: &Scenario) -> Vec<serde_json::Value> {
    let paths = scenario.file.spec.stage.iter().filter_map(|action| match action {
        Action::Apply(apply) => Some(&apply.path),
        _ => None,
    });
    paths.flat_map(|path| read_manifests(scenario, &scenario.dir, path).unwrap_or_default()).collect()
}

/// The scenario under the namespaces that it has in an environment.
pub(super) fn placed(provider: &AnyProvider, scenario: &Scenario, environment: &str) -> Result<Scenario, RunnerError> {
    let names = provider.namespace_names(environment, &scenario.file.spec.namespaces);
    let names = names.map_err(|e| RunnerError::environment(environment, e))?;
    library::renamed(scenario, names)
}

fn several(names: &[String]) -> RunnerError {
    let list = names.join(", ");
    RunnerError::new(
        ErrorClass::Usage,
        Text::new(format!("열려 있는 시도가 여러 환경에 있습니다: {list}"), format!("attempts are open in several environments: {list}")),
    )
    .help(Text::new("`--env 이름`으로 하나를 고르세요", "choose one with `--env NAME`"))
}

fn belongs_elsewhere(environment: &str, owner: ProviderName) -> RunnerError {
    RunnerError::new(
        ErrorClass::Usage,
        Text::new(
            format!("환경 `{environment}`은(는) 이미 `{owner}` 프로바이더의 것입니다"),
            format!("the environment `{environment}` belongs to the provider `{owner}` already"),
        ),
    )
    .help(Text::new(
        format!("`--env`로 다른 이름을 쓰거나 `kubedrill stop --env {environment}`로 먼저 정리하세요"),
        format!("take another name with `--env`, or remove it first with `kubedrill stop --env {environment}`"),
    ))
}
