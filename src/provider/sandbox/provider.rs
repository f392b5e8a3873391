use std::{collections::BTreeSet, time::Duration};

use jiff::Timestamp;

use super::{
    SandboxError, SandboxSettings,
    addons::InstalledAddon,
    desired::Desired,
    diagnose::{self, diagnose},
    folder::Folder,
    leftovers,
    nodes::{MOST_WORKERS, path_excess},
    parts::{components, parts},
    programs,
    start::{self, Wanted},
    state::State,
};
use crate::{
    event::{Events, Phase},
    load::{Hub, LoadClient},
    paths::Paths,
    process::{self, ProcessId},
    provider::{
        CUSTOM_METRICS, Capability, Diagnosis, Environment, EnvironmentRequest, EnvironmentStatus, METRICS_SERVER, PartStatus, Provider,
        ProviderName, environment::can_name, files::names_in, lock::Lock,
    },
    territory::Territory,
    text::Text,
};

/// For a supervisor to stop everything.
const PATIENCE: Duration = Duration::from_secs(40);

/// Worker nodes of an environment, unless a scenario asks for more.
const DEFAULT_WORKERS: u32 = 3;
/// The longest name of an environment.
const LONGEST_NAME: usize = 40;
/// What a sandbox can do.
const CAPABILITIES: [Capability; 7] = [
    Capability::Api,
    Capability::Nodes,
    Capability::LoadBalancer,
    Capability::Metrics,
    Capability::Load,
    Capability::Components,
    Capability::ClusterAdmin,
];

/// Real Kubernetes components as processes of this user, with a simulated container runtime and network.
#[derive(Debug, Clone)]
pub struct SandboxProvider {
    paths: Paths,
    settings: SandboxSettings,
}

impl SandboxProvider {
    /// A provider that keeps everything below these folders.
    #[must_use]
    pub fn new(paths: Paths, settings: SandboxSettings) -> Self {
        Self { paths, settings }
    }

    fn folder(&self, name: &str) -> Result<Folder, SandboxError> {
        if !can_name(name, LONGEST_NAME) {
            return Err(SandboxError::Name(name.to_owned()));
        }
        let environments = self.paths.environments();
        let environments = std::path::absolute(&environments).map_err(SandboxError::file("find", environments))?;
        Ok(Folder::at(environments.join(name)))
    }

    fn lock(&self, name: &str) -> Result<Lock, SandboxError> {
        Ok(Lock::take(&self.paths.state.join("locks").join(format!("{name}.lock")), &self.settings.command)?)
    }

    async fn addons(&self, names: &[String], events: &Events) -> Result<Vec<InstalledAddon>, SandboxError> {
        let mut installed = Vec::new();
        let catalogue = if names.is_empty() { Vec::new() } else { programs::catalogue()? };
        // metrics-server is a part of every sandbox, and the adapter of custom metrics is one of its programs.
        for name in names.iter().filter(|name| *name != METRICS_SERVER && *name != CUSTOM_METRICS) {
            let Some(addon) = catalogue.iter().find(|addon| addon.name == *name) else {
                let known = catalogue.iter().map(|addon| addon.name.as_str()).collect::<Vec<_>>().join(", ");
                return Err(SandboxError::UnknownAddon { addon: name.clone(), known });
            };
            let folder = programs::ensure_addon(&self.paths, &self.settings, addon, None, events).await?;
            installed.push(InstalledAddon { folder, addon: addon.clone() });
        }
        Ok(installed)
    }

    fn ports_of_others(&self, name: &str) -> Result<BTreeSet<u16>, SandboxError> {
        let mut ports = BTreeSet::new();
        for other in self.names()?.into_iter().filter(|other| other != name) {
            // An environment that cannot be read has no say.
            let desired = self.folder(&other).and_then(|folder| Desired::read(&folder)).ok().flatten();
            ports.extend(desired.into_iter().flat_map(|desired| desired.ports.into_values()));
        }
        Ok(ports)
    }
}

impl Provider for SandboxProvider {
    type Error = SandboxError;

    fn name(&self) -> ProviderName {
        ProviderName::Sandbox
    }

    async fn capabilities(&self, _: &EnvironmentRequest) -> Result<Vec<Capability>, SandboxError> {
        Ok(CAPABILITIES.to_vec())
    }

    async fn diagnose(&self) -> Diagnosis {
        diagnose(&self.paths, &self.settings).await
    }

    async fn ensure(&self, request: &EnvironmentRequest, events: &Events) -> Result<Environment, SandboxError> {
        let folder = self.folder(&request.name)?;
        let workers = request.workers.unwrap_or(DEFAULT_WORKERS);
        if workers > MOST_WORKERS {
            return Err(SandboxError::TooManyNodes { asked: workers, limit: MOST_WORKERS });
        }
        let excess = path_excess(folder.path());
        if excess > 0 {
            return Err(SandboxError::LongPath { folder: folder.path().to_owned(), excess });
        }
        let programs = programs::ensure(&self.paths, &self.settings, events).await?;
        let addons = self.addons(&request.addons, events).await?;
        let _lock = self.lock(&request.name)?;
        let others = self.ports_of_others(&request.name)?;
        let custom_metrics = request.addons.iter().any(|addon| addon == CUSTOM_METRICS);
        let wanted = Wanted { programs: programs.clone(), workers, addons, custom_metrics };
        start::start(&folder, &self.settings, &wanted, &others, events).await?;
        Ok(Environment {
            name: request.name.clone(),
            provider: self.name(),
            admin_kubeconfig: folder.kubeconfig("admin"),
            learner_kubeconfig: folder.kubeconfig("learner"),
            territory: Territory::WholeCluster,
            learner_user: "learner".into(),
            kubectl: Some(vec![programs.join("control-plane").display().to_string(), "kubectl".into()]),
            capabilities: CAPABILITIES.to_vec(),
        })
    }

