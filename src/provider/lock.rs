use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use super::files::{FileError, make_private};

/// Why a lock is not ours.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another command holds the environment.
    #[error("another kubedrill command ({holder}) is working on this environment; wait until it has ended, or end it, and try again")]
    Busy {
        /// Its process and what it does.
        holder: String,
    },
    /// Its file cannot be worked with.
    #[error(transparent)]
    File(#[from] FileError),
}

/// Held while a command changes something that other commands would change too. The system releases it when the
/// process ends, in whatever way.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held for its lock")] File);

impl Lock {
    /// Takes the lock, or says who has it.
    pub fn take(path: &Path, command: &str) -> Result<Self, LockError> {
        let mut file = open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // The holder may not have written yet.
                let _ = file.read_to_string(&mut holder);
                return Err(LockError::Busy { holder: if holder.is_empty() { "just starting".into() } else { holder } });
            }
            Err(TryLockError::Error(error)) => return Err(FileError::new("lock", path)(error).into()),
        }
        file.set_len(0).and_then(|()| write!(file, "pid {}, `{command}`", std::process::id())).map_err(FileError::new("write", path))?;
        Ok(Self(file))
    }
}

fn open(path: &Path) -> Result<File, LockError> {
    if let Some(folder) = path.parent() {
        make_private(folder)?;
    }
    let mut options = OpenOptions::new();
    let opened = options.read(true).write(true).create(true).truncate(false).mode(0o600).open(path);
    opened.map_err(|error| FileError::new("open", path)(error).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_command_is_told_who_works() {
        let root = tempfile::tempdir().expect("a folder");
        let path = root.path().join("locks/default.lock");
        let first = Lock::take(&path, "start").expect("nobody has it");
        let error = Lock::take(&path, "stop").expect_err("somebody has it").to_string();
        assert!(error.contains(&format!("pid {}, `start`", std::process::id())), "{error}");
        drop(first);
        Lock::take(&path, "stop").expect("nobody has it any more");
    }
}
