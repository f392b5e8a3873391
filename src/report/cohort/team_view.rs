use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    labels::labels,
    parts::{Mark, Scale, about, categories, mark, scale},
    words,
};
use crate::{
    attempt::AttemptId,
    gradebook::{Assignment, Entry, EntryState, Gradebook, Learner},
    report::view::{Category, Field},
    score::Total,
    text::Lang,
};

/// A team in one language, ready to be put into a template.
#[derive(Serialize)]
pub(super) struct TeamView {
    lang: &'static str,
    l: BTreeMap<&'static str, &'static str>,
    title: String,
    tags: Vec<String>,
    members: Vec<Member>,
    assignments: Vec<Part>,
    about: Vec<Field>,
}

#[derive(Serialize)]
struct Member {
    name: String,
    roles: Vec<String>,
}

#[derive(Serialize)]
struct Part {
    title: String,
    /// What all of them have, where it is the same.
    shared: Option<Mark>,
    scale: Option<Scale>,
    categories: Vec<Category>,
    members: Vec<MemberMark>,
}

#[derive(Serialize)]
struct MemberMark {
    name: String,
    mark: Mark,
}

impl TeamView {
    /// The page of a team; `None` when nobody is in it.
    pub(super) fn new(book: &Gradebook, team: &str, lang: Lang) -> Option<Self> {
        let members: Vec<&Learner> = book.roster.learners.iter().filter(|l| l.team.as_deref() == Some(team)).collect();
        if members.is_empty() {
            return None;
        }
        let member = |learner: &&Learner| Member {
            name: learner.name.clone(),
            roles: learner.roles.iter().map(|role| words::role(*role).get(lang).to_owned()).collect(),
        };
        let cohort = Some(book.roster.cohort.clone()).filter(|cohort| !cohort.is_empty());
        Some(Self {
            lang: lang.code(),
            l: labels(lang),
            title: team.to_owned(),
            tags: cohort.into_iter().collect(),
            members: members.iter().map(member).collect(),
            assignments: book.assignments.iter().map(|assignment| part(book, &members, assignment, lang)).collect(),
            about: about(book, members.iter().flat_map(|learner| book.of(learner)), lang),
        })
    }
}

fn part(book: &Gradebook, members: &[&Learner], assignment: &Assignment, lang: Lang) -> Part {
    let entries: Vec<Option<&Entry>> = members.iter().map(|learner| book.entry(&learner.id, &assignment.id)).collect();
    let is_shared = entries.len() > 1 && entries.windows(2).all(|pair| result(pair[0]) == result(pair[1]));
    let first = entries.first().copied().flatten();
    let score = first.and_then(|entry| entry.score.as_ref()).filter(|_| is_shared);
    Part {
        title: assignment.title.get(lang).to_owned(),
        shared: is_shared.then(|| mark(first, lang)),
        scale: score.map(scale),
        categories: categories(score.into_iter(), lang),
        members: members.iter().zip(&entries).map(|(l, entry)| MemberMark { name: l.name.clone(), mark: mark(*entry, lang) }).collect(),
    }
}

/// What has to be the same for a score to be the team's.
fn result(entry: Option<&Entry>) -> Option<(EntryState, Option<&AttemptId>, Option<Total>)> {
    entry.map(|entry| (entry.state, entry.attempt.as_ref(), entry.score.as_ref().map(|score| score.total)))
}
