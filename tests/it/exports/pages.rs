//! Pages over many learners: both languages, offline, readable without colour and without eyes.

use insta::assert_snapshot;
use kubedrill::{
    report::cohort::{html, items, markdown},
    text::Lang,
};

use super::fixture::{FORMULA, gradebook, gradebook_file};
use crate::support::Drill;

/// The page without its style sheet, which is looked at in a browser and not in a snapshot.
fn body(html: &str) -> String {
    html.split_once("<body>").unwrap().1.lines().map(str::trim_end).filter(|l| !l.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

/// One language of a page.
fn main(html: &str, lang: &str) -> String {
    let body = body(html);
    let from = body.find(&format!("<main lang=\"{lang}\"")).unwrap();
    body[from..].split_once("</main>").unwrap().0.to_owned()
}

fn pages() -> Vec<(&'static str, String)> {
    let book = gradebook();
    vec![
        ("cohort", html::render(&book, Lang::Ko).unwrap()),
        ("learner", html::render_learner(&book, &book.roster.learners[4], Lang::Ko).unwrap()),
        ("learner_open", html::render_learner(&book, &book.roster.learners[5], Lang::Ko).unwrap()),
        ("team", html::render_team(&book, "하늘팀", Lang::Ko).unwrap().unwrap()),
    ]
}

#[test]
fn pages_read_the_same_in_both_languages() {
    for (name, page) in pages() {
        assert_snapshot!(format!("{name}_ko"), main(&page, "ko"));
        assert_snapshot!(format!("{name}_en"), main(&page, "en"));
        assert!(page.contains(r#"<html lang="ko">"#) && page.contains(r#"<main lang="ko" data-first="yes">"#));
    }
    for lang in Lang::ALL {
        assert_snapshot!(format!("cohort_md_{}", lang.code()), markdown::render(&gradebook(), lang).unwrap());
    }
}

#[test]
fn pages_need_no_network_and_run_no_script_and_take_no_name_for_markup() {
    for (name, page) in pages() {
        for word in ["<script", "src=", "@import", "url(", "<link", "onclick", "javascript:"] {
            assert!(!page.contains(word), "{name}: {word}");
        }
    }
    let mut book = gradebook();
    book.roster.learners[0].name = "<img src=x onerror=alert(1)>".into();
    assert!(!html::render(&book, Lang::Ko).unwrap().contains("<img"));
    let page = pages().remove(0).1;
    assert!(page.contains("=HYPERLINK(&quot;"), "{FORMULA}");
}

#[test]
fn pages_can_be_read_without_colour_and_without_eyes() {
    for (name, page) in pages() {
        let (tables, captions) = (page.matches("<table").count(), page.matches("<caption").count());
        assert_eq!(tables, captions, "{name}: every table has a caption");
        assert!(!page.contains("<th>"), "{name}: every heading says what it is the heading of");
        assert_eq!(page.matches("<svg").count(), page.matches(r#"role="img" aria-label=""#).count(), "{name}: every picture has words");
    }
    let cohort = pages().remove(0).1;
    for (class, sign, word) in [("pass", "✓", "통과"), ("fail", "✗", "실패"), ("part", "◐", "일부 통과"), ("error", "?", "확인 불가")]
    {
        let cell = cohort.lines().flat_map(|l| l.split("<td ")).find(|cell| cell.starts_with(&format!("class=\"say {class}\"")));
        let cell = cell.unwrap_or_else(|| panic!("{class}"));
        assert!(cell.contains(&format!("aria-hidden=\"true\">{sign}<")) && cell.contains(word), "{cell}");
    }
}

#[test]
fn items_say_what_a_check_is_worth_as_a_check() {
    let book = gradebook();
    let items = items(&book, &book.assignments[0]);
    let of = |id: &str| items.iter().find(|item| item.check == id).unwrap();
    let serves = of("api-serves");
    assert_eq!((serves.judged, serves.passed, serves.errors), (11, 8, 0));
    assert_eq!(serves.reasons, [("selector-matches-nothing".to_owned(), 3)]);
    assert!(serves.discrimination.is_some_and(|d| d > 0.2), "{serves:?}");
    let budget = of("budget-holds");
    assert_eq!((budget.results, budget.judged, budget.errors), (11, 10, 1), "an error is no result");
    assert!(!budget.always_errored() && !budget.never_failed());
    let ports = of("ports-agree");
    let mean = ports.mean.unwrap();
    assert!((0.6..0.95).contains(&mean), "{mean}: partial points count, voided ones do not");
    let lab = kubedrill::report::cohort::items(&book, &book.assignments[1]);
    assert!(lab.iter().any(|item| item.never_failed() && item.discrimination.is_none()));
}

#[test]
fn the_command_writes_every_page_that_a_class_needs() {
    let drill = Drill::new();
    let book = gradebook_file(drill.home());
    let folder = drill.home().join("pages");
    drill.expect(0, &["export", "html", "--gradebook", &book, "--each", &folder.display().to_string()]);
    let names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(names.len(), 1 + 14 + 2, "{names:?}");
    assert!(names.contains(&"learner-u01.html".to_owned()) && names.contains(&"team-하늘팀.html".to_owned()), "{names:?}");
    let one = drill.expect(0, &["export", "html", "--gradebook", &book, "--learner", "u01", "--lang", "ko"]);
    assert!(one.out.contains("<html lang=\"ko\">") && one.out.contains("김하늘"));
    let nobody = drill.expect(2, &["export", "html", "--gradebook", &book, "--team", "x"]);
    assert!(nobody.err.contains("team-2") && nobody.err.contains("하늘팀"), "{}", nobody.err);
    drill.expect(0, &["export", "markdown", "--gradebook", &book]);
}
