//! kubedrill itself is killed in the middle of `check`, `reset` and `stop`: the next command goes on as if nothing had been. Each
//! kill waits for a line of the command's own log, so that it always falls at the same point of the work.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use kubedrill::process::{self, ListedProcess};
use serde_json::Value;

use crate::support::Drill;

const C20: &str = "c20-service-no-endpoints";

/// Starts a command and kills it when its log says this.
fn kill_at(drill: &Drill, args: &[&str], moment: &str) {
    let mut command = drill.command(args);
    let mut child = command
        .env("KUBEDRILL_LOG", "kubedrill=debug")
        .env("NO_COLOR", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("kubedrill runs");
    let log = BufReader::new(child.stderr.take().expect("its log"));
    let reached = log.lines().map_while(Result::ok).any(|line| line.contains(moment));
    child.kill().expect("it can be killed");
    let status = child.wait().expect("it ended");
    assert!(reached && status.code().is_none(), "kubedrill {args:?} ended by itself ({status}), reached {moment:?}: {reached}");
}

fn points(checked: &Value) -> f64 {
    checked["score"]["total"]["points"].as_f64().expect("points")
}

fn parts(drill: &Drill) -> Vec<ListedProcess> {
    let all = process::list().expect("processes can be listed");
    all.into_iter().filter(|process| process.names_folder(&drill.home().join("state/environments/default"))).collect()
}

fn ports(drill: &Drill) -> Vec<u16> {
    let desired = fs::read(drill.home().join("state/environments/default/desired.json")).expect("desired.json");
    let desired: Value = serde_json::from_slice(&desired).expect("JSON");
    desired["ports"].as_object().expect("ports").values().map(|port| port.as_u64().unwrap().try_into().unwrap()).collect()
}

/// Nothing of the environment is left, and its ports can be had again.
fn assert_gone(drill: &Drill, ports: &[u16]) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !parts(drill).is_empty() {
        assert!(Instant::now() < deadline, "these are left: {:?}", parts(drill));
        thread::sleep(Duration::from_millis(20));
    }
    assert!(!drill.home().join("state/environments/default").exists());
    for port in ports {
        TcpListener::bind(("127.0.0.1", *port)).unwrap_or_else(|e| panic!("port {port} is still taken: {e}"));
    }
}

#[test]
fn a_command_that_was_killed_is_made_good_by_the_next_one() {
    let drill = Drill::with_sandbox();
    drill.expect(0, &["start", C20]);
    let (running, ports_before) = (parts(&drill).len(), ports(&drill));

    // A check that has read a part of the cluster, and one that has its verdicts and has not told anybody.
    for moment in ["uri=/apis/apps/v1/namespaces/shop/deployments", "PhaseFinished { phase: Check"] {
        kill_at(&drill, &["check"], moment);
        let (code, checked) = drill.json(&["check"]);
        assert_eq!((code, points(&checked)), (3, 0.0), "after a check that was killed at {moment}: {checked}");
    }

    // A reset that has put back a part of what was changed.
    drill.expect(0, &["solve", "fix-services", "--apply"]);
    drill.expect(0, &["kubectl", "--", "-n", "shop", "delete", "configmap", "frontend-config"]);
    kill_at(&drill, &["reset"], "method=PUT");
    drill.expect(0, &["reset"]);
    assert_eq!(drill.json(&["reset"]).1["changed"], 0, "the one before was exact");
    let (code, checked) = drill.json(&["check"]);
    assert_eq!((code, points(&checked)), (3, 0.0), "{checked}");
    assert_eq!(parts(&drill).len(), running, "no part is gone, none runs twice");

    // A stop whose supervisor has been told to end, or is just about to be.
    kill_at(&drill, &["stop"], "PhaseStarted { phase: Stop }");
    drill.expect(0, &["stop"]);
    assert_gone(&drill, &ports_before);

    // The same, and a start comes next.
    drill.expect(0, &["start", C20]);
    let ports_before = ports(&drill);
    kill_at(&drill, &["stop"], "PhaseStarted { phase: Stop }");
    let (code, started) = drill.json(&["start", C20]);
    assert_eq!(code, 0, "{started}");
    assert_eq!(drill.json(&["check"]).0, 3);
    drill.expect(0, &["stop"]);
    assert_gone(&drill, &ports_before);
}
