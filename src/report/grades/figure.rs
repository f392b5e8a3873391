use crate::{
    attempt::Verdict,
    gradebook::{Assignment, CheckOutcome, Entry, EntryState},
    points::Points,
    report::{cohort::words, words as named},
    scenario::Role,
    text::{Lang, Text},
};

/// What a learner who handed in nothing has in a gradebook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// An empty cell.
    #[default]
    Empty,
    /// 0 points.
    Zero,
}

/// What a school's gradebook is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GradeOptions {
    /// The language of headings and comments.
    pub lang: Lang,
    /// Points over 100 stay as they are; importers may cap or reject them.
    pub over_100: bool,
    /// What nothing counts as.
    pub missing: Missing,
    /// A column of the bonus beside each figure, which holds it already.
    pub bonus: bool,
    /// No byte order mark at the beginning.
    pub no_bom: bool,
}

/// What stands in a cell of a gradebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// The figure that the level is read from.
    Points(Points),
    /// Nothing was handed in.
    Missing,
    /// It is not decided: an empty cell, never a zero. With what is known, and why.
    Open(Text),
}

/// The points that a level is read from, at most 100 unless more is asked for.
#[must_use]
pub fn level_figure(total: Points, over_100: bool) -> Points {
    if over_100 { total } else { total.min(Points::whole(100)) }
}

impl Figure {
    /// The figure of an entry; without an entry nothing was handed in.
    #[must_use]
    pub fn of(entry: Option<&Entry>, over_100: bool) -> Self {
        let Some(entry) = entry.filter(|entry| entry.state != EntryState::Missing) else { return Self::Missing };
        match &entry.score {
            Some(score) if settled(entry.state) && score.is_final && score.total.is_known() => {
                Self::Points(level_figure(score.total.points, over_100))
            }
            _ => Self::Open(words::open(entry)),
        }
    }

    /// The cell of a table of grades.
    #[must_use]
    pub fn cell(&self, missing: Missing) -> String {
        match self {
            Self::Points(points) => points.to_string(),
            Self::Missing if missing == Missing::Zero => Points::ZERO.to_string(),
            Self::Missing | Self::Open(_) => String::new(),
        }
    }
}

/// Nothing is to come but an appeal.
fn settled(state: EntryState) -> bool {
    matches!(state, EntryState::Graded | EntryState::Unusable | EntryState::Refused)
}

/// The bonus of an entry, as far as it is decided.
pub(super) fn bonus(entry: Option<&Entry>) -> String {
    match (Figure::of(entry, true), entry.and_then(|entry| entry.score.as_ref())) {
        (Figure::Points(_), Some(score)) if score.bonus.max != Points::ZERO => score.bonus.to_string(),
        _ => String::new(),
    }
}

/// Whether anybody can earn a bonus on an assignment.
pub(super) fn has_bonus(assignment: &Assignment) -> bool {
    assignment.checks.iter().any(|check| check.role == Role::Bonus)
}

/// What a learner reads beside the figure.
#[must_use]
pub fn comment(entry: Option<&Entry>, assignment: &Assignment, lang: Lang) -> String {
    let open = match Figure::of(entry, true) {
        Figure::Points(_) => None,
        Figure::Missing => Some(words::state(EntryState::Missing)),
        Figure::Open(why) => Some(why),
    };
    let known = entry.and_then(|entry| Some((entry, entry.score.as_ref()?)));
    let (None, Some((entry, score))) = (&open, known) else {
        return open.map(|why| why.get(lang).to_owned()).unwrap_or_default();
    };
    let mut said = format!("{} · {}", named::reached(score).get(lang), words::passed(score.grade).get(lang));
    if let Some(reason) = &entry.reason {
        said += &format!(" · {}", reason.get(lang));
    }
    let unmet = |outcome: &&CheckOutcome| outcome.verdict != Verdict::Pass;
    let title = |outcome: &CheckOutcome| assignment.checks.iter().find(|c| c.id == outcome.id).map(|c| c.title.get(lang).to_owned());
    let unmet: Vec<String> = entry.checks.iter().filter(unmet).filter_map(title).collect();
    if !unmet.is_empty() {
        said += &format!(". {}: {}", words::not_passed().get(lang), unmet.join(", "));
    }
    said
}
