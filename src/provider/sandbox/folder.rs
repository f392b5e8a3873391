use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::SandboxError;
use crate::provider::files::make_private;

/// One environment's folder. Everything that an environment leaves on this machine is in it.
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
    pub fn create(&self) -> Result<(), SandboxError> {
        for folder in ["", "pki", "pki/addons", "pki/etcd", "log", "sockets", "storage", "nodes", "tmp", "addons"] {
            make_private(&self.0.join(folder))?;
        }
        Ok(())
    }

    /// A file of the key and certificate folder.
    pub fn pki(&self, file: &str) -> PathBuf {
        self.0.join("pki").join(file)
    }

    /// The access of one identity.
    pub fn kubeconfig(&self, identity: &str) -> PathBuf {
        self.0.join(format!("{identity}.kubeconfig"))
    }

    /// A part's log.
    pub fn log(&self, part: &str) -> PathBuf {
        self.0.join("log").join(format!("{part}.log"))
    }

    /// A file directly in the folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// When a part last wrote a log or stored an object: about the last moment at which it ran.
    pub fn last_sign(&self) -> Option<Timestamp> {
        let written = |entry: fs::DirEntry| entry.metadata().ok()?.modified().ok();
        let entries = [self.0.join("log"), self.0.join("etcd/member/wal")].into_iter().filter_map(|folder| fs::read_dir(folder).ok());
        let last = entries.flatten().flatten().filter_map(written).max()?;
        Timestamp::try_from(last).ok()
    }

    /// Removes it with all that is in it. Idempotent.
    pub fn remove(&self) -> Result<(), SandboxError> {
        match fs::remove_dir_all(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                // A pod may have made a folder that even its owner may not enter.
                open_up(&self.0);
                fs::remove_dir_all(&self.0).map_err(SandboxError::file("remove", &self.0))
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(SandboxError::file("remove", &self.0)(error)),
            _ => Ok(()),
        }
    }
}

fn open_up(folder: &Path) {
    if fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).is_err() {
        return;
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            open_up(&entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::files::write_private;

    #[test]
    fn what_is_written_is_for_the_owner_only() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = Folder::at(root.path().join("environments/a"));
        folder.create().expect("it can be made");
        write_private(&folder.pki("ca.key"), "secret").expect("it can be written");
        let mode = |path: &Path| fs::metadata(path).expect("it exists").permissions().mode() & 0o777;
        assert_eq!((mode(folder.path()), mode(&folder.pki("ca.key"))), (0o700, 0o600));
    }

    #[test]
    fn a_locked_folder_inside_does_not_hinder_removal() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = Folder::at(root.path().join("a"));
        folder.create().expect("it can be made");
        let locked = folder.file("nodes/locked");
        fs::create_dir_all(locked.join("deep")).expect("folders");
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).expect("its mode can be set");
        folder.remove().expect("it can be removed");
        folder.remove().expect("removing twice is fine");
        assert!(!folder.path().exists());
    }
}
