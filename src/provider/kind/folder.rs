use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::KindError;
use crate::provider::files::{FileError, make_private};

/// One environment's folder. Everything that an environment leaves on this machine, besides its containers, is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder(PathBuf);

impl Folder {
    /// A folder at an absolute path.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Makes it, for its owner only.
    pub fn create(&self) -> Result<(), KindError> {
        Ok(make_private(&self.0)?)
    }

    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The access of one identity.
    pub fn kubeconfig(&self, identity: &str) -> PathBuf {
        self.0.join(format!("{identity}.kubeconfig"))
    }

    /// kind's whole output.
    pub fn log(&self) -> PathBuf {
        self.0.join("kind.log")
    }

    /// Removes it with all that is in it. Idempotent.
    pub fn remove(&self) -> Result<(), KindError> {
        match fs::remove_dir_all(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(FileError::new("remove", &self.0)(error).into()),
            _ => Ok(()),
        }
    }
}
