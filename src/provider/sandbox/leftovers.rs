//! Processes of an environment that nobody watches any more.

use std::time::Duration;

use futures::future::join_all;

use super::{SandboxError, folder::Folder, parts::is_part};
use crate::process::{self, ListedProcess, ProcessId};

const PATIENCE: Duration = Duration::from_secs(5);

/// Finds the environment's processes by their command lines, this one excepted.
pub fn find(folder: &Folder) -> Result<Vec<ListedProcess>, SandboxError> {
    let listed = process::list().map_err(SandboxError::file("list the processes that use", folder.path()))?;
    let me = std::process::id();
    Ok(listed.into_iter().filter(|found| found.id.pid != me && found.names_folder(folder.path()) && is_part(&found.args)).collect())
}

/// Ends the environment's processes, other than those to keep: first whoever would start others, the store last.
pub async fn end(folder: &Folder, keep: &[ProcessId]) -> Result<(), SandboxError> {
    let mut found = find(folder)?;
    found.retain(|process| !keep.contains(&process.id));
    for rank in 0..=4 {
        let now = found.iter().filter(|process| self::rank(&process.args) == rank);
        join_all(now.map(|process| process::terminate(&process.id, PATIENCE))).await;
    }
    Ok(())
}

fn rank(args: &[String]) -> u8 {
    match args.get(1).map(String::as_str) {
        _ if args.iter().any(|arg| arg == "supervise") => 0,
        Some("kube-scheduler" | "kube-controller-manager") => 2,
        Some("kube-apiserver") => 3,
        Some("etcd") => 4,
        _ => 1,
    }
}