    async fn status(&self, name: &str) -> Result<Option<EnvironmentStatus>, SandboxError> {
        let folder = self.folder(name)?;
        if !folder.path().exists() {
            return Ok(None);
        }
        let (desired, state) = (Desired::read(&folder)?, State::read(&folder)?);
        let part = |name: &str, process: Option<ProcessId>| {
            let process = process.filter(ProcessId::is_alive);
            let pid = process.map(|process| process.pid);
            let memory_bytes = pid.map_or(0, process::anonymous_memory);
            PartStatus { name: name.to_owned(), running: pid.is_some(), pid, memory_bytes, log: Some(folder.log(name)) }
        };
        let mut all = vec![part("supervisor", state.as_ref().map(|state| state.supervisor.clone()))];
        for spec in desired.iter().flat_map(|desired| parts(&folder, desired)) {
            let known = state.iter().flat_map(|state| &state.parts).find(|part| part.name == spec.name);
            all.push(part(&spec.name, known.and_then(|part| part.process.clone())));
        }
        let peak = |now: &PartStatus| {
            let known = state.iter().flat_map(|state| &state.parts).find(|part| part.name == now.name);
            known.map_or(0, |part| part.peak_memory_bytes).max(now.memory_bytes)
        };
        Ok(Some(EnvironmentStatus {
            name: name.to_owned(),
            usable: state.as_ref().is_some_and(|state| state.is_usable(desired.as_ref().map_or(0, |desired| desired.generation))),
            problem: None,
            memory_bytes: all.iter().map(|part| part.memory_bytes).sum(),
            peak_memory_bytes: all.iter().map(peak).sum(),
            parts: all,
        }))
    }

    fn down_since(&self, request: &EnvironmentRequest) -> Result<Option<Timestamp>, SandboxError> {
        let folder = self.folder(&request.name)?;
        // What a command is still making has not failed.
        let Some(state) = State::read(&folder)?.filter(|state| state.established) else { return Ok(None) };
        Ok(if state.is_running() { None } else { Some(folder.last_sign().unwrap_or_else(Timestamp::now)) })
    }

    fn names(&self) -> Result<Vec<String>, SandboxError> {
        let mut names = names_in(&self.paths.environments())?;
        names.retain(|name| self.folder(name).is_ok());
        Ok(names)
    }

    async fn stop(&self, name: &str, events: &Events) -> Result<(), SandboxError> {
        let folder = self.folder(name)?;
        let _lock = self.lock(name)?;
        events
            .phase(Phase::Stop, async {
                // Whatever the file says or does not say, what runs is found by its command line too.
                if let Ok(Some(state)) = State::read(&folder) {
                    process::terminate(&state.supervisor, PATIENCE).await;
                }
                leftovers::end(&folder, &[]).await?;
                folder.remove()
            })
            .await
    }

    fn room(&self) -> Option<(usize, Text)> {
        diagnose::room()
    }

    fn load(&self, name: &str) -> Result<Option<LoadClient>, SandboxError> {
        let folder = self.folder(name)?;
        let desired = Desired::read(&folder)?.ok_or_else(|| SandboxError::NotRunning(name.to_owned()))?;
        let file = folder.file("hub.secret");
        let secret = std::fs::read_to_string(&file).map_err(SandboxError::file("read", file))?;
        let port = desired.ports.get("hub").copied().unwrap_or_default();
        Ok(Some(LoadClient::over(Hub::new(port, secret.trim().to_owned()))))
    }

    fn addon_memory(&self, addons: &[String]) -> Result<u64, SandboxError> {
        Ok(programs::catalogue()?.iter().filter(|addon| addons.contains(&addon.name)).map(|addon| addon.memory).sum())
    }

    fn stopped_components(&self, name: &str) -> Result<Vec<String>, SandboxError> {
        let desired = Desired::read(&self.folder(name)?)?;
        Ok(desired.into_iter().flat_map(|desired| desired.stopped).collect())
    }

    async fn set_component(&self, name: &str, component: &str, running: bool) -> Result<(), SandboxError> {
        let folder = self.folder(name)?;
        let known = Desired::read(&folder)?.map_or_else(Vec::new, |desired| components(&desired));
        if !known.iter().any(|part| part == component) {
            return Err(SandboxError::UnknownComponent { part: component.to_owned(), known: known.join(", ") });
        }
        let _lock = self.lock(name)?;
        start::set_component(&folder, &self.settings, name, component, running).await
    }
}
