use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    labels::labels,
    parts::{Mark, Scale, Sign, about, categories, mark, moment, scale, sign},
    words,
};
use crate::{
    attempt::Verdict,
    gradebook::{Assignment, CheckOutcome, Entry, Gradebook, Learner},
    points::Points,
    report::view::{Category, Field, Line, fraction},
    scenario::Role,
    text::{Lang, Text},
};

/// A learner's assignments in one language, ready to be put into a template.
#[derive(Serialize)]
pub(super) struct LearnerView {
    lang: &'static str,
    l: BTreeMap<&'static str, &'static str>,
    title: String,
    tags: Vec<String>,
    categories: Vec<Category>,
    assignments: Vec<Part>,
    about: Vec<Field>,
}

#[derive(Serialize)]
struct Part {
    title: String,
    mark: Mark,
    outcome: String,
    scale: Option<Scale>,
    facts: Vec<String>,
    pending: Vec<String>,
    categories: Vec<Category>,
    look: Vec<Look>,
    trace: Vec<Line>,
}

/// A check that did not pass.
#[derive(Serialize)]
struct Look {
    title: String,
    sign: Sign,
    points: Option<String>,
    symptom: Option<String>,
}

impl LearnerView {
    pub(super) fn new(book: &Gradebook, learner: &Learner, lang: Lang) -> Self {
        let entries: Vec<&Entry> = book.of(learner).collect();
        let scores = entries.iter().filter_map(|entry| entry.score.as_ref());
        let parts = book.assignments.iter().map(|assignment| part(book.entry(&learner.id, &assignment.id), assignment, lang));
        Self {
            lang: lang.code(),
            l: labels(lang),
            title: learner.name.clone(),
            tags: tags(book, learner, lang),
            categories: categories(scores, lang),
            assignments: parts.collect(),
            about: about(book, book.of(learner), lang),
        }
    }
}

fn tags(book: &Gradebook, learner: &Learner, lang: Lang) -> Vec<String> {
    let word = labels(lang);
    let mut tags = vec![book.roster.cohort.clone(), learner.id.clone()];
    tags.extend(learner.section.as_ref().map(|section| format!("{} {section}", word["section"])));
    tags.extend(learner.team.as_ref().map(|team| format!("{} {team}", word["team"])));
    tags.extend(learner.roles.iter().map(|role| words::role(*role).get(lang).to_owned()));
    tags.retain(|tag| !tag.is_empty());
    tags
}

fn part(entry: Option<&Entry>, assignment: &Assignment, lang: Lang) -> Part {
    let say = |text: &Text| text.get(lang).to_owned();
    let score = entry.and_then(|entry| entry.score.as_ref());
    let outcome = score.map(|score| say(&words::passed(score.grade)));
    let mark = mark(entry, lang);
    let mut facts = Vec::new();
    if let Some(score) = score {
        facts.push(format!("{} {}", labels(lang)["base"], fraction(score.base)));
        if score.bonus.max > Points::ZERO {
            facts.push(format!("{} {}", labels(lang)["bonus"], fraction(score.bonus)));
        }
    }
    if let Some(at) = entry.and_then(|entry| entry.submitted) {
        facts.push(say(&Text::new(format!("제출 {}", moment(at)), format!("handed in {}", moment(at)))));
    }
    facts.extend(entry.and_then(|entry| entry.attempt.as_ref()).map(ToString::to_string));
    facts.extend(entry.and_then(|entry| entry.tier).map(|tier| format!("{} {tier}", labels(lang)["trust"])));
    let unmet = |outcome: &&CheckOutcome| outcome.verdict != Verdict::Pass;
    let pending = match (score, entry.and_then(|entry| entry.reason.as_ref())) {
        (Some(score), reason) => score.pending.iter().chain(reason).map(say).collect(),
        (None, reason) => reason.map(say).into_iter().collect(),
    };
    Part {
        title: say(&assignment.title),
        outcome: outcome.filter(|_| mark.tone != "open").unwrap_or_default(),
        mark,
        scale: score.map(scale),
        facts,
        pending,
        categories: categories(score.into_iter(), lang),
        look: entry.into_iter().flat_map(|entry| &entry.checks).filter(unmet).filter_map(|o| look(o, assignment, lang)).collect(),
        trace: score.into_iter().flat_map(|s| &s.trace).map(|l| Line { label: say(&l.label), formula: l.formula.clone() }).collect(),
    }
}

fn look(outcome: &CheckOutcome, assignment: &Assignment, lang: Lang) -> Option<Look> {
    let check = assignment.checks.iter().find(|check| check.id == outcome.id).filter(|check| check.role != Role::Info)?;
    Some(Look {
        title: check.title.get(lang).to_owned(),
        sign: sign(Some(outcome), lang),
        points: (outcome.earned.max > Points::ZERO).then(|| fraction(outcome.earned)),
        symptom: outcome.symptom.as_ref().map(|text| text.get(lang).to_owned()),
    })
}
