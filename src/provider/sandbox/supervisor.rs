//! The process that keeps one environment as it is wanted, until it is asked to end. It starts the parts, starts again
//! what dies, and stops everything in the right order.

use std::{
    collections::BTreeMap,
    net::Ipv4Addr,
    path::Path,
    time::{Duration, Instant},
};

use futures::future::join_all;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{
    SandboxError,
    addons::{Progress, Values},
    api::Api,
    bootstrap,
    desired::Desired,
    folder::Folder,
    leftovers,
    nodes::nodes,
    parts::{Needs, Part, parts},
    state::{Failure, PartState, State},
};
use crate::{
    process::{self, Detached, ProcessId, Running},
    provider::{CUSTOM_METRICS, METRICS_SERVER, files::tail, lock::Lock},
};

/// Between two looks while something comes up.
const SOON: Duration = Duration::from_millis(20);
/// Between two looks at an environment that is as it should be.
const LATER: Duration = Duration::from_millis(250);
/// Between two questions to an API server that was ready. Each is a new connection, and costs an idle sandbox.
const ASK_AGAIN: Duration = Duration::from_secs(4);
/// For a part to end by itself.
const PATIENCE: Duration = Duration::from_secs(5);
/// Starts of one part before an environment that was never ready is given up.
const TRIES: u32 = 4;
/// A part that ran so long did not fail at its start.
const STEADY: Duration = Duration::from_secs(30);
/// The longest pause before a part is started again.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// A peak of memory that is worth writing down.
const WORTH_WRITING: u64 = 1 << 20;

/// Keeps the environment of this folder until it is asked to end. Meant for a process of its own.
///
/// # Errors
/// Another supervisor keeps it, its files are not ours, or a part does not start.
pub async fn supervise(dir: &Path) -> Result<(), SandboxError> {
    let folder = Folder::at(dir);
    let _lock = Lock::take(&folder.file("supervisor.lock"), "internal supervise")?;
    let watch = |kind| signal(kind).map_err(SandboxError::file("watch signals for", dir));
    let (mut terminate, hangup) = (watch(SignalKind::terminate())?, watch(SignalKind::hangup())?);
    let mut supervisor = Supervisor::open(folder).await?;
    let ended = tokio::select! {
        _ = terminate.recv() => Ok(()),
        ended = supervisor.run(hangup) => ended,
    };
    supervisor.stop().await;
    ended
}

struct Supervisor {
    folder: Folder,
    desired: Desired,
    api: Api,
    asked: Option<Instant>,
    sampled: Instant,
    state: State,
    written: Option<State>,
    parts: BTreeMap<String, Supervised>,
    has_base: bool,
    has_metrics: bool,
    has_custom_metrics: bool,
    accepts_pods: bool,
    addons: BTreeMap<String, Progress>,
}

#[derive(Default)]
struct Supervised {
    running: Option<Running>,
    since: Option<Instant>,
    retry: Option<Instant>,
    restarts: u32,
    failures: u32,
    peak: u64,
}

impl Supervisor {
    async fn open(folder: Folder) -> Result<Self, SandboxError> {
        let desired = Desired::read(&folder)?.ok_or_else(|| SandboxError::NotRunning(folder.path().display().to_string()))?;
        let me = ProcessId::of(std::process::id()).unwrap_or(ProcessId { pid: std::process::id(), started: String::new() });
        let before = State::read(&folder)?;
        let mut parts = BTreeMap::new();
        let mut keep = vec![me.clone()];
        for part in before.iter().flat_map(|state| &state.parts) {
            let alive = part.process.clone().filter(ProcessId::is_alive);
            keep.extend(alive.clone());
            let running = alive.map(Running::adopt);
            let since = running.is_some().then(Instant::now);
            parts.insert(
                part.name.clone(),
                Supervised { running, since, restarts: part.restarts, peak: part.peak_memory_bytes, ..Supervised::default() },
            );
        }
        leftovers::end(&folder, &keep).await?;
        let port = desired.ports.get("kube-apiserver").copied().unwrap_or_default();
        let state = State { established: before.is_some_and(|state| state.established), ..State::new(me) };
        Ok(Self {
            api: Api::new(&folder, port)?,
            folder,
            desired,
            asked: None,
            sampled: Instant::now(),
            state,
            written: None,
            parts,
            has_base: false,
            has_metrics: false,
            has_custom_metrics: false,
            accepts_pods: false,
            addons: BTreeMap::new(),
        })
    }

