//! Reports as Markdown, for a merge request, an issue or a hand-in.

use tera::Context;

use super::{Report, ReportError, template::fill, view::View};
use crate::text::Lang;

/// The report in one language.
///
/// # Errors
/// When the template does not fit the report.
pub fn render(report: &Report, lang: Lang) -> Result<String, ReportError> {
    let mut context = Context::new();
    context.insert("r", &View::new(report, lang));
    let text = fill("report.md", &context)?;
    Ok(text.trim().to_owned() + "\n")
}
