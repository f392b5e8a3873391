use serde::{Deserialize, Serialize};

use super::{
    SandboxError,
    desired::{check_version, read_json, write_json},
    folder::Folder,
};
use crate::process::ProcessId;

/// What the supervisor has made true so far. Only the supervisor writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct State {
    /// Of this format.
    pub version: u32,
    /// The supervisor's process.
    pub supervisor: ProcessId,
    /// The newest [`super::desired::Desired`] that this state answers.
    pub generation: u64,
    /// The API server answers that it is ready.
    pub api_ready: bool,
    /// How many nodes are ready.
    pub nodes_ready: u32,
    /// Everything that is wanted runs and is ready.
    pub ready: bool,
    /// It was ready once: what is stored in it may be somebody's work.
    pub established: bool,
    /// The part that would not start, and why; the supervisor has given up.
    pub failure: Option<Failure>,
    /// The parts that were started.
    pub parts: Vec<PartState>,
}

/// A part that would not start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Failure {
    /// Which.
    pub part: String,
    /// Why.
    pub reason: String,
}

/// A part that was started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartState {
    /// Which.
    pub name: String,
    /// Its process; `None` while it does not run.
    pub process: Option<ProcessId>,
    /// How often it was started again.
    pub restarts: u32,
    /// The highest that its anonymous memory was when looked at, in bytes.
    pub peak_memory_bytes: u64,
}

impl State {
    /// Nothing is true yet.
    pub fn new(supervisor: ProcessId) -> Self {
        Self {
            version: 1,
            supervisor,
            generation: 0,
            api_ready: false,
            nodes_ready: 0,
            ready: false,
            established: false,
            failure: None,
            parts: Vec::new(),
        }
    }

    /// Reads it; `None` when nobody wrote it.
    pub fn read(folder: &Folder) -> Result<Option<Self>, SandboxError> {
        let state: Option<Self> = read_json(folder.file("state.json"))?;
        state.map(|state| check_version(folder.file("state.json"), state.version).map(|()| state)).transpose()
    }

    /// Writes it.
    pub fn write(&self, folder: &Folder) -> Result<(), SandboxError> {
        write_json(folder.file("state.json"), self)
    }

    /// Ready for this generation, with every process that it names alive. A part without a process is one that was
    /// stopped on purpose, or one that nobody waits for.
    pub fn is_usable(&self, generation: u64) -> bool {
        self.ready && self.generation >= generation && self.is_running()
    }

    /// Every process that it names is alive.
    pub fn is_running(&self) -> bool {
        self.supervisor.is_alive() && self.parts.iter().all(|part| part.process.as_ref().is_none_or(ProcessId::is_alive))
    }
}
