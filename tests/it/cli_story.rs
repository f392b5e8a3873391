//! A learner's evening with one challenge, from start to stop, on a real sandbox.

use std::{fs, process::Command};

use serde_json::Value;

use crate::support::Drill;

const C20: &str = "c20-service-no-endpoints";

fn points(document: &Value) -> f64 {
    document["score"]["total"]["points"].as_f64().unwrap_or_else(|| document["total"]["points"].as_f64().expect("points"))
}

#[test]
fn a_challenge_is_started_repaired_scored_reported_reset_and_stopped() {
    let drill = Drill::with_sandbox();
    let foreign = drill.home().join("foreign-kubeconfig");
    fs::write(&foreign, "not a kubeconfig: {").unwrap();
    let with_foreign = |args: &[&str]| {
        let output = drill.command(args).env("KUBECONFIG", &foreign).output().unwrap();
        (output.status.code().unwrap_or(-1), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };

    let (code, out, err) = with_foreign(&["start", C20]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("It is broken, and confirmed to be."), "{out}");

    let (code, checked) = drill.json(&["check"]);
    assert_eq!(code, 3);
    assert_eq!(points(&checked), 0.0);
    let text = drill.expect(3, &["check", "--cost"]);
    assert!(text.out.contains("API: ") && text.out.contains("0 / 100 points"), "{}", text.out);

    let resumed = drill.json(&["start", C20]).1;
    assert_eq!(resumed["resumed"], true);
    let other = drill.expect(2, &["start", "c14-imagepull-private"]);
    assert!(other.err.contains("--replace"), "{}", other.err);

    let hint = drill.json(&["hint"]).1;
    assert_eq!(hint["opened"].as_array().unwrap().len(), 1);
    assert_eq!(drill.json(&["hint", "--opened"]).1["opened"].as_array().unwrap().len(), 1);

    let pods = drill.expect(0, &["kubectl", "get", "pods", "-n", "shop", "-o", "name"]);
    assert!(pods.out.contains("pod/backend-"), "{}", pods.out);
    let denied = drill.run(&["kubectl", "delete", "node", "worker-1"]);
    assert!(denied.code != 0 && denied.err.contains("forbidden"), "{}", denied.err);
    let exports = drill.expect(0, &["env"]).out;
    let version = Command::new("sh")
        .args(["-c", &format!("{exports}\nkubectl get nodes -o jsonpath='{{.items[*].status.nodeInfo.kubeletVersion}}'")])
        .output()
        .unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    assert_eq!(version.split_whitespace().count(), 4, "{version}");
    assert!(version.split_whitespace().all(|v| v.starts_with("v1.36.")), "{version}");

    let solutions = drill.json(&["solve"]).1;
    let first = solutions["solutions"][0]["name"].as_str().unwrap().to_owned();
    drill.expect(0, &["solve", &first, "--apply"]);
    let (code, scored) = drill.json(&["score"]);
    assert_eq!((code, points(&scored)), (0, 100.0), "{scored}");
    assert_eq!(scored["final"], true);

    for format in ["text", "markdown", "html", "json"] {
        for lang in ["ko", "en"] {
            let report = drill.expect(0, &["report", "--format", format, "--lang", lang]);
            assert!(report.out.contains("100"), "{format} {lang}: {}", report.out);
        }
    }
    assert_eq!(drill.json(&["report"]).1["attempt"]["assisted"], true);

    drill.expect(0, &["reset"]);
    let (code, checked) = drill.json(&["check"]);
    assert_eq!((code, points(&checked)), (3, 0.0), "{checked}");

    drill.expect(0, &["stop"]);
    drill.expect(5, &["check"]);
    drill.expect(0, &["report", "--format", "html"]);
    assert_eq!(fs::read_to_string(&foreign).unwrap(), "not a kubeconfig: {", "the user's own kubeconfig is sacred");
    assert!(!drill.home().join(".kube/config").exists());
}