    async fn run(&mut self, mut hangup: Signal) -> Result<(), SandboxError> {
        loop {
            let result = self.step().await;
            self.write()?;
            result?;
            let pause = if self.state.ready { LATER } else { SOON };
            tokio::select! {
                _ = hangup.recv() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    async fn step(&mut self) -> Result<(), SandboxError> {
        if let Some(desired) = Desired::read(&self.folder)? {
            self.desired = desired;
        }
        let wanted: Vec<Part> =
            parts(&self.folder, &self.desired).into_iter().filter(|part| !self.desired.stopped.contains(&part.name)).collect();
        self.end_unwanted(&wanted).await;
        self.notice_ends()?;
        self.start(&wanted)?;
        self.look().await;
        self.sample();
        let running = |part: &&Part| self.parts.get(&part.name).is_some_and(|part| part.running.is_some());
        let missing = wanted.iter().filter(|part| part.needs != Needs::Nodes).any(|part| !running(&part));
        // Nobody can ask an API server that was stopped on purpose.
        let addons_answer =
            self.desired.addons.iter().all(|(name, installed)| self.addons.get(name).is_some_and(|addon| addon.is_done(installed)));
        let answers =
            self.is_silent() || (self.state.api_ready && self.has_base && self.accepts_pods && self.nodes_are_ready() && addons_answer);
        self.state.ready = !missing && answers;
        self.state.established |= self.state.ready;
        self.state.generation = self.desired.generation;
        Ok(())
    }

    fn is_silent(&self) -> bool {
        ["etcd", "kube-apiserver"].iter().any(|part| self.desired.stopped.contains(*part))
    }

    /// All but those that were stopped on purpose, which may still seem to be ready for a while.
    fn nodes_are_ready(&self) -> bool {
        let wanted = nodes(self.desired.workers).into_iter().filter(|node| !self.desired.stopped.contains(&node.name)).count();
        usize::try_from(self.state.nodes_ready).is_ok_and(|ready| ready >= wanted)
    }

    async fn end_unwanted(&mut self, wanted: &[Part]) {
        let unwanted = self.parts.iter_mut().filter(|(name, _)| !wanted.iter().any(|part| part.name == **name));
        join_all(unwanted.filter_map(|(_, part)| part.running.take()).map(end)).await;
    }

    fn notice_ends(&mut self) -> Result<(), SandboxError> {
        for (name, part) in &mut self.parts {
            let Some(reason) = part.running.as_mut().and_then(Running::ended) else { continue };
            part.running = None;
            self.addons.values_mut().for_each(|addon| addon.ended(name));
            let steady = part.since.is_some_and(|since| since.elapsed() > STEADY);
            part.failures = if steady { 1 } else { part.failures + 1 };
            if part.failures >= TRIES && !self.state.established {
                self.state.failure = Some(Failure { part: name.clone(), reason: reason.clone() });
                let log = self.folder.log(name);
                return Err(SandboxError::Part { part: name.clone(), reason, tail: tail(&log), log });
            }
            let pause = Duration::from_millis(100) * 2_u32.saturating_pow(part.failures.min(10));
            part.retry = Some(Instant::now() + pause.min(LONGEST_PAUSE));
            if name == "kube-apiserver" || name == "etcd" {
                self.state.api_ready = false;
                self.asked = None;
            }
        }
        Ok(())
    }

    fn start(&mut self, wanted: &[Part]) -> Result<(), SandboxError> {
        for spec in wanted {
            let may = match &spec.needs {
                Needs::Nothing => true,
                Needs::Nodes => self.state.api_ready && self.nodes_are_ready(),
                Needs::Addon(addon) => self.addons.get(addon).is_some_and(Progress::is_prepared),
            };
            let part = self.parts.entry(spec.name.clone()).or_default();
            if !may || part.running.is_some() || part.retry.is_some_and(|retry| retry > Instant::now()) {
                continue;
            }
            let detached = Detached {
                program: spec.program.clone(),
                args: spec.args.clone(),
                env: Some(spec.env.clone()),
                folder: self.folder.path().to_owned(),
                log: self.folder.log(&spec.name),
            };
            let running = detached.spawn().map_err(SandboxError::file("start", &spec.program))?;
            part.restarts += u32::from(part.since.is_some());
            part.since = Some(Instant::now());
            part.running = Some(running);
            // Written before anything is waited for: a process that no file names could only be found by its command line.
            self.write()?;
        }
        Ok(())
    }

    /// Asks the API server how things are, and makes what a fresh cluster lacks.
    async fn look(&mut self) {
        if self.is_silent() {
            self.state.api_ready = false;
            return;
        }
        let is_recent = self.asked.is_some_and(|asked| asked.elapsed() < ASK_AGAIN);
        if self.state.ready && is_recent {
            return;
        }
        if !(self.state.api_ready && is_recent) {
            self.asked = Some(Instant::now());
            self.state.api_ready = self.api.is_ready().await;
        }
        if !self.state.api_ready {
            return;
        }
        // What fails now is tried again at the next look.
        let (api, nodes) = (&self.api, nodes(self.desired.workers));
        let (has_base, accepts_pods, ready) = futures::join!(
            async { self.has_base || bootstrap::base(api).await.is_ok() },
            async { self.accepts_pods || bootstrap::accepts_pods(api).await.unwrap_or(false) },
            bootstrap::ready_nodes(api, &nodes),
        );
        (self.has_base, self.accepts_pods) = (has_base, accepts_pods);
        if let Ok(ready) = ready {
            self.state.nodes_ready = ready;
        }
        // Only once it listens: until then, every discovery of the API would tell of a group that does not answer.
        if !self.has_metrics && self.listens(METRICS_SERVER).await {
            self.has_metrics = bootstrap::metrics(&self.api, &self.desired).await.is_ok();
        }
        if !self.has_custom_metrics && self.listens(CUSTOM_METRICS).await {
            self.has_custom_metrics = bootstrap::custom_metrics(&self.api, &self.desired).await.is_ok();
        }
        let (parts, values) = (&self.parts, Values::new(&self.folder, &self.desired.ports));
        let runs = |program: &str| parts.get(program).is_some_and(|part| part.running.is_some());
        for (name, installed) in &self.desired.addons {
            let progress = self.addons.entry(name.clone()).or_default();
            if !progress.is_done(installed) {
                let _ = progress.advance(&self.api, installed, &values, runs).await;
            }
        }
    }

    /// The part runs and takes connections on its port.
    async fn listens(&self, name: &str) -> bool {
        let runs = self.parts.get(name).is_some_and(|part| part.running.is_some());
        let port = self.desired.ports.get(name).copied().unwrap_or_default();
        runs && tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok()
    }

    fn sample(&mut self) {
        if self.sampled.elapsed() < Duration::from_secs(1) {
            return;
        }
        self.sampled = Instant::now();
        for part in self.parts.values_mut() {
            if let Some(running) = &part.running {
                part.peak = part.peak.max(process::anonymous_memory(running.id().pid));
            }
        }
    }

    fn write(&mut self) -> Result<(), SandboxError> {
        let written = |name: &str| self.written.iter().flat_map(|state| &state.parts).find(|part| part.name == name);
        let parts = self.parts.iter().map(|(name, part)| {
            let before = written(name).map_or(0, |part| part.peak_memory_bytes);
            let peak_memory_bytes = if part.peak >= before + WORTH_WRITING { part.peak } else { before };
            let process = part.running.as_ref().map(|running| running.id().clone());
            PartState { name: name.clone(), process, restarts: part.restarts, peak_memory_bytes }
        });
        self.state.parts = parts.collect();
        if self.written.as_ref() != Some(&self.state) {
            self.state.write(&self.folder)?;
            self.written = Some(self.state.clone());
        }
        Ok(())
    }

    /// Ends every part: first whoever uses the API server, the store last, since an API server whose etcd went first
    /// hangs and keeps its port.
    async fn stop(&mut self) {
        // Nobody may begin to work in what is about to end.
        self.state.ready = false;
        let _ = self.write();
        let late = ["hub", "kube-scheduler", "kube-controller-manager", "kube-apiserver", "etcd"];
        let early: Vec<_> = self.parts.iter_mut().filter(|(name, _)| !late.contains(&name.as_str())).collect();
        join_all(early.into_iter().filter_map(|(_, part)| part.running.take()).map(end)).await;
        for group in [&late[..3], &late[3..4], &late[4..]] {
            let now = self.parts.iter_mut().filter(|(name, _)| group.contains(&name.as_str()));
            join_all(now.filter_map(|(_, part)| part.running.take()).map(end)).await;
        }
        // Whoever stops it reads the processes, and a folder that cannot be written is being removed.
        let _ = self.write();
    }
}

async fn end(mut running: Running) {
    process::terminate(running.id(), PATIENCE).await;
    // A child of ours stays a zombie until it is asked how it ended.
    running.ended();
}
