use std::time::Duration;

use super::{KindError, folder::Folder};
use crate::{process, provider::files::FileError};

const PATIENCE: Duration = Duration::from_secs(5);

/// Ends a kind that went on working for an environment when its kubedrill was killed: it would make, or remove, what is ours to handle
/// now. Whoever calls this holds the environment's lock, so no living kubedrill waits for it.
pub async fn end(folder: &Folder) -> Result<(), KindError> {
    let listed = process::list().map_err(FileError::new("list the processes in", "/proc"))?;
    for left in listed.iter().filter(|process| process.args.iter().any(|arg| arg == "create") && process.names_folder(folder.path())) {
        process::terminate(&left.id, PATIENCE).await;
    }
    Ok(())
}
