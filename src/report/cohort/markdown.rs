//! A cohort as Markdown, for a wiki, an issue or a mail.

use tera::Context;

use super::cohort_view::CohortView;
use crate::{
    gradebook::Gradebook,
    report::{ReportError, template::fill},
    text::Lang,
};

/// The cohort in one language.
///
/// # Errors
/// When the template does not fit the gradebook.
pub fn render(book: &Gradebook, lang: Lang) -> Result<String, ReportError> {
    let mut context = Context::new();
    context.insert("r", &CohortView::new(book, lang));
    let text = fill("cohort.md", &context)?;
    Ok(text.trim().to_owned() + "\n")
}
