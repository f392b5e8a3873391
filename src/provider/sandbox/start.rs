//! From a request to a usable environment: whatever an earlier command left is continued, repaired or cleaned up.

use std::{
    collections::BTreeSet,
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use super::{
    SandboxError, SandboxSettings,
    addons::InstalledAddon,
    certificates, configuration,
    desired::Desired,
    folder::Folder,
    leftovers,
    nodes::{folder_name, nodes},
    parts::port_names,
    ports,
    state::State,
};
use crate::{
    event::{Event, Events, Phase},
    process::{self, Detached, ProcessId},
    provider::files::{make_private, tail, write_private},
};

const LOOK_AGAIN: Duration = Duration::from_millis(15);
/// Starts with other ports when somebody was faster to take one, or with another supervisor when one was just ending.
const TRIES: u32 = 3;

/// What an environment must at least have.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The folder of the sandbox's programs.
    pub programs: PathBuf,
    /// Worker nodes.
    pub workers: u32,
    /// Add-ons.
    pub addons: Vec<InstalledAddon>,
    /// Custom and external metrics of the load.
    pub custom_metrics: bool,
}

/// Makes the environment usable.
pub async fn start(
    folder: &Folder,
    settings: &SandboxSettings,
    wanted: &Wanted,
    others: &BTreeSet<u16>,
    events: &Events,
) -> Result<(), SandboxError> {
    for attempt in 1.. {
        let supervisor = prepare(folder, settings, wanted, others).await?;
        let generation = Desired::read(folder)?.map_or(0, |desired| desired.generation);
        let waiting = Waiting { folder, settings, supervisor, generation };
        match waiting.until_usable(wanted, events).await {
            // A `stop` that was killed has told it to end.
            Err(SandboxError::Part { part, .. }) if attempt < TRIES && part == "supervisor" && !waiting.supervisor.is_alive() => {}
            Err(SandboxError::Part { log, .. }) if attempt < TRIES && is_port_taken(&log) => {}
            result => return result,
        }
    }
    Ok(())
}

fn is_port_taken(log: &std::path::Path) -> bool {
    tail(log).contains("address already in use")
}

/// Writes what is wanted and makes sure that a supervisor works on it.
async fn prepare(folder: &Folder, settings: &SandboxSettings, wanted: &Wanted, others: &BTreeSet<u16>) -> Result<ProcessId, SandboxError> {
    let state = State::read(folder)?;
    // One that has given up is about to end: what it began is begun anew.
    let works = |state: &&State| state.failure.is_none() && state.supervisor.is_alive();
    let supervisor = state.as_ref().filter(works).map(|state| state.supervisor.clone());
    let stored = Desired::read(folder)?;
    let mut desired = match stored.clone() {
        Some(desired) if supervisor.is_some() || state.as_ref().is_some_and(|state| state.established) => desired,
        _ => {
            // It was never usable: nobody's work is in it.
            leftovers::end(folder, &[]).await?;
            folder.remove()?;
            Desired::new(wanted.programs.clone())
        }
    };
    folder.create()?;
    desired.workers = desired.workers.max(wanted.workers);
    desired.custom_metrics |= wanted.custom_metrics;
    // A running add-on stays the one that it is.
    for addon in &wanted.addons {
        desired.addons.entry(addon.addon.name.clone()).or_insert_with(|| addon.clone());
    }
    if supervisor.is_none() {
        desired.programs.clone_from(&wanted.programs);
        free_ports(folder, &mut desired, state.as_ref()).await?;
    }
    let names = port_names(&desired);
    ports::assign(&mut desired.ports, names.iter().map(String::as_str), others)
        .map_err(SandboxError::file("find a port for", folder.path()))?;
    if stored.as_ref() == Some(&desired)
        && let Some(supervisor) = supervisor
    {
        return Ok(supervisor);
    }
    desired.generation += 1;
    let nodes = nodes(desired.workers);
    for node in &nodes {
        make_private(&folder.file(&folder_name(&node.name)))?;
    }
    let programs = desired.addons.values().flat_map(|installed| &installed.addon.programs);
    certificates::ensure(folder, &nodes, programs.map(|program| program.name.as_str()))?;
    if let Some(images) = &settings.images {
        let bytes = fs::read(images).map_err(SandboxError::file("read", images))?;
        write_private(&folder.file("images.yaml"), bytes)?;
    }
    configuration::write(folder, &desired.ports, &nodes)?;
    desired.write(folder)?;
    match supervisor {
        Some(supervisor) => {
            process::signal_reload(&supervisor);
            Ok(supervisor)
        }
        None => spawn_supervisor(folder, settings),
    }
}

