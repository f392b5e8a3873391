//! A sandbox for a test: state of its own, programs shared by all tests (`KUBEDRILL_TEST_CACHE`, or the user's cache).
//! It needs Go for the first build, and nothing afterwards.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use kubedrill::{
    event::Events,
    paths::Paths,
    process::{Captured, Invocation, ListedProcess, ProcessId, kill, list},
    provider::{
        Environment, EnvironmentRequest, Provider,
        sandbox::{SandboxError, SandboxProvider, SandboxSettings},
    },
};
use tempfile::TempDir;

/// Sandboxes of one test at a time: together they would only slow each other down.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A place for sandboxes, which are stopped when it goes out of scope.
pub struct Place {
    home: TempDir,
    pub provider: SandboxProvider,
    _turn: MutexGuard<'static, ()>,
}

impl Place {
    pub fn new() -> Self {
        Self::with(SandboxSettings { supervisor: supervisor(), ..SandboxSettings::default() })
    }

    pub fn with(settings: SandboxSettings) -> Self {
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let home = tempfile::tempdir().expect("a folder");
        let paths = Paths { cache: cache(), state: home.path().join("state") };
        Self { home, provider: SandboxProvider::new(paths, settings), _turn: turn }
    }

    pub fn state(&self) -> PathBuf {
        self.home.path().join("state")
    }

    pub fn folder(&self, name: &str) -> PathBuf {
        self.state().join("environments").join(name)
    }

    pub async fn ensure(&self, name: &str, workers: u32) -> Result<Environment, SandboxError> {
        self.ensure_with(name, workers, &[]).await
    }

    pub async fn ensure_with(&self, name: &str, workers: u32, addons: &[&str]) -> Result<Environment, SandboxError> {
        let addons = addons.iter().map(|&addon| addon.to_owned()).collect();
        self.provider
            .ensure(
                &EnvironmentRequest { name: name.into(), workers: Some(workers), addons, ..EnvironmentRequest::default() },
                &Events::none(),
            )
            .await
    }

    pub async fn stop(&self, name: &str) {
        self.provider.stop(name, &Events::none()).await.expect("it can be stopped");
    }

    /// The processes of an environment.
    pub fn processes(&self, name: &str) -> Vec<ListedProcess> {
        let folder = self.folder(name);
        let mut found = list().expect("processes can be listed");
        found.retain(|process| process.id.pid != std::process::id() && process.names_folder(&folder));
        found
    }

    pub fn process(&self, name: &str, word: &str) -> ProcessId {
        let found = self.processes(name);
        let found = found.iter().find(|process| process.args.iter().any(|arg| arg == word || arg.ends_with(&format!("={word}"))));
        found.unwrap_or_else(|| panic!("no process `{word}`")).id.clone()
    }

    pub fn ports(&self, name: &str) -> Vec<u16> {
        self.ports_by_part(name).expect("they are written").into_values().collect()
    }

    /// The ports by the names of the parts; `None` before they are assigned.
    pub fn ports_by_part(&self, name: &str) -> Option<BTreeMap<String, u16>> {
        let bytes = std::fs::read(self.folder(name).join("desired.json")).ok()?;
        let desired: serde_json::Value = serde_json::from_slice(&bytes).expect("it is JSON");
        Some(serde_json::from_value(desired["ports"].clone()).expect("ports"))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // What a failed test left; the supervisors first, since they start the others again.
        let state = self.state();
        let mut left = list().unwrap_or_default();
        left.retain(|process| process.id.pid != std::process::id() && process.names_folder(&state));
        left.sort_by_key(|process| !process.args.iter().any(|arg| arg == "supervise"));
        for process in left {
            kill(&process.id);
        }
    }
}

/// What runs the supervisor: kubedrill itself.
pub fn supervisor() -> (PathBuf, Vec<std::ffi::OsString>) {
    (env!("CARGO_BIN_EXE_kubedrill").into(), vec!["internal".into(), "supervise".into()])
}

fn cache() -> PathBuf {
    use etcetera::BaseStrategy;
    match std::env::var_os("KUBEDRILL_TEST_CACHE") {
        Some(cache) => cache.into(),
        None => etcetera::choose_base_strategy().expect("a home folder").cache_dir().join("kubedrill"),
    }
}

pub async fn kubectl(environment: &Environment, args: &[&str]) -> Captured {
    let kubectl = environment.kubectl.as_ref().expect("the sandbox brings one");
    let kubeconfig = environment.admin_kubeconfig.display().to_string();
    let all = kubectl[1..].iter().map(String::as_str).chain(["--kubeconfig", &kubeconfig]).chain(args.iter().copied());
    Invocation::new(&kubectl[0], all).run(Duration::from_secs(30)).await.expect("kubectl runs")
}

/// What kubectl prints; panics when it fails.
pub async fn output(environment: &Environment, args: &[&str]) -> String {
    let captured = kubectl(environment, args).await;
    assert!(captured.succeeded(), "kubectl {args:?}: {}", String::from_utf8_lossy(&captured.stderr));
    String::from_utf8_lossy(&captured.stdout).trim().to_owned()
}

/// Waits until something is so. Patient, since a first test may have to build the programs.
pub async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(600);
    while !is_so().await {
        assert!(Instant::now() < deadline, "not within 10 minutes: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Nobody listens on these ports.
pub fn assert_free(ports: &[u16]) {
    for port in ports {
        std::net::TcpListener::bind(("127.0.0.1", *port)).unwrap_or_else(|error| panic!("port {port} is not free: {error}"));
    }
}
