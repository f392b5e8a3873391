//! What instructors decide: overrides, adjustments, faulty checks, rules, second markers, and grading anew. No cluster is needed.

use std::{collections::BTreeMap, fs, path::PathBuf, sync::Arc};

use jiff::Timestamp;
use kubedrill::{
    attempt::{ApiCalls, AttemptId, CheckResult, Given, Trigger, Verdict},
    check::{Sight, look},
    cluster::{KindState, Snapshot},
};
use serde_json::{Value, json};

use crate::people::{Begun, begun, copy};

const WHY: [&str; 4] = ["--reason", "a valid fix was rejected", "--by", "kim"];

fn with<'a>(args: &[&'a str]) -> Vec<&'a str> {
    args.iter().copied().chain(WHY).collect()
}

#[test]
fn trap_sc06_an_override_wins_over_everything_and_says_old_new_who_and_why() {
    let begun = begun();
    begun.finished();
    let drill = &begun.drill;
    drill.expect(0, &["mark", "report", "0", "--by", "lee"]);
    drill.expect(0, &with(&["override", "backend-reachable", "--to", "10"]));
    let total = begun.total();
    drill.expect(0, &with(&["adjust", "-3"]));
    drill.expect(0, &with(&["override", "total", "--to", "88"]));
    assert_eq!(begun.total()["points"], json!(88));
    for (format, lang) in [("text", "en"), ("markdown", "en"), ("html", "en"), ("text", "ko"), ("html", "ko")] {
        let page = drill.expect(0, &["report", "--format", format, "--lang", lang]).out;
        for said in ["88", "a valid fix was rejected", "kim"] {
            assert!(page.contains(said), "{said} in {format}: {page}");
        }
    }
    let (_, report) = drill.json(&["report"]);
    let score = &report["score"];
    assert_eq!(score["overrides"][1]["target"], json!("total"));
    assert_eq!(score["overrides"][1]["from"]["points"].as_f64(), total["points"].as_f64().map(|points| points - 3.0));
    let rows = score["adjustments"].as_array().unwrap();
    assert!(rows[0]["label"]["en"].as_str().unwrap().contains("no effect"), "the row stays visible: {rows:?}");
    assert_eq!(rows[0]["points"], json!(0));

    let later = begun.run(begun.scenario.checks().map(|check| failed(&check.id, check.role)).collect());
    begun.write(async |store, begun| store.append_run(&begun.attempt.id, &later).await.unwrap());
    assert_eq!(begun.total()["points"], json!(88), "a later run changes nothing");
    drill.expect(0, &with(&["override", "total", "--undo"]));
    assert!(begun.total()["points"].as_f64().unwrap() < 88.0);
    drill.expect(2, &with(&["override", "total", "--undo"]));
    drill.expect(2, &with(&["override", "no-such-check", "--to", "1"]));
    drill.expect(2, &with(&["override", "backend-reachable", "--to", "101"]));
    drill.expect(2, &["override", "total", "--to", "1", "--reason", " ", "--by", "kim"]);
}

fn failed(id: &str, role: kubedrill::scenario::Role) -> CheckResult {
    CheckResult {
        id: id.into(),
        step: None,
        role,
        verdict: Verdict::Fail,
        passed: 0,
        total: 1,
        reason: "no-objects".into(),
        blocked_by: Vec::new(),
        observations: Vec::new(),
        evidence: Vec::new(),
        basis: Default::default(),
        held_millis: 0,
        since_millis: 0,
        moving: false,
    }
}

#[test]
fn a_faulty_check_is_voided_for_all_and_can_be_taken_back() {
    let begun = begun();
    let drill = &begun.drill;
    drill.expect(0, &["mark", "report", "0", "--by", "lee"]);
    let results: Vec<CheckResult> = begun
        .scenario
        .checks()
        .map(|check| {
            let bad = check.id == "db-resolves";
            CheckResult { verdict: if bad { Verdict::Fail } else { Verdict::Pass }, passed: 1, ..failed(&check.id, check.role) }
        })
        .collect();
    let run = begun.run(results);
    begun.write(async |store, begun| store.append_run(&begun.attempt.id, &run).await.unwrap());
    assert_eq!(begun.total()["points"], json!(80));
    let pack = begun.pack().display().to_string();
    let void = |more: &[&str]| {
        let args: Vec<&str> =
            ["--pack", &pack, "void", "c20-service-no-endpoints", "db-resolves"].into_iter().chain(more.iter().copied()).collect();
        let digest = begun.scenario.digest.clone();
        let args: Vec<&str> = args.into_iter().chain(WHY).chain(["--digest", &digest]).collect();
        drill.expect(0, &args).out
    };
    let dry = void(&["--as", "full", "--dry-run"]);
    assert!(dry.contains("80 → 100") && dry.contains("Nothing has been changed yet"), "{dry}");
    assert_eq!(begun.total()["points"], json!(80));
    void(&["--as", "full"]);
    assert_eq!((&begun.total()["points"], &begun.total()["max"]), (&json!(100), &json!(110)));
    void(&["--as", "removed"]);
    assert_eq!((&begun.total()["points"], &begun.total()["max"]), (&json!(100), &json!(110)), "the rest is worth it");
    let page = drill.expect(0, &["report", "--format", "markdown", "--lang", "ko"]).out;
    assert!(page.contains("모두에게서 제외"), "{page}");
    void(&["--undo"]);
    assert_eq!(begun.total()["points"], json!(80));
}

