//! A gradebook without the people in it keeps every figure and nothing that says who is who.

use std::collections::BTreeSet;

use kubedrill::{
    gradebook::Gradebook,
    report::{Dates, Pseudonyms, anonymous},
    text::Text,
};

use super::fixture::{gradebook, gradebook_file};
use crate::support::Drill;

/// With everything in it that a person may have written.
fn telling() -> Gradebook {
    let mut book = gradebook();
    for entry in &mut book.entries {
        entry.reason = Some(Text::new("kim-laptop.local의 파일", "a file of kim-laptop.local"));
        if let Some(score) = &mut entry.score {
            score.pending.push(Text::new("비밀 메모", "a secret remark"));
            score.trace[0].label = Text::new("비밀 메모", "a secret remark");
        }
    }
    book
}

#[test]
fn nothing_that_tells_who_is_who_is_left() {
    let book = telling();
    let text = serde_json::to_string(&anonymous(&book, &Pseudonyms::new(&[7; 32]), Dates::Exact)).unwrap();
    let mut secrets: Vec<String> = vec!["kim-laptop".into(), "secret remark".into(), "비밀".into(), book.roster.cohort.clone()];
    for learner in &book.roster.learners {
        let optional = [&learner.email, &learner.sis_id, &learner.login, &learner.team].into_iter().flatten();
        secrets.extend(optional.cloned().chain([format!("\"{}\"", learner.id), learner.name.clone()]));
    }
    secrets.extend(book.entries.iter().filter_map(|entry| Some(entry.attempt.as_ref()?.0.clone())));
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret}");
    }
}

#[test]
fn every_figure_is_kept() {
    let book = telling();
    let nameless = anonymous(&book, &Pseudonyms::new(&[7; 32]), Dates::Exact);
    let figures = |book: &Gradebook| -> Vec<String> {
        let figure = |e: &kubedrill::gradebook::Entry| {
            let score = e.score.as_ref().map(|s| (s.base, s.bonus, s.total, s.grade, s.is_final));
            let checks: Vec<_> = e.checks.iter().map(|c| (c.id.clone(), c.verdict, c.earned, c.reason.clone())).collect();
            format!("{} {:?} {score:?} {checks:?}", e.assignment, e.state)
        };
        let mut all: Vec<_> = book.entries.iter().map(figure).collect();
        all.sort();
        all
    };
    assert_eq!(figures(&book), figures(&nameless));
    let read: Gradebook = serde_json::from_str(&serde_json::to_string(&nameless).unwrap()).unwrap();
    assert_eq!(read, nameless, "it is a gradebook like any other");
}

#[test]
fn pseudonyms_are_the_key_holders_and_stay_the_same() {
    let names = |key: u8| -> Vec<String> {
        anonymous(&gradebook(), &Pseudonyms::new(&[key; 32]), Dates::Exact).roster.learners.into_iter().map(|l| l.id).collect()
    };
    assert_eq!(names(7), names(7));
    assert!(names(7).iter().collect::<BTreeSet<_>>().is_disjoint(&names(8).iter().collect()));
    assert_eq!(names(7).iter().collect::<BTreeSet<_>>().len(), 14);
    let mut sorted = names(7);
    sorted.sort();
    assert_eq!(names(7), sorted, "the roster's order would tell");
}

#[test]
fn moments_are_as_coarse_as_asked_for() {
    let at = |dates| {
        anonymous(&gradebook(), &Pseudonyms::new(&[7; 32]), dates).entries.iter().find_map(|e| e.submitted).map(|at| at.to_string())
    };
    assert!(at(Dates::Exact).is_some_and(|at| !at.ends_with("T00:00:00Z")));
    let day = at(Dates::Day).unwrap();
    assert!(day.ends_with("T00:00:00Z"), "{day}");
    let week: jiff::Timestamp = at(Dates::Week).unwrap().parse().unwrap();
    assert_eq!(week.to_zoned(jiff::tz::TimeZone::UTC).weekday(), jiff::civil::Weekday::Monday);
    assert_eq!(at(Dates::None), None);
}

#[test]
fn the_command_keeps_its_secret_and_warns_of_small_cohorts() {
    let drill = Drill::new();
    let book = gradebook_file(drill.home());
    let first = drill.expect(0, &["export", "anonymous", "--gradebook", &book]);
    assert!(first.err.contains("pseudonyms.key") && !first.err.contains("Take care"), "{}", first.err);
    let again = drill.expect(0, &["export", "anonymous", "--gradebook", &book]);
    assert_eq!((first.out, again.err.as_str()), (again.out, ""));
    let mut few = gradebook();
    few.roster.learners.truncate(9);
    std::fs::write(&book, serde_json::to_string(&few).unwrap()).unwrap();
    assert!(drill.expect(0, &["export", "anonymous", "--gradebook", &book]).err.contains("Take care: with 9 people"));
}
