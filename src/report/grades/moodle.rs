use super::{
    Grades, GradesError,
    figure::{Figure, GradeOptions, bonus, comment, has_bonus},
    table,
};
use crate::{
    gradebook::{Gradebook, Learner},
    report::cohort::words,
};

/// What Moodle knows a learner by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoodleKey {
    /// The address; Moodle tells capitals from small letters.
    Email,
    /// The number in the school's own system.
    IdNumber,
    /// The name that they log in with.
    Username,
}

impl MoodleKey {
    /// Moodle's own heading, so that its import proposes the right mapping.
    fn heading(self) -> &'static str {
        match self {
            Self::Email => "Email address",
            Self::IdNumber => "ID number",
            Self::Username => "Username",
        }
    }

    fn of(self, learner: &Learner) -> Option<&String> {
        match self {
            Self::Email => learner.email.as_ref(),
            Self::IdNumber => learner.sis_id.as_ref(),
            Self::Username => learner.login.as_ref(),
        }
    }
}

/// Grades and comments that Moodle imports. Both columns are always there: a comment without its grade would wipe the grade.
///
/// # Errors
/// Nobody has the key, or the table cannot be written.
pub fn moodle(book: &Gradebook, key: MoodleKey, options: GradeOptions) -> Result<Grades, GradesError> {
    let (known, unknown): (Vec<&Learner>, Vec<&Learner>) = book.roster.learners.iter().partition(|l| key.of(l).is_some());
    if known.is_empty() {
        return Err(GradesError::NoKey { key: key.heading() });
    }
    let mut head = vec![key.heading().to_owned()];
    for assignment in &book.assignments {
        let title = assignment.title.get(options.lang);
        head.extend([title.to_owned(), words::feedback_of(title).get(options.lang).to_owned()]);
        head.extend((options.bonus && has_bonus(assignment)).then(|| words::bonus_of(title).get(options.lang).to_owned()));
    }
    let mut rows = vec![head];
    for learner in known {
        let mut row = vec![key.of(learner).cloned().unwrap_or_default()];
        for assignment in &book.assignments {
            let entry = book.entry(&learner.id, &assignment.id);
            row.extend([Figure::of(entry, options.over_100).cell(options.missing), comment(entry, assignment, options.lang)]);
            row.extend((options.bonus && has_bonus(assignment)).then(|| bonus(entry)));
        }
        rows.push(row);
    }
    let unknown: Vec<&str> = unknown.iter().map(|l| l.name.as_str()).collect();
    let notes = if unknown.is_empty() { Vec::new() } else { vec![words::moodle_knows_not(key.heading(), &unknown)] };
    Ok(Grades { text: table::write(&rows, options.no_bom)?, notes })
}
