use std::{path::PathBuf, sync::OnceLock};

use jiff::Timestamp;

use super::{ErrorClass, RunnerError, Session, library, phases::PhaseClock};
use crate::{
    attempt::{Attempt, AttemptId, AttemptState, LogKind},
    cluster::Cluster,
    event::Events,
    paths::Paths,
    provider::{
        Environment, EnvironmentStatus, Provider, ProviderName, Providers,
        existing::{ExistingProvider, ExistingSettings},
        kind::{KindProvider, KindSettings},
        sandbox::{self, SandboxProvider, SandboxSettings},
    },
    provision,
    reader::Reader,
    scenario::{Bundle, Catalogue, Scenario},
    store::{AttemptFilter, Store},
    text::Text,
};

/// What the engine must know of its surroundings.
#[derive(Debug, Clone)]
pub struct EngineSettings {
    /// kubedrill's own folders.
    pub paths: Paths,
    /// Prebuilt programs of the sandbox.
    pub sandbox_bin: Option<PathBuf>,
    /// What was chosen for clusters of kind.
    pub kind: KindSettings,
    /// This program, which also supervises.
    pub program: PathBuf,
    /// Folders of scenarios besides the shipped ones.
    pub packs: Vec<PathBuf>,
    /// What the user asked for, so that another command can name it while it waits.
    pub command: String,
    /// The provider that was asked for.
    pub provider: Option<ProviderName>,
    /// The environment that was asked for.
    pub environment: Option<String>,
    /// What was said about somebody else's cluster.
    pub existing: ExistingSettings,
    /// Scripts of scenarios may run on this machine.
    pub scripts: bool,
}

/// Everything that the commands work with.
#[derive(Debug, Clone)]
pub struct Engine {
    pub(super) settings: EngineSettings,
    pub(super) store: Store,
    pub(super) providers: Providers,
    pub(super) reader: Reader,
    pub(super) catalogue: OnceLock<Catalogue>,
    pub(super) alone: OnceLock<Scenario>,
    pub(super) events: Events,
    pub(super) clock: PhaseClock,
}

impl Engine {
    /// Opens the records. Starts nothing, and reads no scenario before one is asked for: `check` and `stop` need only their own.
    ///
    /// # Errors
    /// The records cannot be opened, or the shipped content cannot be unpacked.
    pub async fn open(settings: EngineSettings, events: Events) -> Result<Self, RunnerError> {
        let providers = providers(&settings)?;
        let store = Store::open(&settings.paths.database()).await.map_err(RunnerError::store)?;
        let clock = PhaseClock::default();
        let events = clock.listen(&events);
        let reader = reader(&settings, &events);
        Ok(Self { settings, store, providers, reader, catalogue: OnceLock::new(), alone: OnceLock::new(), events, clock })
    }

    /// Every scenario.
    ///
    /// # Errors
    /// One of them is not valid.
    pub fn catalogue(&self) -> Result<&Catalogue, RunnerError> {
        if let Some(loaded) = self.catalogue.get() {
            return Ok(loaded);
        }
        let loaded = library::catalogue(&self.settings.paths, &self.settings.packs)?;
        Ok(self.catalogue.get_or_init(|| loaded))
    }

    /// The scenario with this id. The first shipped one is read alone: the others would cost a command more time the more there are.
    ///
    /// # Errors
    /// There is none; suggests the nearest.
    pub fn scenario(&self, id: &str) -> Result<&Scenario, RunnerError> {
        if self.catalogue.get().is_none() && self.settings.packs.is_empty() {
            if self.alone.get().is_none()
                && let Some(found) = library::shipped(&self.settings.paths, id)?
            {
                return Ok(self.alone.get_or_init(|| found));
            }
            if let Some(found) = self.alone.get().filter(|scenario| scenario.id() == id) {
                return Ok(found);
            }
        }
        library::find(self.catalogue()?, id)
    }

    /// The bundle with this id; none when there is no such bundle.
    ///
    /// # Errors
    /// It is not valid.
    pub fn bundle(&self, id: &str) -> Result<Option<Bundle>, RunnerError> {
        if let Some(shipped) = library::shipped_bundle(&self.settings.paths, id)? {
            return Ok(Some(shipped));
        }
        if self.settings.packs.is_empty() {
            return Ok(None);
        }
        Ok(self.catalogue()?.bundles.iter().find(|bundle| bundle.id() == id).cloned())
    }

    /// Every attempt, newest first.
    ///
    /// # Errors
    /// The records cannot be read.
    pub async fn attempts(&self) -> Result<Vec<Attempt>, RunnerError> {
        self.store.list(&AttemptFilter::default()).await.map_err(RunnerError::store)
    }

    /// The names of all environments, also of those that an interrupted command left behind.
    ///
    /// # Errors
    /// The folder of environments cannot be read.
    pub fn environments(&self) -> Result<Vec<String>, RunnerError> {
        self.providers.environments().map_err(|e| RunnerError::environment("*", e))
    }

    /// How an environment is, and the attempt in it. Changes nothing.
    ///
    /// # Errors
    /// Neither can be read.
    pub async fn status(&self, environment: &str) -> Result<(Option<EnvironmentStatus>, Option<Attempt>), RunnerError> {
        let status = self.provider(environment)?.status(environment).await.map_err(|e| RunnerError::environment(environment, e))?;
        let attempt = self.store.current(environment).await.map_err(RunnerError::store)?;
        Ok((status, attempt))
    }

