//! A typo in every argument: what a newcomer meets first.

use crate::support::Drill;

const SURGE: &str = "c5-1-traffic-surge";

#[test]
fn unknown_command_is_a_usage_error_with_a_suggestion() {
    let ran = Drill::new().expect(2, &["strat"]);
    assert!(ran.err.contains("'start'"), "{}", ran.err);
    assert!(ran.out.is_empty());
}

#[test]
fn unknown_scenario_suggests_the_nearest() {
    let drill = Drill::new();
    for (typed, meant) in [
        ("c20-service-no-endpoint", "c20-service-no-endpoints"),
        ("c13", "c13-crashloop-config"),
        ("lab-service-type", "lab-service-types"),
    ] {
        let ran = drill.expect(2, &["start", typed]);
        assert!(ran.err.contains(&format!("did you mean `{meant}`?")), "{}", ran.err);
    }
    let ran = drill.expect(2, &["show", "zzz"]);
    assert!(ran.err.contains("kubedrill list"), "{}", ran.err);
}

#[test]
fn a_dry_run_counts_the_memory_of_operators() {
    let drill = Drill::new();
    let memory = |args: &[&str]| drill.json(&[&["start", "--dry-run"], args].concat()).1["memoryMib"].as_u64().unwrap();
    assert!(memory(&["c5-2-monitoring-blind"]) > memory(&["c20-service-no-endpoints"]));
    assert!(memory(&[SURGE, "--with", "keda"]) > memory(&[SURGE]));
}

#[test]
fn optional_add_ons_are_offered_and_others_refused() {
    let drill = Drill::new();
    let shown = drill.expect(0, &["show", SURGE]);
    assert!(shown.out.contains(&format!("kubedrill start {SURGE} --with keda")), "{}", shown.out);
    let refused = drill.expect(2, &["start", "--dry-run", SURGE, "--with", "vpa"]);
    assert!(refused.err.contains("`vpa`") && refused.err.contains("it offers: keda"), "{}", refused.err);
}

#[test]
fn errors_are_korean_in_a_korean_locale() {
    let drill = Drill::new();
    let output = drill.command(&["check"]).env("LANG", "ko_KR.UTF-8").output().unwrap();
    assert_eq!(output.status.code(), Some(5));
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.starts_with("오류: 환경 `default`에 열려 있는 시도가 없습니다"), "{err}");
    assert!(err.contains("다음: "), "{err}");
    assert!(!err.contains('\u{1b}'), "no colour without a terminal");
}

#[test]
fn commands_without_an_attempt_say_so_and_exit_5() {
    let drill = Drill::new();
    for args in [
        vec!["check"],
        vec!["hint"],
        vec!["solve"],
        vec!["reset"],
        vec!["score"],
        vec!["shell"],
        vec!["env"],
        vec!["kubectl", "get", "pods"],
    ] {
        let ran = drill.expect(5, &args);
        assert!(ran.err.contains("no attempt is open"), "{args:?}: {}", ran.err);
        assert!(ran.err.contains("kubedrill start"), "{args:?}: {}", ran.err);
    }
    drill.expect(5, &["status"]);
    let ran = drill.expect(0, &["stop"]);
    assert_eq!(ran.out.trim(), "There was nothing to stop.");
}

#[test]
fn errors_for_programs_are_json() {
    let (code, document) = Drill::new().json(&["check"]);
    assert_eq!(code, 5);
    assert_eq!(document["kind"], "Error");
    assert_eq!(document["exitCode"], 5);
    assert_eq!(document["formatVersion"], 1);
    assert!(document["message"]["ko"].is_string() && document["message"]["en"].is_string());
}

#[test]
fn a_bad_environment_name_or_pack_is_refused() {
    let drill = Drill::new();
    let ran = drill.expect(2, &["status", "--env", "../up"]);
    assert!(ran.err.contains("environment name `../up`"), "{}", ran.err);
    let ran = drill.expect(2, &["list", "--pack", "/nonexistent/pack"]);
    assert!(ran.err.contains("/nonexistent/pack"), "{}", ran.err);
}

#[test]
fn list_and_show_read_in_both_languages_and_never_tell_the_answer() {
    let drill = Drill::new();
    for (lang, title) in [("ko", "엔드포인트 없는 서비스"), ("en", "A Service with nobody behind")] {
        let list = drill.expect(0, &["list", "--lang", lang]);
        assert!(list.out.contains("c20-service-no-endpoints") && list.out.contains(title), "{}", list.out);
        let show = drill.expect(0, &["show", "c20-service-no-endpoints", "--lang", lang]);
        assert!(!show.out.contains("back-end"), "the story names the cause: {}", show.out);
    }
    let (_, list) = drill.json(&["list"]);
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["challenges", "labs"].into_iter().flat_map(|part| std::fs::read_dir(root.join(part)).unwrap().flatten());
    let shipped = folders.filter(|folder| folder.path().join("scenario.yaml").is_file()).count();
    assert_eq!(list["scenarios"].as_array().unwrap().len(), shipped, "every folder ships");
}

#[test]
fn a_closed_pipe_is_nobodys_error() {
    let drill = Drill::new();
    let mut child = drill.command(&["list"]).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty());
}

#[test]
fn new_writes_a_scenario_that_lint_reads_and_never_overwrites() {
    let drill = Drill::new();
    let folder = drill.home().display().to_string();
    drill.expect(0, &["new", "challenge", "my-incident", "--dir", &folder]);
    let scenario = format!("{folder}/my-incident");
    let lint = drill.run(&["lint", &scenario]);
    assert!(lint.code == 0, "{}{}", lint.out, lint.err);
    let again = drill.expect(2, &["new", "challenge", "my-incident", "--dir", &folder]);
    assert!(again.err.contains("is there already"), "{}", again.err);
    drill.expect(2, &["new", "lab", "Bad_Id", "--dir", &folder]);
}

#[test]
fn completions_and_schema_come_out_whole() {
    let drill = Drill::new();
    assert!(drill.expect(0, &["completions", "bash"]).out.contains("kubedrill"));
    let schema: serde_json::Value = serde_json::from_str(&drill.expect(0, &["schema"]).out).unwrap();
    assert!(schema["properties"]["spec"].is_object());
    let output =
        drill.command(&["--", "kubedrill", "start", "c1"]).env("COMPLETE", "bash").env("_CLAP_COMPLETE_INDEX", "2").output().unwrap();
    let candidates = String::from_utf8(output.stdout).unwrap();
    assert!(candidates.contains("c13-crashloop-config") && candidates.contains("c14-imagepull-private"), "{candidates}");
}