/// Keeps the ports of parts that still run; lets go of one that a stranger has taken meanwhile, and then of all parts,
/// since they know each other by their ports.
async fn free_ports(folder: &Folder, desired: &mut Desired, state: Option<&State>) -> Result<(), SandboxError> {
    let alive: Vec<_> =
        state.iter().flat_map(|state| &state.parts).filter(|part| part.process.as_ref().is_some_and(ProcessId::is_alive)).collect();
    let keep: Vec<_> = alive.iter().filter_map(|part| part.process.clone()).collect();
    leftovers::end(folder, &keep).await?;
    // A part's further ports are named after it, as `etcd-peer`.
    let belongs = |port: &str, part: &str| port.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    let is_ours = |name: &str| alive.iter().any(|part| belongs(name, &part.name));
    if desired.ports.iter().any(|(name, port)| !is_ours(name) && !ports::is_free(*port)) {
        leftovers::end(folder, &[]).await?;
        desired.ports.retain(|_, port| ports::is_free(*port));
    }
    Ok(())
}

fn spawn_supervisor(folder: &Folder, settings: &SandboxSettings) -> Result<ProcessId, SandboxError> {
    let (program, first) = &settings.supervisor;
    let mut args = first.clone();
    args.push(folder.path().into());
    let supervisor =
        Detached { program: program.clone(), args, env: None, folder: folder.path().to_owned(), log: folder.log("supervisor") };
    Ok(supervisor.spawn().map_err(SandboxError::file("start", program))?.id().clone())
}

struct Waiting<'a> {
    folder: &'a Folder,
    settings: &'a SandboxSettings,
    supervisor: ProcessId,
    generation: u64,
}

impl Waiting<'_> {
    async fn until_usable(&self, wanted: &Wanted, events: &Events) -> Result<(), SandboxError> {
        if self.state().is_some_and(|state| state.is_usable(self.generation)) {
            return Ok(());
        }
        events.phase(Phase::ControlPlane, self.until(Phase::ControlPlane, events, |state| (state.api_ready || state.ready, 0, 0))).await?;
        let all = wanted.workers + 1;
        let nodes = |state: &State| (state.nodes_ready >= all || state.ready, state.nodes_ready, all);
        events.phase(Phase::Nodes, self.until(Phase::Nodes, events, nodes)).await?;
        let usable = |state: &State| (state.is_usable(self.generation), 0, 0);
        match wanted.addons.is_empty() {
            true => self.until(Phase::Nodes, events, usable).await,
            false => events.phase(Phase::Addons, self.until(Phase::Addons, events, usable)).await,
        }
    }

    async fn until(&self, phase: Phase, events: &Events, look: impl Fn(&State) -> (bool, u32, u32)) -> Result<(), SandboxError> {
        let deadline = Instant::now() + self.settings.patience;
        let mut told = None;
        loop {
            let state = self.state();
            if let Some(state) = &state {
                if let Some(failure) = &state.failure {
                    return Err(self.failed(&failure.part, &failure.reason));
                }
                let (done, count, total) = look(state);
                if told != Some(count) && total > 0 {
                    told = Some(count);
                    events.send(Event::PhaseProgressed { phase, done: count.into(), total: total.into(), detail: String::new() });
                }
                if done {
                    return Ok(());
                }
            }
            if !self.supervisor.is_alive() {
                return Err(self.failed("supervisor", "it ended"));
            }
            if Instant::now() >= deadline {
                let seconds = self.settings.patience.as_secs();
                return Err(self.failed(&suspect(state.as_ref()), &format!("it was not ready within {seconds} s")));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// The state that this very supervisor wrote.
    fn state(&self) -> Option<State> {
        State::read(self.folder).ok().flatten().filter(|state| state.supervisor.pid == self.supervisor.pid)
    }

    fn failed(&self, part: &str, reason: &str) -> SandboxError {
        let log = self.folder.log(part);
        SandboxError::Part { part: part.to_owned(), reason: reason.to_owned(), tail: tail(&log), log }
    }
}

/// Whose log is worth reading when an environment does not become ready.
fn suspect(state: Option<&State>) -> String {
    let Some(state) = state else { return "supervisor".into() };
    let down = state.parts.iter().find(|part| part.process.is_none());
    let down = down.or_else(|| state.parts.iter().filter(|part| part.restarts > 0).max_by_key(|part| part.restarts));
    match down {
        Some(part) => part.name.clone(),
        None if !state.api_ready => "kube-apiserver".into(),
        None => "worker-1".into(),
    }
}

/// Stops or starts one part of a running environment, and waits until it is so.
pub async fn set_component(
    folder: &Folder,
    settings: &SandboxSettings,
    name: &str,
    component: &str,
    running: bool,
) -> Result<(), SandboxError> {
    let state = State::read(folder)?.filter(|state| state.supervisor.is_alive());
    let (Some(state), Some(mut desired)) = (state, Desired::read(folder)?) else {
        return Err(SandboxError::NotRunning(name.to_owned()));
    };
    let changed = if running { desired.stopped.remove(component) } else { desired.stopped.insert(component.to_owned()) };
    if changed {
        desired.generation += 1;
        desired.write(folder)?;
        process::signal_reload(&state.supervisor);
    }
    let waiting = Waiting { folder, settings, supervisor: state.supervisor, generation: desired.generation };
    let done = |state: &State| {
        let runs = state.parts.iter().any(|part| part.name == component && part.process.is_some());
        (state.generation >= desired.generation && runs == running && (!running || state.ready), 0, 0)
    };
    waiting.until(Phase::ControlPlane, &Events::none(), done).await
}
