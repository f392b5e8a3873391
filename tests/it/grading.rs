//! A cohort is graded: what its learners handed in, right and wrong, broken and hostile; killed at any moment, the same command goes on.
//!
//! The gate grades a part of the cohort of 40. All of it, on two challenges, and the ten kills: `cargo test --test it -- --ignored grading`.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::{Value, json};

use crate::support::Drill;

const C20: &str = "c20-service-no-endpoints";
const C29: &str = "c29-rbac-too-wide";

fn cohort() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cohort-40")
}

/// The roster with only these learners, in the drill's home.
fn roster_of(drill: &Drill, ids: &[&str]) -> String {
    let all = fs::read_to_string(cohort().join("roster.csv")).unwrap();
    let lines: Vec<&str> =
        all.lines().enumerate().filter(|(n, line)| *n == 0 || ids.iter().any(|id| line.starts_with(id))).map(|(_, line)| line).collect();
    let file = drill.home().join("roster.csv");
    fs::write(&file, lines.join("\n")).unwrap();
    file.to_str().unwrap().to_owned()
}

/// What each entry came to: `learner,assignment,state,points`.
fn outcomes(book: &Value) -> Vec<String> {
    let entry = |entry: &Value| {
        let points = &entry["score"]["total"]["points"];
        let words = ["learner", "assignment", "state"].map(|key| entry[key].as_str().unwrap().to_owned()).join(",");
        if points.is_null() { format!("{words},") } else { format!("{words},{points}") }
    };
    book["entries"].as_array().unwrap().iter().map(entry).collect()
}

/// What they should come to, as a person wrote it.
fn expected(book: &Value) -> Vec<String> {
    let all = fs::read_to_string(cohort().join("expected.csv")).unwrap();
    let graded = outcomes(book);
    let of = |line: &&str| graded.iter().any(|outcome| outcome.split(',').take(2).eq(line.split(',').take(2)));
    all.lines().filter(of).map(str::to_owned).collect()
}

/// A gradebook without what differs from run to run: moments, and the attempts that are named by them.
fn timeless(book: &Value) -> String {
    let mut book = book.clone();
    book["generatedAt"] = json!(null);
    for entry in book["entries"].as_array_mut().unwrap() {
        entry["attempt"] = json!(!entry["attempt"].is_null());
        entry.as_object_mut().unwrap().remove("attempts");
    }
    serde_json::to_string_pretty(&book).unwrap()
}

