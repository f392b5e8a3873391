//! A learner whose fix is right and was rejected: what they hand in is whole, the same every time, and tells no secrets.

use std::{collections::BTreeMap, fs, path::Path};

use jsonschema::validator_for;
use kubedrill::report;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::stored_runs::{Stored, objects};

const REASON: &str = "Ports may be named.\nThe Service has one port, and that is enough: 포트 하나로 충분합니다.";

fn files(folder: &Path) -> BTreeMap<String, String> {
    let read = |entry: fs::DirEntry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap());
    fs::read_dir(folder).unwrap().map(|entry| read(entry.unwrap())).collect()
}

fn appeal(stored: &Stored, name: &str) -> BTreeMap<String, String> {
    let folder = stored.drill.home().join(name);
    let out = folder.display().to_string();
    let ran = stored.drill.expect(0, &["appeal", "survives-recreation", "--reason", REASON, "--out", &out]);
    assert!(ran.out.contains(&out), "it says where: {}", ran.out);
    files(&folder)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appeal_holds_what_a_grader_needs_and_is_the_same_every_time() {
    let stored = Stored::with(|text| text, &[vec![], objects()]).await;
    let first = appeal(&stored, "one");
    assert_eq!(first, appeal(&stored, "two"));
    assert_eq!(first.keys().collect::<Vec<_>>(), ["README.md", "appeal.json", "log.json", "report.html", "runs.json"]);

    let told: Value = serde_json::from_str(&first["appeal.json"]).unwrap();
    let schema = validator_for(&report::json::appeal_schema()).unwrap();
    assert!(schema.is_valid(&told), "{:?}", schema.iter_errors(&told).map(|e| e.to_string()).collect::<Vec<_>>());
    assert_eq!((&told["reason"], &told["explanation"]["verdict"]), (&json!(REASON), &json!("fail")));
    assert_eq!(told["versions"]["scenario"].as_str().unwrap().len(), 64, "the scenario's digest");
    for (name, digest) in told["files"].as_object().unwrap() {
        let found: String = Sha256::digest(first[name].as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(*digest, found, "{name}");
    }
    let (runs, log): (Value, Value) =
        (serde_json::from_str(&first["runs.json"]).unwrap(), serde_json::from_str(&first["log.json"]).unwrap());
    assert_eq!((runs["runs"].as_array().unwrap().len(), log["entries"].as_array().unwrap().len()), (2, 2));
    assert_eq!(told["logHead"], log["entries"][1]["hash"]);
    let readme = &first["README.md"];
    for part in ["이의 제기", "Appeal", "> The Service has one port", "`survives-recreation`", "Service/mine/web"] {
        assert!(readme.contains(part), "{part}: {readme}");
    }
    let home = stored.drill.home().display().to_string();
    for (name, text) in &first {
        assert!(!text.contains("aHVudGVyMg") && !text.contains(&home) && !text.contains("n0nce"), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_over_and_nothing_half() {
    let stored = Stored::with(|text| text, &[objects()]).await;
    let before = appeal(&stored, "one");
    let out = stored.drill.home().join("one").display().to_string();
    let again = stored.drill.expect(2, &["appeal", "web-serves", "--reason", "mine", "--out", &out]);
    assert!(again.err.contains("is there already"), "{}", again.err);
    assert_eq!(files(Path::new(&out)), before);
    let empty = stored.drill.home().join("two").display().to_string();
    let ran = stored.drill.expect(2, &["appeal", "web-serves", "--reason", " ", "--out", &empty]);
    assert!(ran.err.contains("the reason is empty") && !Path::new(&empty).exists(), "{}", ran.err);
    let left = fs::read_dir(stored.drill.home()).unwrap().filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().starts_with('.'));
    assert_eq!(left.count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_after_the_close_is_not_handed_out_before() {
    let stored = Stored::with(|text| text.replace("show: full", "show: after-close"), &[objects()]).await;
    let open = appeal(&stored, "open");
    assert!(!open["runs.json"].contains("service.spec.ports") && !open["appeal.json"].contains("ClusterIP"));
    stored.close().await;
    let closed = appeal(&stored, "closed");
    assert!(closed["runs.json"].contains("service.spec.ports") && closed["appeal.json"].contains("ClusterIP"));
}
