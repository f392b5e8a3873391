//! A cohort, a learner or a team as one self-contained HTML file in both languages: works offline, prints, needs no script.

use serde::Serialize;
use tera::Context;

use super::{cohort_view::CohortView, learner_view::LearnerView, team_view::TeamView};
use crate::{
    gradebook::{Gradebook, Learner},
    report::{ReportError, template::fill},
    text::Lang,
};

/// The whole cohort, opened in this language; the reader can switch.
///
/// # Errors
/// When the template does not fit the gradebook.
pub fn render(book: &Gradebook, lang: Lang) -> Result<String, ReportError> {
    page("cohort.html", book, &book.roster.cohort, lang, &Lang::ALL.map(|lang| CohortView::new(book, lang)))
}

/// All assignments of one learner.
///
/// # Errors
/// When the template does not fit the gradebook.
pub fn render_learner(book: &Gradebook, learner: &Learner, lang: Lang) -> Result<String, ReportError> {
    page("learner.html", book, &learner.name, lang, &Lang::ALL.map(|lang| LearnerView::new(book, learner, lang)))
}

/// One team; `None` when nobody is in it.
///
/// # Errors
/// When the template does not fit the gradebook.
pub fn render_team(book: &Gradebook, team: &str, lang: Lang) -> Result<Option<String>, ReportError> {
    let views: Option<Vec<TeamView>> = Lang::ALL.into_iter().map(|lang| TeamView::new(book, team, lang)).collect();
    views.map(|views| page("team.html", book, team, lang, &views)).transpose()
}

fn page(template: &'static str, book: &Gradebook, title: &str, first: Lang, views: &impl Serialize) -> Result<String, ReportError> {
    let mut context = Context::new();
    context.insert("views", views);
    context.insert("first", first.code());
    context.insert("page_title", title);
    context.insert("generator", &book.generated_by);
    fill(template, &context)
}