#[test]
fn two_markers_who_differ_wait_for_a_moderator_and_a_sheet_is_read_back_with_its_places() {
    let begun = begun();
    begun.finished();
    let drill = &begun.drill;
    let sheet = drill.home().join("marks.yaml");
    let path = sheet.display().to_string();
    let listed = drill.expect(0, &["mark", "--queue", "--blind", "--role", "second"]).out;
    assert!(listed.contains("learner-") && !listed.contains("default  "), "{listed}");
    drill.expect(0, &["mark", "report", "2", "--by", "lee", "--comment", "nothing on prevention"]);
    drill.expect(2, &["mark", "report", "5", "--by", "lee", "--role", "second"]);
    drill.expect(0, &["mark", "--sheet", &path, "--role", "second", "--by", "kim", "--blind"]);
    let text = fs::read_to_string(&sheet).unwrap();
    assert!(text.contains("cause and prevention") && !text.contains("lee"), "the first mark is hidden: {text}");
    fs::write(&sheet, text.replace("points:\n", "points: 12\n")).unwrap();
    let refused = drill.expect(7, &["mark", "--from", &path]);
    assert!(refused.err.contains("marks.yaml:") && refused.err.contains("between 0 and 10"), "{}", refused.err);
    fs::write(&sheet, text.replace("points:\n", "points: 9\n")).unwrap();
    drill.expect(0, &["mark", "--from", &path]);
    let waits = drill.expect(0, &["report"]).out;
    assert!(waits.contains("waits for a moderator"), "{waits}");
    assert_eq!((&begun.total()["low"], &begun.total()["high"]), (&json!(100), &json!(110)));
    let (_, queue) = drill.json(&["mark", "--queue", "--role", "moderator"]);
    assert_eq!(queue["queue"][0]["marks"].as_array().unwrap().len(), 2);
    drill.expect(0, &["mark", "report", "--average", "--role", "moderator", "--by", "choi"]);
    assert_eq!(begun.total()["points"], json!(105.5));
}

#[test]
fn trap_sc05_lateness_is_computed_anew_from_rules_that_say_so() {
    let begun = begun();
    begun.finished();
    let drill = &begun.drill;
    drill.expect(0, &["mark", "report", "0", "--by", "lee"]);
    let rules = drill.home().join("rules.yaml");
    let path = rules.display().to_string();
    fs::write(&rules, "apiVersion: kubedrill.dev/v1alpha1\nkind: Rules\nspec:\n  late: {percent: 10, per: fortnight}\n").unwrap();
    let refused = drill.expect(7, &["regrade", "--all", "--rules", &path]);
    assert!(refused.err.contains("rules.yaml:4"), "{}", refused.err);
    let late_by = |hours: i64| {
        let due = begun.attempt.started - jiff::SignedDuration::from_hours(hours);
        let spec = format!("late: {{percent: 10, per: day, cap: 50}}\n  due: {{c20-service-no-endpoints: \"{due}\"}}\n");
        fs::write(&rules, format!("apiVersion: kubedrill.dev/v1alpha1\nkind: Rules\nspec:\n  {spec}")).unwrap();
    };
    late_by(30);
    let dry = drill.expect(0, &["regrade", "--all", "--rules", &path]).out;
    assert!(dry.contains("100 → 80") && dry.contains("Late 20%"), "{dry}");
    assert_eq!(begun.total()["points"], json!(100));
    drill.expect(2, &["regrade", "--all", "--rules", &path, "--apply"]);
    drill.expect(0, &with(&["regrade", "--all", "--rules", &path, "--apply"]));
    assert_eq!(begun.total()["points"], json!(80));
    late_by(-24);
    drill.expect(0, &with(&["regrade", "--all", "--rules", &path, "--apply"]));
    assert_eq!(begun.total()["points"], json!(100), "more time was given: nothing of the deduction stays");
}

/// A scenario with one more check, over a ConfigMap of this name, and a look at a cluster that has one called `frontend-config`.
fn noted(begun: &Begun, name: &str, points: u32) -> PathBuf {
    let dir = begun.drill.home().join(format!("corrected-{name}-{points}")).join("c20-service-no-endpoints");
    copy(&begun.pack().join("c20-service-no-endpoints"), &dir);
    let note = format!(
        "  checks:\n    - id: note\n      title: {{ko: 설정이 있다, en: The configuration is there}}\n      role: bonus\n      points: {points}\n      \
         when: {{now: {{}}}}\n      assert:\n        exists: {{on: {{kind: ConfigMap, name: {name}}}}}\n"
    );
    let file = dir.join("scenario.yaml");
    fs::write(&file, fs::read_to_string(&file).unwrap().replacen("  checks:\n", &note, 1)).unwrap();
    dir
}

