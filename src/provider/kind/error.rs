use std::path::PathBuf;

use super::{EngineName, version::Version};
use crate::{
    cluster::ClusterError,
    provider::{files::FileError, lock::LockError, sandbox::SandboxError},
};

/// Why a cluster of kind could not be had, with the next thing to do.
#[derive(Debug, thiserror::Error)]
pub enum KindError {
    /// No container engine.
    #[error("{} found in PATH; install Docker or Podman, or use the sandbox, which needs neither (leave `--provider kind` out)", nothing(*asked))]
    NoEngine {
        /// The one that was asked for.
        asked: Option<EngineName>,
    },
    /// The engine does not answer.
    #[error("{engine} does not answer: {said}\nstart it ({}) and run the command again", engine.start())]
    EngineDown {
        /// Which.
        engine: EngineName,
        /// Its answer.
        said: String,
    },
    /// This user may not use the engine.
    #[error("this user may not use {engine}: {said}\n{}", engine.rights())]
    NoRights {
        /// Which.
        engine: EngineName,
        /// Its answer.
        said: String,
    },
    /// The engine is too old.
    #[error("{engine} {found} is too old: kubedrill needs {least} or newer; update {engine}")]
    EngineOld {
        /// Which.
        engine: EngineName,
        /// What is there.
        found: Version,
        /// What is needed.
        least: Version,
    },
    /// No kind.
    #[error("`{}` is not found; install kind {least} or newer (https://kind.sigs.k8s.io, or `go install sigs.k8s.io/kind@latest`) and make sure that it is in PATH", program.display())]
    NoKind {
        /// What was looked for.
        program: PathBuf,
        /// What is needed.
        least: Version,
    },
    /// kind is too old.
    #[error("kind {found} is too old: kubedrill needs {least} or newer; install a newer one (https://kind.sigs.k8s.io)")]
    KindOld {
        /// What is there.
        found: Version,
        /// What is needed.
        least: Version,
    },
    /// Not enough memory.
    #[error("a cluster with {nodes} nodes needs about {needed} MiB of memory and {engine} has {found} MiB {}; close other programs, ask for fewer nodes, or give {engine} more memory", if *free { "left" } else { "in all" })]
    MemoryShort {
        /// Which.
        engine: EngineName,
        /// Nodes in all.
        nodes: u32,
        /// MiB.
        needed: u64,
        /// MiB.
        found: u64,
        /// What is left counted, rather than all.
        free: bool,
    },
    /// Not enough disk.
    #[error("a cluster needs about {needed} MiB of disk at {}, where {engine} keeps its data, and {found} MiB are free; free some with `{engine_command} system prune`, or move the data of {engine}", path.display(), engine_command = engine.command())]
    DiskShort {
        /// Which.
        engine: EngineName,
        /// Where.
        path: PathBuf,
        /// MiB.
        needed: u64,
        /// MiB.
        found: u64,
    },
    /// The disk filled up while we worked.
    #[error("the disk of {engine} is full: {said}\nfree some with `{} system prune`, then run the command again: it cleans up what is half made", engine.command())]
    DiskFull {
        /// Which.
        engine: EngineName,
        /// Its answer.
        said: String,
    },
    /// A cluster of this name is not ours.
    #[error("a kind cluster `{cluster}` is there that kubedrill did not make ({}); it is left alone: take another name with `--env`, or delete it yourself with `kind delete cluster --name {cluster}` if nobody needs it", nodes.join(", "))]
    NameTaken {
        /// Its name.
        cluster: String,
        /// Its containers.
        nodes: Vec<String>,
    },
    /// The cluster was deleted by somebody else.
    #[error("the kind cluster `{cluster}` is gone: somebody deleted {}; what was in it is lost. Close the attempt with `kubedrill stop --env {environment}`, then start again", if missing.is_empty() { "it".to_owned() } else { missing.join(", ") })]
    Gone {
        /// Its name.
        cluster: String,
        /// The environment's name.
        environment: String,
        /// The containers that are missing; all when empty.
        missing: Vec<String>,
    },
    /// kind could not make the cluster.
    #[error("kind could not make the cluster{}: {said}\nthe last lines of {}:\n{tail}", step.as_ref().map(|step| format!(" (at: {step})")).unwrap_or_default(), log.display())]
    Create {
        /// The step that failed.
        step: Option<String>,
        /// kind's own words.
        said: String,
        /// Its whole output.
        log: PathBuf,
        /// The last lines of it.
        tail: String,
    },
    /// A command did not do what it should.
    #[error("`{command}` failed: {said}")]
    Command {
        /// The command.
        command: String,
        /// What it said.
        said: String,
    },
    /// Something in the cluster did not come to be.
    #[error("{what} within {seconds} s: {said}\nrun the command again, or remove the environment with `kubedrill stop`")]
    NotReady {
        /// What did not come to be.
        what: String,
        /// How long was waited.
        seconds: u64,
        /// What was seen last.
        said: String,
    },
    /// More or other nodes than asked for now.
    #[error("the environment was made with {there}, and {asked} is asked for; remove it first with `kubedrill stop --env {environment}`")]
    Differs {
        /// What there is.
        there: String,
        /// What is asked for.
        asked: String,
        /// The environment's name.
        environment: String,
    },
    /// The configuration of kind cannot be used.
    #[error("{} cannot be used as a configuration of kind: {why}", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A name that cannot name an environment.
    #[error(
        "`{name}` cannot name an environment of kind: use 1 to {most} lower-case letters, digits and hyphens, beginning with a letter or digit"
    )]
    Name {
        /// The name.
        name: String,
        /// The most characters.
        most: usize,
    },
    /// No environment of that name.
    #[error("no environment `{0}` runs; start one with `kubedrill start --provider kind`")]
    NotRunning(String),
    /// A part that cannot be stopped or started by itself.
    #[error("`{part}` is no component of a cluster of kind; there are {known}")]
    UnknownComponent {
        /// What was asked for.
        part: String,
        /// What there is.
        known: String,
    },
    /// A file of ours holds something else than we write.
    #[error("{} is not what this version of kubedrill writes: {reason}; remove the environment with `kubedrill stop` and start it again", path.display())]
    Stored {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A file or folder could not be worked with.
    #[error(transparent)]
    File(#[from] FileError),
    /// The environment is locked, or cannot be.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The cluster cannot be asked with our own access.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// A program of our own could not be had.
    #[error(transparent)]
    Programs(#[from] SandboxError),
}

fn nothing(asked: Option<EngineName>) -> String {
    asked.map_or_else(|| "neither docker nor podman is".to_owned(), |engine| format!("{} is not", engine.command()))
}
