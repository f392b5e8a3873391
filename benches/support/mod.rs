//! What the benchmarks share: the real program in a temporary home.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

/// A kubedrill with a home of its own.
pub struct Bench {
    /// Removed at the end, and every environment with it.
    pub home: tempfile::TempDir,
}

impl Bench {
    /// A temporary home that shares the user's cache of built programs.
    pub fn new() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        if let Some(cache) =
            std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))
        {
            std::os::unix::fs::symlink(cache.join("kubedrill"), home.path().join("cache")).expect("a link to the cache");
        }
        Self { home }
    }

    /// A call of it.
    pub fn kubedrill(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kubedrill"));
        command.args(args).env("KUBEDRILL_HOME", self.home.path()).stdin(Stdio::null());
        command
    }

    /// Runs to the end; the exit codes of `check` on a broken cluster are fine too.
    pub fn run(&self, args: &[&str]) -> (Duration, Value) {
        let started = Instant::now();
        let output = self.kubedrill(args).arg("--output").arg("json").output().expect("kubedrill runs");
        let took = started.elapsed();
        assert!(
            matches!(output.status.code(), Some(0 | 3)),
            "kubedrill {args:?} ended with {}: {}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        (took, serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
    }

    /// The median of so many measurements.
    pub fn median(&self, times: usize, mut one: impl FnMut(&Self) -> Duration) -> Duration {
        let mut all: Vec<_> = (0..times).map(|_| one(self)).collect();
        all.sort();
        all[all.len() / 2]
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = self.kubedrill(&["stop", "--all"]).stdout(Stdio::null()).status();
    }
}
