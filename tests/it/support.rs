//! What the integration tests share: the real binary in a home of its own, with the cache of built programs that users have.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;

/// One sandbox at a time: two cores carry one well, and a waiting test is better than a slow one.
static SANDBOX: Mutex<()> = Mutex::new(());

/// A learner's machine: its own home, attempts and environments; removed at the end, with everything in it stopped.
pub struct Drill {
    home: tempfile::TempDir,
    turn: Option<MutexGuard<'static, ()>>,
}

/// What a command printed, and how it ended.
pub struct Ran {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Drill {
    /// For commands that need no cluster.
    pub fn new() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        std::os::unix::fs::symlink(cache(), home.path().join("cache")).expect("a link to the cache of built programs");
        Self { home, turn: None }
    }

    /// For commands that start a sandbox: waits for its turn.
    pub fn with_sandbox() -> Self {
        let turn = SANDBOX.lock().unwrap_or_else(PoisonError::into_inner);
        let mut drill = Self::new();
        drill.turn = Some(turn);
        drill
    }

    /// The home folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The command, ready to run.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kubedrill"));
        command
            .args(args)
            .env("KUBEDRILL_HOME", self.home.path())
            .env("HOME", self.home.path())
            .env("LANG", "en_US.UTF-8")
            .env("COLUMNS", "100")
            .env_remove("LC_ALL")
            .env_remove("KUBECONFIG")
            .stdin(Stdio::null());
        // With a home of its own Go would download and compile everything anew, should the sandbox's programs have to be built.
        if let Some(home) = std::env::var_os("HOME").map(PathBuf::from) {
            for (name, usual) in [("GOPATH", home.join("go")), ("GOCACHE", home.join(".cache/go-build"))] {
                command.env(name, std::env::var_os(name).unwrap_or_else(|| usual.into()));
            }
        }
        command
    }

    /// Runs it to its end.
    pub fn run(&self, args: &[&str]) -> Ran {
        let Output { status, stdout, stderr } = self.command(args).output().expect("kubedrill runs");
        Ran {
            code: status.code().unwrap_or(-1),
            out: String::from_utf8(stdout).expect("UTF-8"),
            err: String::from_utf8(stderr).expect("UTF-8"),
        }
    }

    /// Runs it for a program: the exit code and the JSON document.
    pub fn json(&self, args: &[&str]) -> (i32, Value) {
        let ran = self.run(&[args, &["--output", "json"]].concat());
        let value = serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{args:?} printed no JSON ({e}): {}{}", ran.out, ran.err));
        (ran.code, value)
    }

    /// Runs it and insists on its exit code.
    pub fn expect(&self, code: i32, args: &[&str]) -> Ran {
        let ran = self.run(args);
        assert_eq!(ran.code, code, "kubedrill {args:?}\n{}{}", ran.out, ran.err);
        ran
    }
}

impl Drop for Drill {
    fn drop(&mut self) {
        if self.turn.is_some() {
            let ran = self.run(&["stop", "--all"]);
            assert!(ran.code == 0 || std::thread::panicking(), "stop --all: {}{}", ran.out, ran.err);
        }
    }
}

/// Where built programs are kept, so that tests do not build them again.
pub fn cache() -> PathBuf {
    if let Some(cache) = std::env::var_os("KUBEDRILL_TEST_CACHE") {
        return cache.into();
    }
    let base =
        std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
    let cache = base.expect("a home folder").join("kubedrill");
    std::fs::create_dir_all(&cache).expect("a cache folder");
    cache
}
