//! What a learner is told when a cluster of kind cannot be had. The engine and kind are fakes here: a machine cannot be put
//! into these states for a test. What works is shown on a real engine by tests/kind/run.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use kubedrill::process::ProcessId;

use crate::support::{Drill, Ran};

const START: [&str; 4] = ["start", "c20-service-no-endpoints", "--provider", "kind"];

/// A machine whose Docker and kind are as the variables say.
struct Machine(Drill);

impl Machine {
    fn new() -> Self {
        Self(Drill::new())
    }

    fn log(&self) -> String {
        fs::read_to_string(self.0.home().join("calls.log")).unwrap_or_default()
    }

    fn command(&self, args: &[&str], variables: &[(&str, &str)]) -> Command {
        let fakes = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/kind_fakes");
        let mut command = self.0.command(args);
        command.env("PATH", format!("{}:/usr/bin:/bin", fakes.display())).env("FAKE_LOG", self.0.home().join("calls.log"));
        command.env_remove("KIND_EXPERIMENTAL_PROVIDER").env_remove("KUBEDRILL_NODE_IMAGE").env_remove("KUBEDRILL_PROVIDER");
        command.envs(variables.iter().copied());
        command
    }

    fn run(&self, args: &[&str], variables: &[(&str, &str)]) -> Ran {
        let output = self.command(args, variables).output().unwrap();
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// It cannot run here, says each of these, and leaves nothing made.
    fn refuses(&self, variables: &[(&str, &str)], says: &[&str]) {
        let ran = self.run(&START, variables);
        assert_eq!(ran.code, 6, "{variables:?}: {}", ran.err);
        for words in says {
            assert!(ran.err.contains(words), "{variables:?}: {words} is missing in: {}", ran.err);
        }
        assert!(!self.log().contains("docker rm"), "{}", self.log());
    }
}

#[test]
fn an_engine_that_is_down_is_told_with_how_to_start_it() {
    let machine = Machine::new();
    machine.refuses(&[("FAKE_DOCKER", "down")], &["Docker does not answer", "systemctl start docker"]);
    assert_eq!(machine.run(&["stop", "--all"], &[]).code, 0, "nothing was made");
}

#[test]
fn missing_rights_and_old_programs_are_told_with_the_remedy() {
    let machine = Machine::new();
    machine.refuses(&[("FAKE_DOCKER", "rights")], &["may not use Docker", "usermod -aG docker"]);
    machine.refuses(&[("FAKE_DOCKER", "old")], &["Docker 19.3.8 is too old", "20.10.0"]);
    machine.refuses(&[("FAKE_KIND", "0.11.1")], &["kind 0.11.1 is too old", "0.27.0"]);
    machine.refuses(&[("FAKE_DOCKER", "small")], &["MiB of memory", "512 MiB in all"]);
    assert!(!machine.log().contains("kind create"), "{}", machine.log());
}

#[test]
fn somebody_elses_cluster_of_the_same_name_is_left_alone() {
    let machine = Machine::new();
    machine.refuses(&[("FAKE_DOCKER", "taken")], &["that kubedrill did not make", "kubedrill-kind-control-plane", "--env"]);
    assert_eq!(machine.run(&["stop", "--all"], &[("FAKE_DOCKER", "taken")]).code, 0);
    assert!(!machine.log().contains("docker rm") && !machine.log().contains("kind delete"), "{}", machine.log());
}

#[test]
fn a_failed_creation_names_the_step_and_shows_the_log() {
    let machine = Machine::new();
    machine.refuses(&[], &["(at: Starting control-plane)", "failed to init node with kubeadm", "kind.log"]);
    assert!(machine.log().contains("--kubeconfig"), "the access goes to a file of our own: {}", machine.log());
    let ran = machine.run(&["stop", "--env", "kind"], &[]);
    assert_eq!((ran.code, ran.out.trim()), (0, "Stopped: kind"));
    assert!(!machine.0.home().join("state/kind/kind").exists());
}

#[test]
fn a_kind_that_a_killed_kubedrill_left_at_work_is_ended() {
    let machine = Machine::new();
    let mut start = machine.command(&START, &[("FAKE_HANGS", "yes")]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let file = machine.0.home().join("calls.log.pid");
    let pid: u32 = until(|| fs::read_to_string(&file).ok()?.trim().parse().ok());
    start.kill().unwrap();
    start.wait().unwrap();
    assert!(ProcessId::of(pid).is_some(), "kind outlives its kubedrill");
    let ran = machine.run(&["stop", "--all"], &[]);
    assert_eq!((ran.code, ran.out.trim()), (0, "Stopped: kind"), "{}", ran.err);
    until(|| ProcessId::of(pid).is_none().then_some(()));
}

fn until<T>(look: impl Fn() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "it does not happen");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn doctor_says_what_is_missing_and_a_dry_run_changes_nothing() {
    let machine = Machine::new();
    let ran = machine.run(&["doctor", "--provider", "kind", "--output", "json"], &[("FAKE_DOCKER", "down")]);
    let doctor: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, &doctor["ready"], &doctor["providers"][0]["provider"]), (6, &false.into(), &"kind".into()));
    let ran = machine.run(&["start", "lab-service-types", "--provider", "kind", "--dry-run", "--output", "json"], &[]);
    let plan: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, &plan["missing"]), (6, &serde_json::json!(["load-balancer"])), "{}", ran.out);
    let ran = machine.run(&[&START[..], &["--dry-run"]].concat(), &[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(!machine.log().contains("kind create") && !machine.0.home().join("state/kind").exists());
}
