//! Reports as Markdown, for a merge request, an issue or a hand-in.

use tera::Context;

use super::{BundleReport, Report, ReportError, bundle_view::BundleView, template::fill, view::View};
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

/// The report of a run of a bundle in one language.
///
/// # Errors
/// When the template does not fit the report.
pub fn render_bundle(report: &BundleReport, lang: Lang) -> Result<String, ReportError> {
    let mut context = Context::new();
    context.insert("r", &BundleView::new(report, lang));
    let text = fill("bundle.md", &context)?;
    Ok(text.trim().to_owned() + "\n")
}
