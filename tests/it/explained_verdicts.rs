//! What a learner is told who asks why a check was judged so; from the records alone.

use jsonschema::validator_for;
use kubedrill::report;
use serde_json::json;

use crate::stored_runs::{Stored, objects};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_is_told_with_the_values_under_the_expression() {
    let stored = Stored::with(|text| text, &[vec![], objects()]).await;
    let told = stored.drill.expect(0, &["explain", "survives-recreation"]);
    for part in [
        "Run 2 of 2 · asked for · 2026-11-21 12:21:06 UTC",
        "Its expression must be true.",
        "1 of the 1 items that were seen does not hold.",
        "Service/mine/web",
        "resourceVersion 812",
        "Service read at resource version 900",
    ] {
        assert!(told.out.contains(part), "{part}: {}", told.out);
    }
    let lines: Vec<&str> = told.out.lines().collect();
    let at = lines.iter().position(|line| line.contains("size(service.spec.ports) == 2")).unwrap_or_else(|| panic!("{}", told.out));
    assert_eq!(lines[at + 1].trim_end(), "   ^^^^^^^^^^^^^^^^^^^^^^^^ 1", "{}", told.out);
    let korean = stored.drill.expect(0, &["explain", "survives-recreation", "--lang", "ko"]);
    assert!(korean.out.contains("2번째 실행(모두 2번)") && korean.out.contains("무엇을 보았나"), "{}", korean.out);
    assert!(!told.out.contains("aHVudGVyMg") && told.out.contains("sha256:"), "a password is a hash: {}", told.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_run_is_told_as_it_was() {
    let stored = Stored::with(|text| text, &[vec![], objects()]).await;
    let (code, first) = stored.drill.json(&["explain", "survives-recreation", "--run", "1"]);
    assert_eq!((code, &first["kind"], &first["formatVersion"]), (0, &json!("Explanation"), &json!(1)));
    assert_eq!((&first["reason"], &first["run"]["number"], &first["run"]["of"]), (&json!("path-missing"), &json!(1), &json!(2)));
    assert_eq!(first["expressions"][0]["parts"][0]["value"], json!(null));
    let (_, second) = stored.drill.json(&["explain", "survives-recreation"]);
    assert_eq!((&second["verdict"], &second["evidence"][1]["resourceVersion"]), (&json!("fail"), &json!("812")));
    let schema = validator_for(&report::json::explanation_schema()).unwrap();
    assert!(schema.is_valid(&second), "{:?}", schema.iter_errors(&second).map(|e| e.to_string()).collect::<Vec<_>>());
    let (_, blocked) = stored.drill.json(&["explain", "deployment-unchanged"]);
    assert_eq!((&blocked["verdict"], &blocked["blockedBy"]), (&json!("blocked"), &json!(["web-serves"])));
    assert!(blocked["judgement"]["en"].as_str().unwrap().contains("web-serves"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_expected_is_told_only_where_its_author_shows_it_or_the_attempt_is_over() {
    for (show, expression, items) in [("symptom", false, true), ("after-close", false, false)] {
        let stored = Stored::with(|text| text.replace("show: full", &format!("show: {show}")), &[objects()]).await;
        let told = || stored.drill.json(&["explain", "survives-recreation"]).1;
        let open = told();
        let seen = (!open["expressions"].as_array().unwrap().is_empty(), !open["items"].as_array().unwrap().is_empty());
        assert_eq!((seen, open["withheld"].as_bool()), ((expression, items), Some(!items)), "{show}: {open}");
        stored.close().await;
        let closed = told();
        assert!(closed["expressions"][0]["source"].as_str().unwrap().contains("ClusterIP"), "{show}: {closed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_check_or_run_says_which_there_are() {
    let stored = Stored::with(|text| text, &[objects()]).await;
    let check = stored.drill.expect(2, &["explain", "web"]);
    assert!(check.err.contains("`mine` has no check `web`") && check.err.contains("web-serves, survives-recreation"), "{}", check.err);
    let run = stored.drill.expect(2, &["explain", "web-serves", "--run", "5"]);
    assert!(run.err.contains("there is no run 5") && run.err.contains("1 to 1"), "{}", run.err);
    let unchecked = Stored::with(|text| text, &[]).await;
    assert!(unchecked.drill.expect(5, &["explain", "web-serves"]).err.contains("kubedrill check"));
    let nothing = crate::support::Drill::new().expect(5, &["explain", "web-serves"]);
    assert!(nothing.err.contains("there is no such attempt"), "{}", nothing.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_completes_the_checks_of_the_attempt() {
    let stored = Stored::with(|text| text, &[]).await;
    let mut command = stored.drill.command(&["--", "kubedrill", "explain", "sur"]);
    let output = command.env("COMPLETE", "bash").env("_CLAP_COMPLETE_INDEX", "2").output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), "survives-recreation");
}
