//! What this machine has left.

use std::{fs, path::Path};

/// The MiB of memory that this machine can still hand out without swapping; `None` where it does not say.
pub fn available_memory() -> Option<u64> {
    memory("MemAvailable:")
}

/// The MiB of memory of this machine; `None` where it does not say.
pub fn total_memory() -> Option<u64> {
    memory("MemTotal:")
}

/// How many inotify instances a user may have; `None` where there is no such limit.
pub fn inotify_instances() -> Option<u64> {
    fs::read_to_string("/proc/sys/fs/inotify/max_user_instances").ok()?.trim().parse().ok()
}

fn memory(key: &str) -> Option<u64> {
    let info = fs::read_to_string("/proc/meminfo").ok()?;
    let line = info.lines().find_map(|line| line.strip_prefix(key))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib / 1024)
}

/// The bytes that this user may still write where a folder is, or will be.
pub fn free_space(path: &Path) -> Option<u64> {
    let existing = path.ancestors().find(|path| path.exists())?;
    rustix::fs::statvfs(existing).ok().map(|stats| stats.f_bavail.saturating_mul(stats.f_frsize))
}