fn snapshot() -> Snapshot {
    let object = json!({"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": "frontend-config", "namespace": "shop", "uid": "u"}});
    let read = KindState::Read { resource_version: "7".into(), objects: vec![Arc::new(object)] };
    Snapshot {
        taken: Timestamp::now(),
        kinds: BTreeMap::from([("ConfigMap".to_owned(), read)]),
        reviews: Vec::new(),
        live: Vec::new(),
        readings: Vec::new(),
        real: false,
        given: Given::default(),
        calls: ApiCalls::default(),
    }
}

#[test]
fn trap_sc04_a_corrected_check_is_judged_anew_from_what_was_stored_and_old_scores_stay_on_file() {
    let mut begun = begun();
    let faulty = noted(&begun, "wrong-name", 5);
    begun.scenario = kubedrill::scenario::load(&faulty).scenario.unwrap();
    begun.attempt.id = AttemptId(format!("{}-2", begun.attempt.id));
    begun.attempt.scenario_dir = faulty.display().to_string();
    begun.attempt.versions.scenario.clone_from(&begun.scenario.digest);
    let looked = look(&begun.scenario, &Default::default(), &snapshot());
    let results: Vec<CheckResult> = begun
        .scenario
        .checks()
        .map(|check| match looked.iter().find(|one| one.id == check.id && check.id == "note") {
            Some(note) => note.clone(),
            None => CheckResult { verdict: Verdict::Pass, passed: 1, ..failed(&check.id, check.role) },
        })
        .collect();
    let run = begun.run(results);
    assert_eq!(run.trigger, Trigger::Submit);
    let sight = Sight::new(&begun.scenario, &snapshot()).packed().unwrap();
    begun.write(async |store, begun| {
        store.create_attempt(&begun.attempt).await.unwrap();
        store.append_seen(&begun.attempt.id, &run, Some(&sight)).await.unwrap();
    });
    let drill = &begun.drill;
    drill.expect(0, &["mark", "report", "0", "--by", "lee"]);
    assert_eq!(begun.total()["points"], json!(100));

    let corrected = noted(&begun, "frontend-config", 4).display().to_string();
    let args = ["regrade", "c20-service-no-endpoints", "--scenario-dir", &corrected];
    let dry = drill.expect(0, &args).out;
    assert!(dry.contains("100 → 104") && dry.contains("The configuration is there: 0 → 4"), "{dry}");
    let korean: Vec<&str> = args.into_iter().chain(["--lang", "ko"]).collect();
    assert!(drill.expect(0, &korean).out.contains("설정이 있다: 0 → 4"));
    assert_eq!(begun.total()["points"], json!(100), "a dry run changes nothing");
    let (_, applied) = drill.json(&with(&args.into_iter().chain(["--apply"]).collect::<Vec<_>>()));
    assert_eq!(applied["rows"].as_array().unwrap().iter().filter(|row| row["after"]["points"] == json!(104)).count(), 1);
    fs::remove_dir_all(&corrected).unwrap();
    assert_eq!(begun.total()["points"], json!(104), "the corrected scenario is kept beside the records");
    let (_, report) = drill.json(&["report"]);
    let told: Vec<&Value> = report["timeline"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "regraded").collect();
    assert!(told[0]["text"]["en"].as_str().unwrap().contains("100 → 104"), "{told:?}");

    let unseen = noted(&begun, "frontend-config", 3);
    let file = unseen.join("scenario.yaml");
    fs::write(
        &file,
        fs::read_to_string(&file)
            .unwrap()
            .replace("exists: {on: {kind: ConfigMap, name: frontend-config}}", "exists: {on: {kind: CronJob, name: any}}"),
    )
    .unwrap();
    let unseen = unseen.display().to_string();
    let again = drill.expect(0, &with(&["regrade", "c20-service-no-endpoints", "--scenario-dir", &unseen, "--apply"])).out;
    assert!(again.contains("needs a rerun (CronJob was not read there)"), "{again}");
    assert_eq!(begun.total()["points"], json!(104), "what has to run again keeps what it has");
}

/// Many graders at once, and commands that are killed: what was acknowledged is there, once, in one chain of hashes.
#[test]
fn graders_at_the_same_time_and_killed_ones_keep_one_chain() {
    let begun = begun();
    begun.finished();
    let adjust = |by: &str| {
        let mut command = begun.drill.command(&["adjust", "1", "--reason", "many hands", "--by", by]);
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap()
    };
    let mut acknowledged = 0;
    for round in 0..6_u64 {
        let (mut one, mut other, mut killed) = (adjust("kim"), adjust("lee"), adjust("choi"));
        std::thread::sleep(std::time::Duration::from_millis(8 * round));
        killed.kill().unwrap();
        for child in [&mut one, &mut other, &mut killed] {
            acknowledged += usize::from(child.wait().unwrap().success());
        }
    }
    let (_, report) = begun.drill.json(&["report"]);
    let rows = report["score"]["adjustments"].as_array().unwrap().len();
    assert!(rows >= acknowledged && acknowledged >= 12 && rows <= 18, "{rows} rows, {acknowledged} acknowledged");
}
