use std::{io, path::PathBuf};

use super::BuildError;
use crate::provider::{files::FileError, lock::LockError};

/// Why the sandbox could not do what was asked, with the next thing to do.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The programs could not be had.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A file or folder could not be worked with.
    #[error(transparent)]
    File(#[from] FileError),
    /// The environment is locked, or cannot be.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// A part did not come up.
    #[error("{part} did not come up: {reason}; the last lines of {}:\n{tail}\nstop the environment with `kubedrill stop` and start it again", log.display())]
    Part {
        /// The part.
        part: String,
        /// What was seen.
        reason: String,
        /// Its log.
        log: PathBuf,
        /// The last lines of the log.
        tail: String,
    },
    /// A certificate could not be made.
    #[error("make the certificate of {name}: {source}")]
    Certificate {
        /// Whose.
        name: String,
        /// Why.
        source: rcgen::Error,
    },
    /// A name that cannot name an environment.
    #[error("`{0}` cannot name an environment: use 1 to 40 lower-case letters, digits and hyphens, beginning with a letter or digit")]
    Name(String),
    /// No environment of that name runs.
    #[error("no environment `{0}` runs; start one with `kubedrill start`")]
    NotRunning(String),
    /// A part that cannot be stopped or started by itself.
    #[error("`{part}` is no component of a sandbox; there are {known}")]
    UnknownComponent {
        /// What was asked for.
        part: String,
        /// What there is.
        known: String,
    },
    /// An add-on that nobody knows.
    #[error("`{addon}` is no add-on that kubedrill knows; there are {known}")]
    UnknownAddon {
        /// What was asked for.
        addon: String,
        /// What there is.
        known: String,
    },
    /// An add-on without objects for a cluster of containers.
    #[error("the add-on {0} runs in the sandbox only: start the scenario without --provider")]
    UncontainedAddon(String),
    /// More nodes than the sandbox makes.
    #[error("a sandbox has at most {limit} worker nodes, and {asked} were asked for")]
    TooManyNodes {
        /// Asked for.
        asked: u32,
        /// The most.
        limit: u32,
    },
    /// The kubelets' sockets would have paths that are too long.
    #[error("keep an environment in {}: the path is {excess} bytes too long for the kubelets' sockets; take a shorter --env, or point KUBEDRILL_HOME at a folder with a shorter path", folder.display())]
    LongPath {
        /// The environment's folder.
        folder: PathBuf,
        /// By how much.
        excess: usize,
    },
    /// The sandbox's API server did not answer as it should.
    #[error("ask the sandbox's API server: {0}")]
    Api(String),
    /// A file of ours holds something else than we write.
    #[error("{} is not what this version of kubedrill writes: {reason}; stop the environment with `kubedrill stop` and start it again", path.display())]
    Stored {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

impl SandboxError {
    /// For `map_err` on file work.
    pub(super) fn file(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let error = FileError::new(action, path);
        move |source| Self::File(error(source))
    }
}
