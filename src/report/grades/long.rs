use jiff::Timestamp;

use super::{
    GradesError, Missing,
    figure::{Figure, GradeOptions, comment},
    table,
};
use crate::{
    gradebook::{Assignment, Entry, Gradebook, Learner},
    points::Points,
    report::cohort::words,
};

const COLUMNS: [&str; 27] = [
    "cohort",
    "assignment",
    "title",
    "due",
    "submitted",
    "learner",
    "name",
    "email",
    "sis_id",
    "login",
    "section",
    "team",
    "state",
    "score",
    "max",
    "level",
    "passed",
    "base",
    "bonus",
    "adjustments",
    "total",
    "low",
    "high",
    "final",
    "attempt",
    "comment",
    "digest",
];

/// One row for each learner and assignment, for spreadsheets and statistics. `score` is the figure that the level is read from;
/// what is not decided is empty there, with its range in `low` and `high`.
///
/// # Errors
/// The table cannot be written.
pub fn long(book: &Gradebook, options: GradeOptions) -> Result<String, GradesError> {
    let mut rows = vec![COLUMNS.map(str::to_owned).to_vec()];
    for learner in &book.roster.learners {
        rows.extend(book.assignments.iter().map(|assignment| row(book, learner, assignment, options)));
    }
    table::write(&rows, options.no_bom)
}

fn row(book: &Gradebook, learner: &Learner, assignment: &Assignment, options: GradeOptions) -> Vec<String> {
    let entry = book.entry(&learner.id, &assignment.id);
    let figure = Figure::of(entry, options.over_100);
    let score = entry.and_then(|entry| entry.score.as_ref());
    let points = |pick: &dyn Fn(&crate::score::Score) -> Points| score.map(|score| pick(score).to_string()).unwrap_or_default();
    let word = |word: &Option<String>| word.clone().unwrap_or_default();
    let graded = matches!(figure, Figure::Points(_));
    let known = |pick: &dyn Fn(&crate::score::Score) -> Points| if graded { points(pick) } else { String::new() };
    let state = entry.map_or(crate::gradebook::EntryState::Missing, |entry| entry.state);
    vec![
        book.roster.cohort.clone(),
        assignment.id.clone(),
        assignment.title.get(options.lang).to_owned(),
        moment(assignment.due),
        moment(entry.and_then(|entry| entry.submitted)),
        learner.id.clone(),
        learner.name.clone(),
        word(&learner.email),
        word(&learner.sis_id),
        word(&learner.login),
        word(&learner.section),
        word(&learner.team),
        words::state_word(state).to_owned(),
        figure.cell(options.missing),
        assignment.max.to_string(),
        score.filter(|_| graded).and_then(|s| s.grade.level).map(|level| level.title().get(options.lang).to_owned()).unwrap_or_default(),
        score.filter(|_| graded).map(|s| s.grade.passed.to_string()).unwrap_or_default(),
        known(&|s| s.base.points),
        known(&|s| s.bonus.points),
        known(&|s| s.adjustments.iter().map(|line| line.points).sum()),
        known(&|s| s.total.points),
        points(&|s| s.total.low),
        points(&|s| s.total.high),
        score.map(|s| s.is_final.to_string()).unwrap_or_default(),
        entry.and_then(|entry: &Entry| entry.attempt.as_ref()).map(ToString::to_string).unwrap_or_default(),
        if options.missing == Missing::Zero && figure == Figure::Missing {
            words::zero_for_nothing().get(options.lang).to_owned()
        } else {
            comment(entry, assignment, options.lang)
        },
        assignment.digest.clone(),
    ]
}

fn moment(at: Option<Timestamp>) -> String {
    at.map(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}
