//! What the pages about a cohort, a learner and a team have in common.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    attempt::{Tier, Verdict},
    gradebook::{CheckOutcome, Entry, EntryState, Gradebook},
    points::Points,
    report::{
        Trust,
        grades::Figure,
        view::{Bar, Category, Field, bar},
        words as named,
    },
    scenario::Category as Rubric,
    score::{Score, Total},
    text::{Lang, Text},
};

/// A result in one cell: a sign that needs no colour, a class for its colour, and the word that a screen reader says.
#[derive(Serialize)]
pub(super) struct Sign {
    pub sign: &'static str,
    pub class: &'static str,
    pub word: String,
}

/// What a check came to.
pub(super) fn sign(outcome: Option<&CheckOutcome>, lang: Lang) -> Sign {
    let Some(outcome) = outcome else {
        return Sign { sign: "", class: "none", word: Text::new("결과 없음", "no result").get(lang).to_owned() };
    };
    if outcome.verdict == Verdict::Fail && outcome.earned.points > Points::ZERO {
        let word = Text::new(format!("일부 통과, {}점", outcome.earned), format!("in part, {} points", outcome.earned));
        return Sign { sign: "◐", class: "part", word: word.get(lang).to_owned() };
    }
    let class = match outcome.verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "fail",
        Verdict::Error => "error",
        Verdict::Blocked => "blocked",
        Verdict::Skipped => "skipped",
    };
    Sign { sign: named::sign(outcome.verdict), class, word: named::verdict(outcome.verdict).get(lang).to_owned() }
}

/// Every sign that a cell can have, for the legend.
pub(super) fn legend(lang: Lang) -> Vec<Sign> {
    let of = |verdict, class| Sign { sign: named::sign(verdict), class, word: named::verdict(verdict).get(lang).to_owned() };
    let part = Text::new("일부 통과", "in part");
    vec![
        of(Verdict::Pass, "pass"),
        Sign { sign: "◐", class: "part", word: part.get(lang).to_owned() },
        of(Verdict::Fail, "fail"),
        of(Verdict::Blocked, "blocked"),
        of(Verdict::Error, "error"),
        of(Verdict::Skipped, "skipped"),
    ]
}

/// The figure of an entry as people read it, with how it is coloured.
#[derive(Serialize)]
pub(super) struct Mark {
    /// The points, their range, or a sign.
    pub text: String,
    /// What it means.
    pub word: String,
    pub tone: &'static str,
}

pub(super) fn mark(entry: Option<&Entry>, lang: Lang) -> Mark {
    let say = |text: Text| text.get(lang).to_owned();
    let state = entry.map_or(EntryState::Missing, |entry| entry.state);
    let score = entry.and_then(|entry| entry.score.as_ref());
    match (Figure::of(entry, true), score) {
        (Figure::Points(points), Some(score)) => {
            Mark { text: points.to_string(), word: say(named::reached(score)), tone: if score.grade.passed { "good" } else { "bad" } }
        }
        (Figure::Open(why), Some(score)) => Mark { text: score.total.to_string(), word: say(why), tone: "open" },
        (Figure::Open(why), None) => Mark { text: super::words::state_sign(state).to_owned(), word: say(why), tone: "open" },
        (Figure::Missing, _) | (Figure::Points(_), None) => Mark {
            text: super::words::state_sign(EntryState::Missing).to_owned(),
            word: say(super::words::state(EntryState::Missing)),
            tone: "none",
        },
    }
}

/// A place on the scale of levels, in hundredths of its length.
#[derive(Serialize)]
pub(super) struct Scale {
    /// What is sure.
    pub low: f64,
    /// What may be added.
    pub open: f64,
    pub text: String,
}

pub(super) fn scale(score: &Score) -> Scale {
    let Bar { sure, maybe } = bar(score.total, Points::whole(100));
    Scale { low: sure, open: maybe, text: score.total.to_string() }
}

/// The categories of several scores together, as far as each has them.
pub(super) fn categories<'a>(scores: impl Iterator<Item = &'a Score> + Clone, lang: Lang) -> Vec<Category> {
    let of = |category: Rubric| -> Option<Category> {
        let all = scores.clone().flat_map(|score| &score.categories).filter(|one| one.category == category);
        let earned: Total = all.map(|one| one.earned).sum();
        (earned.max > Points::ZERO).then(|| Category {
            name: category.title().get(lang).to_owned(),
            points: format!("{earned} / {}", earned.max),
            bar: bar(earned, earned.max),
        })
    };
    Rubric::ALL.into_iter().filter_map(of).collect()
}

/// What made the page, and when, and how far the scores on it can be trusted.
pub(super) fn about<'a>(book: &'a Gradebook, entries: impl Iterator<Item = &'a Entry>, lang: Lang) -> Vec<Field> {
    let field = |name: Text, value: String| Field { name: name.get(lang).to_owned(), value };
    let mut fields = vec![
        field(Text::new("반", "Cohort"), book.roster.cohort.clone()),
        field(Text::new("만든 때", "Made"), moment(book.generated_at)),
        field(Text::new("만든 프로그램", "Made by"), book.generated_by.clone()),
    ];
    for assignment in &book.assignments {
        fields.push(field(assignment.title.clone(), format!("{} · {}", assignment.id, assignment.digest)));
    }
    let mut tiers: BTreeMap<Tier, usize> = BTreeMap::new();
    for tier in entries.filter_map(|entry| entry.tier) {
        *tiers.entry(tier).or_default() += 1;
    }
    for (tier, count) in tiers {
        let name = Text::new(format!("신뢰 등급 {tier} ({count}건)"), format!("Trust {tier} ({count})"));
        fields.push(field(name, Trust::from(tier).text.get(lang).to_owned()));
    }
    fields
}

/// A moment as people read it.
pub(super) fn moment(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}
