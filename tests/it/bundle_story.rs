//! A learner takes two incidents under one clock, on a real sandbox: what the first came to stays, though kubedrill is killed
//! between the two.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::Stdio,
};

use serde_json::{Value, json};

use crate::support::Drill;

const BUNDLE: &str = "apiVersion: kubedrill.dev/v1alpha1
kind: Bundle
metadata: {name: evening, title: {ko: 저녁 당직, en: An evening on call}}
spec:
  summary: {ko: 장애 둘, en: Two incidents}
  level: beginner
  minutes: 40
  parts: [c20-service-no-endpoints, c13-crashloop-config]
";

/// A pack with a bundle of two shipped scenarios.
fn pack(drill: &Drill) -> String {
    let pack = drill.home().join("pack");
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("challenges");
    fs::create_dir_all(pack.join("evening")).unwrap();
    for id in ["c20-service-no-endpoints", "c13-crashloop-config"] {
        copy(&shipped.join(id), &pack.join(format!("{id}-own")));
        let file = pack.join(format!("{id}-own/scenario.yaml"));
        let text = fs::read_to_string(&file).unwrap().replace(&format!("name: {id}\n"), &format!("name: {id}-own\n"));
        fs::write(file, text).unwrap();
    }
    let bundle = BUNDLE.replace("endpoints,", "endpoints-own,").replace("config]", "config-own]");
    fs::write(pack.join("evening/bundle.yaml"), bundle).unwrap();
    fs::write(pack.join("evening/story.ko.md"), "오늘 저녁 당직입니다.\n").unwrap();
    fs::write(pack.join("evening/story.en.md"), "You are on call tonight.\n").unwrap();
    pack.display().to_string()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|e| e.unwrap()) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Starts a command and kills it when its log says this.
fn kill_at(drill: &Drill, args: &[&str], moment: &str) {
    let mut command = drill.command(args);
    let command = command.env("KUBEDRILL_LOG", "kubedrill=debug").env("NO_COLOR", "1").stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("kubedrill runs");
    let log = BufReader::new(child.stderr.take().expect("its log"));
    let reached = log.lines().map_while(Result::ok).any(|line| line.contains(moment));
    child.kill().expect("it can be killed");
    assert!(reached && child.wait().expect("it ended").code().is_none(), "kubedrill {args:?} ended by itself");
}

fn solve(drill: &Drill, pack: &str) {
    let solutions = drill.json(&["--pack", pack, "solve"]).1;
    let first = solutions["solutions"][0]["name"].as_str().unwrap().to_owned();
    drill.expect(0, &["--pack", pack, "solve", &first, "--apply"]);
}

fn states(report: &Value) -> Vec<Value> {
    report["parts"].as_array().unwrap().iter().map(|part| part["state"].clone()).collect()
}

#[test]
fn two_incidents_under_one_clock_survive_a_kill_between_them() {
    let drill = Drill::with_sandbox();
    let pack = pack(&drill);
    let with = |args: &[&'static str]| [&["--pack", pack.as_str()], args].concat();

    let begun = drill.expect(0, &with(&["start", "evening"])).out;
    assert!(begun.contains("You are on call tonight.") && begun.contains("1/2"), "{begun}");
    let unsolved = drill.expect(2, &with(&["next"]));
    assert!(unsolved.err.contains("is not solved yet (0 of") && unsolved.err.contains("--leave"), "{}", unsolved.err);

    solve(&drill, &pack);
    let (code, checked) = drill.json(&with(&["check"]));
    assert_eq!((code, &checked["bundle"]["id"]), (0, &json!("evening")));
    assert_eq!(checked["time"]["limitSeconds"], json!(900));

    // Judged and finished, and killed while its world is being cleared away.
    kill_at(&drill, &with(&["next"]), "PhaseStarted { phase: Stop }");
    let report = drill.json(&with(&["report"])).1;
    assert_eq!(
        (states(&report), &report["parts"][0]["report"]["score"]["total"]["points"]),
        (vec![json!("finished"), json!("ahead")], &json!(100))
    );
    let refused = drill.expect(2, &with(&["score"]));
    assert!(refused.err.contains("kubedrill next"), "what is finished is not judged again: {}", refused.err);

    let (code, moved) = drill.json(&with(&["next"]));
    assert_eq!((code, &moved["judged"], &moved["started"]["attempt"]["scenario"]), (0, &Value::Null, &json!("c13-crashloop-config-own")));
    assert_eq!(drill.json(&with(&["start", "evening"])).1["started"]["resumed"], true);
    let status = drill.json(&with(&["status"])).1;
    assert_eq!(states(&status["bundle"]), [json!("finished"), json!("open")]);
    assert_eq!(drill.json(&with(&["check"])).0, 3, "the second world is broken");

    let (code, over) = drill.json(&with(&["next", "--leave"]));
    assert_eq!((code, &over["started"]), (0, &Value::Null));
    let report = drill.json(&with(&["report"])).1;
    assert_eq!((&report["score"]["total"]["points"], &report["score"]["final"]), (&json!(50), &json!(true)), "{}", report["score"]);
    assert!(report["run"]["ended"].is_string());
    let validator = jsonschema::validator_for(&kubedrill::report::json::bundle_schema()).unwrap();
    assert!(validator.is_valid(&report), "{:?}", validator.iter_errors(&report).map(|e| e.to_string()).collect::<Vec<_>>());
    for format in ["text", "markdown", "html", "junit"] {
        for lang in ["ko", "en"] {
            let out = drill.expect(0, &with(&["report", "--format", format, "--lang", lang])).out;
            assert!(format == "junit" || out.contains("(100 + 0) ÷ 2 = 50"), "{format} {lang}: {out}");
        }
    }
    drill.expect(5, &with(&["check"]));
}
