//! What helps an author: proofs that run again by themselves, schemas for the editor, and checks that are tried out.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::Stdio,
};

use serde_json::{Value, json};

use crate::support::Drill;

fn new(drill: &Drill, kind: &str) -> std::path::PathBuf {
    drill.expect(0, &["new", kind, "mine", "--dir", &drill.home().display().to_string()]);
    drill.home().join("mine")
}

#[test]
fn a_new_scenario_brings_the_schemas_that_its_files_name() {
    let drill = Drill::new();
    let folder = new(&drill, "challenge");
    for file in ["scenario.yaml", "solutions/fix-selector/solution.yaml", "cheats/scaled-to-zero/cheat.yaml"] {
        let path = folder.join(file);
        let text = fs::read_to_string(&path).unwrap();
        let schema = text.lines().next().and_then(|line| line.strip_prefix("# yaml-language-server: $schema=")).unwrap();
        let schema = fs::read_to_string(path.parent().unwrap().join(schema)).unwrap_or_else(|e| panic!("{file}: {schema}: {e}"));
        let schema: Value = serde_json::from_str(&schema).unwrap();
        assert_eq!(schema["title"], *path.file_name().unwrap().to_str().unwrap());
    }
}

#[test]
fn a_watched_scenario_is_looked_at_again_when_it_is_edited() {
    let drill = Drill::new();
    let file = new(&drill, "challenge").join("scenario.yaml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("level: beginner", "level: easy")).unwrap();
    let folder = file.parent().unwrap().display().to_string();
    let mut command = drill.command(&["prove", &folder, "--watch"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let mut until = |part: &str| {
        let found = lines.by_ref().find(|line| line.contains(part));
        assert!(found.is_some(), "it ended without `{part}`");
    };
    until("`easy`");
    until("Ctrl-C");
    fs::write(&file, text.replace("minutes: 15", "minutes: soon")).unwrap();
    until("soon");
    until("Ctrl-C");
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

/// The template: what nothing in it proves is named, and is noticed once a cheat says so, which alone is proven then.
#[test]
fn a_weaker_check_survives_until_a_cheat_needs_what_was_taken_away() {
    let drill = Drill::with_sandbox();
    let folder = new(&drill, "challenge");
    let (path, seen) = (folder.display().to_string(), drill.home().join("seen").display().to_string());
    let proven = |cheat: &str, anew: &[&str]| {
        let (code, proof) = drill.json(&["prove", &path, "--mutate", "--recordings", &seen]);
        assert_eq!(code, 0, "{cheat}: {proof}");
        let cases = proof["scenarios"][0]["cases"].as_array().unwrap();
        let tried = cases
            .iter()
            .filter(|case| case["message"].is_null() && ["solution", "cheat", "broken"].contains(&case["kind"].as_str().unwrap()));
        let tried: Vec<&str> = tried.map(|case| case["name"].as_str().unwrap()).collect();
        assert!(anew.iter().all(|name| tried.contains(name)), "{cheat}: {tried:?}");
        assert!(cheat == "none" || tried.len() == anew.len(), "{cheat}: {tried:?}");
        let mutation = proof["scenarios"][0]["mutation"].clone();
        assert_eq!(mutation["whole"], json!({"killed": 4, "judged": 4}), "every check of the template is needed: {mutation}");
        move |check: &str, name: &str| {
            let found = mutation["mutants"].as_array().unwrap().iter().find(|m| m["check"] == check && m["mutation"] == name);
            found.unwrap_or_else(|| panic!("{check} {name}: {mutation}")).clone()
        }
    };
    let before = proven("none", &["broken-earns-nothing", "fix-selector", "scaled-to-zero"]);
    assert_eq!(before("web-serves", "always-passes")["noticedBy"], "broken-earns-nothing");
    assert_eq!(before("workload-kept", "replicas-ignored")["noticedBy"], "scaled-to-zero");
    let survivor = before("web-serves", "min-dropped");
    assert_eq!((&survivor["fate"], &survivor["detail"]), (&Value::from("survived"), &Value::from("2")));
    let line = usize::try_from(survivor["line"].as_u64().unwrap()).unwrap();
    let text = fs::read_to_string(folder.join("scenario.yaml")).unwrap();
    assert_eq!(text.lines().nth(line - 1).unwrap().trim(), "min: 2");

    let cheat = folder.join("cheats/one-pod");
    fs::create_dir_all(&cheat).unwrap();
    let scaled = fs::read_to_string(folder.join("cheats/scaled-to-zero/cheat.yaml")).unwrap();
    let scaled = scaled.replace("0으로 줄인다", "하나만 남긴다").replace("scale the web server to zero", "leave a single pod");
    fs::write(cheat.join("cheat.yaml"), scaled.replace("replicas: 0", "replicas: 1")).unwrap();
    assert_eq!(proven("one pod", &["one-pod"])("web-serves", "min-dropped")["noticedBy"], "one-pod");
}
