use insta::assert_snapshot;
use kubedrill::{report::html::render, text::Lang};

use super::fixture::{half_repaired, lab_underway, solved};

/// The page without its style sheet, which is looked at in a browser and not in a snapshot.
fn body(html: &str) -> String {
    html.split_once("<body>").unwrap().1.lines().map(str::trim_end).filter(|l| !l.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn html_holds_both_languages_and_opens_in_the_one_asked_for() {
    let korean = render(&half_repaired(), Lang::Ko).unwrap();
    assert_snapshot!("html_half", body(&korean));
    assert_snapshot!("html_solved", body(&render(&solved(), Lang::En).unwrap()));
    assert_snapshot!("html_lab", body(&render(&lab_underway(), Lang::Ko).unwrap()));
    let english = render(&half_repaired(), Lang::En).unwrap();
    assert!(korean.contains(r#"<html lang="ko">"#) && korean.contains(r#"<main lang="ko" data-first="yes">"#));
    assert!(english.contains(r#"<html lang="en">"#) && english.contains(r#"<main lang="en" data-first="yes">"#));
}

#[test]
fn html_needs_no_network_and_runs_no_script() {
    let html = render(&half_repaired(), Lang::Ko).unwrap();
    for word in ["<script", "src=", "@import", "url(", "<link", "onclick", "javascript:"] {
        assert!(!html.contains(word), "{word}");
    }
}

#[test]
fn what_a_cluster_says_is_never_taken_for_markup() {
    let mut report = half_repaired();
    let evil = "<img src=x onerror=alert(1)>";
    report.checks[0].evidence[0].part = serde_json::json!({"spec": evil});
    report.checks[0].observations[0].object = evil.into();
    report.checks[0].link = Some("javascript:alert(1)".into());
    report.scenario.title.ko = evil.into();
    let html = render(&report, Lang::Ko).unwrap();
    assert!(!html.contains("<img") && html.contains("&lt;img") && !html.contains("javascript:"));
}
