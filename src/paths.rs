//! Where kubedrill keeps things. Every place can be moved by `KUBEDRILL_HOME`, which tests use.

use std::path::PathBuf;

/// kubedrill's own folders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Built programs, by a hash of their sources: may be deleted at any time.
    pub cache: PathBuf,
    /// Attempts, environments, logs.
    pub state: PathBuf,
}

impl Paths {
    /// The folders below one root.
    #[must_use]
    pub fn below(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        Self { cache: root.join("cache"), state: root.join("state") }
    }

    /// One folder per environment, by its name.
    #[must_use]
    pub fn environments(&self) -> PathBuf {
        self.state.join("environments")
    }

    /// What the learner of an attempt hands in.
    #[must_use]
    pub fn files(&self, attempt: &str) -> PathBuf {
        self.state.join("files").join(attempt)
    }

    /// The key that signs results.
    #[must_use]
    pub fn signing_key(&self) -> PathBuf {
        self.state.join("keys").join("signing.pem")
    }

    /// The other half of it, to be given to whoever verifies.
    #[must_use]
    pub fn public_key(&self) -> PathBuf {
        self.state.join("keys").join("signing.pub.pem")
    }

    /// The secret that pseudonyms are made with.
    #[must_use]
    pub fn pseudonym_key(&self) -> PathBuf {
        self.state.join("keys").join("pseudonyms.key")
    }

    /// Scenarios under the names of teams.
    #[must_use]
    pub fn platforms(&self) -> PathBuf {
        self.state.join("platforms")
    }

    /// The attempts' database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.state.join("attempts.db")
    }
}
