use std::path::PathBuf;

use crate::attempt::AttemptId;

/// Why the store could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder or the file cannot be made or opened.
    #[error("open the attempts' database {path}: {reason}; check that its folder exists and may be written, or point KUBEDRILL_HOME elsewhere", path = .path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// A later kubedrill wrote it.
    #[error("the attempts' database {path} has schema {found}, this kubedrill knows up to {known}; update kubedrill, or point KUBEDRILL_HOME elsewhere", path = .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema's version.
        found: i64,
        /// The newest version that is known here.
        known: i64,
    },
    /// It is a database, but not ours.
    #[error("{path} is a database of another program; point KUBEDRILL_HOME at a folder of kubedrill's own", path = .path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// It is not a database, or a damaged one.
    #[error("the attempts' database {path} is damaged ({reason}); keep it for the record with `mv {path} {path}.damaged`, then run the command again: it starts a new one", path = .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the database says.
        reason: String,
    },
    /// No space is left.
    #[error("no space is left for the attempts' database {path}; free some and run the command again: everything stored before is still there", path = .path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// Another process holds it for too long.
    #[error("the attempts' database {path} is being written by another kubedrill; try again when that command is done", path = .path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// There is no such attempt.
    #[error("attempt {id} is not in the database {path}; `kubedrill status` names the current one", path = .path.display())]
    NoSuchAttempt {
        /// Its id.
        id: AttemptId,
        /// The file.
        path: PathBuf,
    },
    /// An id was given twice.
    #[error("attempt {id} is in the database {path} already", path = .path.display())]
    AttemptExists {
        /// Its id.
        id: AttemptId,
        /// The file.
        path: PathBuf,
    },
    /// The log of an attempt was changed after it was written.
    #[error("the event log of attempt {attempt} does not hold together at entry {seq}: it was changed after it was written")]
    LogBroken {
        /// The attempt.
        attempt: AttemptId,
        /// The first entry that does not fit.
        seq: i64,
    },
    /// A stored value cannot be read.
    #[error("{what} in the attempts' database {path} cannot be read: {reason}", path = .path.display())]
    Unreadable {
        /// What it is.
        what: String,
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Anything else that the database says.
    #[error("use the attempts' database {path}: {source}", path = .path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What it says.
        source: sqlx::Error,
    },
}