/// Starts grading and kills it when so many submissions were judged.
fn kill_after(drill: &Drill, args: &[&str], judged: usize) {
    let mut child = drill.command(args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("kubedrill runs");
    let lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    let reached = lines.filter(|line| line.starts_with('[')).take(judged).count();
    child.kill().expect("it can be killed");
    child.wait().expect("it ended");
    assert_eq!(reached, judged, "it ended before it could be killed");
}

#[test]
fn a_cohort_is_graded_and_a_kill_loses_nothing() {
    let drill = Drill::with_sandbox();
    let roster =
        roster_of(&drill, &["20260101", "20260107", "20260114", "20260115", "20260122", "20260128", "20260131", "20260134", "20260139"]);
    let folder = cohort();
    let args = ["grade", C20, "--roster", &roster, "--submissions", folder.to_str().unwrap(), "--jobs", "2"];

    // Three are told at once; the fourth is the first that took an environment.
    kill_after(&drill, &args, 4);
    let (code, book) = drill.json(&args);
    assert_eq!((code, outcomes(&book)), (0, expected(&book)));
    assert_eq!(book["entries"].as_array().unwrap().len(), 9);
    let left: Vec<_> = fs::read_dir(drill.home().join("state/environments")).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert!(left.is_empty(), "these environments are left: {left:?}");

    // What stands is not done again, and gives the same gradebook.
    let again = drill.run(&[&args[..], &["--output", "json"]].concat());
    assert!(!again.err.contains("[1/"), "{}", again.err);
    assert_eq!(timeless(&serde_json::from_str(&again.out).unwrap()), timeless(&book));

    let attempt = book["entries"][0]["attempt"].as_str().expect("an attempt").to_owned();
    let (_, report) = drill.json(&["report", &attempt]);
    assert_eq!((report["trust"]["tier"].as_str(), report["attempt"]["state"].as_str()), (Some("T2"), Some("closed")));
}

#[test]
fn an_open_environment_is_graded_where_it_is() {
    let drill = Drill::with_sandbox();
    let roster = roster_of(&drill, &["20260101", "20260102"]);
    drill.expect(0, &["start", C20, "--env", "20260101"]);
    drill.expect(0, &["solve", "fix-services", "--apply", "--env", "20260101"]);
    let (code, book) = drill.json(&["grade", C20, "--roster", &roster, "--live"]);
    assert_eq!((code, outcomes(&book)), (0, vec![format!("20260101,{C20},graded,100"), format!("20260102,{C20},missing,")]));
    let (_, status) = drill.json(&["status", "--env", "20260101"]);
    assert_eq!(status["environment"]["usable"], true, "the learner's environment goes on running");
    let attempt = book["entries"][0]["attempt"].as_str().expect("an attempt").to_owned();
    assert_eq!(drill.json(&["report", &attempt]).1["trust"]["tier"], "T1");
}

#[test]
fn a_roster_with_mistakes_is_told_with_their_places() {
    let drill = Drill::new();
    let file = drill.home().join("class.csv");
    fs::write(&file, "id,name\n1,Kim\n1,Lee\n../x,Park\n").unwrap();
    let ran = drill.expect(7, &["grade", C20, "--roster", file.to_str().unwrap(), "--submissions", drill.home().to_str().unwrap()]);
    for told in ["class.csv:3:1", "class.csv:4:1", "`1` is in line 2 already"] {
        assert!(ran.err.contains(told), "{told}: {}", ran.err);
    }
}

#[test]
fn what_needs_no_environment_is_judged_without_one() {
    let drill = Drill::new();
    let roster = roster_of(&drill, &["20260122", "20260128", "20260139"]);
    let (folder, out) = (cohort(), drill.home().to_str().unwrap());
    let args = ["grade", C20, C29, "--roster", &roster, "--submissions", folder.to_str().unwrap(), "--out", out];
    let (code, book) = drill.json(&args);
    assert_eq!((code, outcomes(&book)), (0, expected(&book)));
    let written: Value = serde_json::from_str(&fs::read_to_string(drill.home().join("gradebook.json")).unwrap()).unwrap();
    assert_eq!(written["entries"], book["entries"]);
    let schema = drill.expect(0, &["schema", "gradebook"]).out;
    jsonschema::validate(&serde_json::from_str(&schema).unwrap(), &written).unwrap();
}

#[test]
#[ignore = "80 environments take a quarter of an hour"]
fn the_whole_cohort_comes_to_what_is_expected_and_ten_kills_change_nothing() {
    let drill = Drill::with_sandbox();
    let (folder, roster) = (cohort(), cohort().join("roster.csv"));
    let (folder, roster) = (folder.to_str().unwrap(), roster.to_str().unwrap());
    let args = ["grade", C20, C29, "--roster", roster, "--submissions", folder, "--jobs", "2", "--limit", "40s"];
    let (code, book) = drill.json(&args);
    assert_eq!((code, outcomes(&book)), (0, expected(&book)));
    assert_eq!(book["entries"].as_array().unwrap().len(), 80);

    let killed = [&args[..], &["--cohort", "killed", "--again"]].concat();
    let resumed = [&args[..], &["--cohort", "killed"]].concat();
    kill_after(&drill, &killed, 3);
    for _ in 0..9 {
        kill_after(&drill, &resumed, rand::random_range(1..5));
    }
    let (code, other) = drill.json(&resumed);
    let same = |book: &Value| timeless(book).replace("\"killed\"", "\"cohort-40\"");
    assert_eq!((code, same(&other)), (0, same(&book)));
}