    /// The attempt that is open in an environment and its scenario, from what is stored: asks no cluster.
    ///
    /// # Errors
    /// None is open, or its scenario is not valid any more.
    pub async fn opened(&self, name: &str) -> Result<(Attempt, Scenario), RunnerError> {
        let attempt = self.store.current(name).await.map_err(RunnerError::store)?.ok_or_else(|| not_started(name))?;
        let scenario = library::of(&attempt)?;
        Ok((attempt, scenario))
    }

    /// The attempt that is open in an environment, with its environment brought back to life if need be, and with its cluster
    /// verified to be the one that it was started in.
    ///
    /// # Errors
    /// None is open, it is a part of a bundle that is finished, the environment does not come back, or the cluster is not the attempt's.
    pub async fn session(&self, name: &str) -> Result<Session, RunnerError> {
        let attempt = self.store.current(name).await.map_err(RunnerError::store)?.ok_or_else(|| not_started(name))?;
        if attempt.state == AttemptState::Starting {
            return Err(RunnerError::new(ErrorClass::NotStarted, Text::new("시작이 중간에 끊겼습니다", "the start was interrupted")).help(
                Text::new(
                    format!("`kubedrill start {}`로 다시 시작하세요", attempt.scenario),
                    format!("run `kubedrill start {}` again", attempt.scenario),
                ),
            ));
        }
        self.refuse_finished(&attempt.id).await?;
        let scenario = library::of(&attempt)?;
        if scenario.digest != attempt.versions.scenario {
            self.events.send(crate::event::Event::Warned {
                message: Text::new(
                    "시작한 뒤에 시나리오 파일이 바뀌었습니다. 정확히 하려면 stop 후 다시 start 하세요.",
                    "the scenario's files changed since the start; stop and start again to be exact.",
                ),
            });
        }
        let baseline = self.store.baseline(&attempt.id).await.map_err(RunnerError::store)?.unwrap_or_default();
        let environment = self.revived(&attempt, &scenario, name).await?;
        let cluster = connect(&environment)?;
        let marker = provision::verify_marker(&cluster, &environment.territory, &attempt.nonce, &attempt.cluster_uid)
            .await
            .map_err(RunnerError::cluster)?;
        self.unpause(&attempt.id).await?;
        let began = self.began(&attempt).await?;
        let answers_from = attempt.started;
        Ok(Session { attempt, scenario, environment, baseline, began, answers_from, cluster, marker })
    }

    /// When the learner could begin with what is there now: at the start, or at the last reset.
    async fn began(&self, attempt: &Attempt) -> Result<Timestamp, RunnerError> {
        let log = self.store.log_entries(&attempt.id).await.map_err(RunnerError::store)?;
        let resets = log.iter().filter(|entry| entry.kind == LogKind::Reset).map(|entry| entry.at);
        Ok(resets.max().unwrap_or(attempt.started).max(attempt.started))
    }

    /// Writes down what happened in an attempt.
    pub(super) async fn log(&self, attempt: &AttemptId, kind: LogKind, data: serde_json::Value) -> Result<(), RunnerError> {
        self.store.append_event(attempt, Timestamp::now(), kind, &data).await.map_err(RunnerError::store)
    }
}

/// The providers, as the settings have them. Needs no records: whoever asks what is wrong with this machine may have none.
///
/// # Errors
/// The shipped content cannot be unpacked.
pub fn providers(settings: &EngineSettings) -> Result<Providers, RunnerError> {
    let sandbox = SandboxSettings {
        programs: settings.sandbox_bin.clone(),
        images: Some(library::images(&settings.paths)?),
        supervisor: (settings.program.clone(), vec!["internal".into(), "supervise".into()]),
        command: settings.command.clone(),
        ..SandboxSettings::default()
    };
    let kind = KindSettings { programs: sandbox.clone(), command: settings.command.clone(), ..settings.kind.clone() };
    let (paths, existing) = (&settings.paths, settings.existing.clone());
    Ok(Providers::new(
        SandboxProvider::new(paths.clone(), sandbox),
        KindProvider::new(paths.clone(), kind),
        ExistingProvider::new(paths.clone(), existing),
    ))
}

/// kubedrill's own access to an environment.
pub(super) fn connect(environment: &Environment) -> Result<Cluster, RunnerError> {
    let cache = environment.admin_kubeconfig.with_file_name("discovery.json");
    Cluster::connect_in(&environment.admin_kubeconfig, &cache, &environment.territory).map_err(RunnerError::cluster)
}

fn not_started(environment: &str) -> RunnerError {
    RunnerError::new(
        ErrorClass::NotStarted,
        Text::new(
            format!("환경 `{environment}`에 열려 있는 시도가 없습니다"),
            format!("no attempt is open in the environment `{environment}`"),
        ),
    )
    .help(Text::new(
        "`kubedrill list`로 고르고 `kubedrill start ID`로 시작하세요",
        "choose one with `kubedrill list`, then `kubedrill start ID`",
    ))
}

/// The reader of configurations, which is built when the first check needs it.
fn reader(settings: &EngineSettings, events: &Events) -> Reader {
    let (paths, events) = (settings.paths.clone(), events.clone());
    let programs =
        SandboxSettings { programs: settings.sandbox_bin.clone(), command: settings.command.clone(), ..SandboxSettings::default() };
    Reader::new(move || {
        let (paths, programs, events) = (paths.clone(), programs.clone(), events.clone());
        Box::pin(async move { sandbox::ensure_reader(&paths, &programs, &events).await.map_err(|e| e.to_string()) })
    })
}
