//! A gradebook without the people in it, for research and for showing around: keyed pseudonyms in place of everything that names
//! somebody, nothing that anybody wrote by hand, and no moment finer than asked for.

use std::collections::BTreeMap;

use jiff::{Span, Timestamp, ToSpan, Zoned, tz::TimeZone};
use ring::hmac;

use crate::{
    attempt::AttemptId,
    gradebook::{Assignment, CheckOutcome, Entry, Gradebook, Learner, Roster},
    score::{Score, TraceLine},
    text::Text,
};

/// With fewer people, who is who can be told from the figures alone.
pub const FEW: usize = 10;

/// How fine the moments stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dates {
    /// As they are.
    #[default]
    Exact,
    /// The day.
    Day,
    /// The Monday of the week.
    Week,
    /// None at all.
    None,
}

/// Who learners become: names that only the holder of the key can tell again, the same in every gradebook under the same key.
#[derive(Debug)]
pub struct Pseudonyms(hmac::Key);

impl Pseudonyms {
    /// Pseudonyms under a key.
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The pseudonym of one thing of a kind: `P-3f9a…`. Things of two kinds never share one.
    fn of(&self, kind: &str, prefix: &str, name: &str) -> String {
        let tag = hmac::sign(&self.0, format!("{kind}\0{name}").as_bytes());
        let hex: String = tag.as_ref().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        format!("{prefix}-{hex}")
    }

    fn person(&self, id: &str) -> String {
        self.of("learner", "P", id)
    }

    fn attempt(&self, id: &AttemptId) -> AttemptId {
        AttemptId(self.of("attempt", "A", &id.0))
    }
}

/// The gradebook without anything that says who is who. Learners stand in the order of their pseudonyms: that of the roster tells
/// names. The pseudonyms are long enough that two of a cohort are never the same by chance.
#[must_use]
pub fn anonymous(book: &Gradebook, pseudonyms: &Pseudonyms, dates: Dates) -> Gradebook {
    let mut people: BTreeMap<String, &Learner> = BTreeMap::new();
    for learner in &book.roster.learners {
        people.insert(pseudonyms.person(&learner.id), learner);
    }
    let entry = |pseudonym: &String, learner: &Learner, assignment: &Assignment| {
        book.entry(&learner.id, &assignment.id).map(|one| nameless(one, pseudonym.clone(), pseudonyms, dates))
    };
    Gradebook {
        format_version: book.format_version,
        generated_by: book.generated_by.clone(),
        generated_at: coarse(book.generated_at, dates).unwrap_or_default(),
        roster: Roster {
            cohort: pseudonyms.of("cohort", "C", &book.roster.cohort),
            learners: people.iter().map(|(pseudonym, learner)| person(pseudonym, learner, pseudonyms)).collect(),
        },
        assignments: book
            .assignments
            .iter()
            .map(|one| Assignment { due: one.due.and_then(|at| coarse(at, dates)), ..one.clone() })
            .collect(),
        entries: people
            .iter()
            .flat_map(|(pseudonym, learner)| book.assignments.iter().filter_map(move |a| entry(pseudonym, learner, a)))
            .collect(),
    }
}

fn person(pseudonym: &str, learner: &Learner, pseudonyms: &Pseudonyms) -> Learner {
    Learner {
        id: pseudonym.to_owned(),
        name: pseudonym.to_owned(),
        section: learner.section.as_ref().map(|section| pseudonyms.of("section", "S", section)),
        team: learner.team.as_ref().map(|team| pseudonyms.of("team", "T", team)),
        roles: learner.roles.clone(),
        ..Learner::default()
    }
}

fn nameless(entry: &Entry, learner: String, pseudonyms: &Pseudonyms, dates: Dates) -> Entry {
    Entry {
        learner,
        assignment: entry.assignment.clone(),
        state: entry.state,
        reason: None,
        submitted: entry.submitted.and_then(|at| coarse(at, dates)),
        submission: None,
        attempt: entry.attempt.as_ref().map(|id| pseudonyms.attempt(id)),
        attempts: entry.attempts.iter().map(|id| pseudonyms.attempt(id)).collect(),
        score: entry.score.as_ref().map(silent),
        tier: entry.tier,
        checks: entry.checks.iter().map(wordless).collect(),
    }
}

fn wordless(outcome: &CheckOutcome) -> CheckOutcome {
    CheckOutcome {
        id: outcome.id.clone(),
        verdict: outcome.verdict,
        earned: outcome.earned,
        reason: outcome.reason.clone(),
        basis: outcome.basis,
        symptom: None,
    }
}

/// The figures of a score without what people wrote: graders' comments stand in the trace and in the names of adjustments.
fn silent(score: &Score) -> Score {
    let unnamed =
        |line: &TraceLine| TraceLine { label: Text::new("조정", "Adjustment"), formula: line.points.to_string(), points: line.points };
    // Field by field: what is added to a score one day must not come along unseen.
    Score {
        checks: score.checks.clone(),
        categories: score.categories.clone(),
        steps: score.steps.clone(),
        base: score.base,
        bonus: score.bonus,
        adjustments: score.adjustments.iter().map(unnamed).collect(),
        total: score.total,
        overrides: Vec::new(),
        grade: score.grade,
        is_final: score.is_final,
        pending: Vec::new(),
        trace: Vec::new(),
    }
}

fn coarse(at: Timestamp, dates: Dates) -> Option<Timestamp> {
    let day = |at: Zoned| at.start_of_day().ok();
    let zoned = at.to_zoned(TimeZone::UTC);
    match dates {
        Dates::Exact => Some(at),
        Dates::Day => day(zoned).map(|day| day.timestamp()),
        Dates::Week => {
            let since_monday: Span = i64::from(zoned.weekday().to_monday_zero_offset()).days();
            zoned.checked_sub(since_monday).ok().and_then(day).map(|day| day.timestamp())
        }
        Dates::None => None,
    }
}
