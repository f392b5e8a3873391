//! Reports as one self-contained HTML file in both languages: works offline, prints, follows light and dark, needs no script.

use tera::Context;

use super::{BundleReport, Report, ReportError, bundle_view::BundleView, template::fill, view::View};
use crate::text::Lang;

/// The report, opened in this language; the reader can switch.
///
/// # Errors
/// When the template does not fit the report.
pub fn render(report: &Report, lang: Lang) -> Result<String, ReportError> {
    let mut context = Context::new();
    context.insert("views", &Lang::ALL.map(|lang| View::new(report, lang)));
    context.insert("first", lang.code());
    context.insert("page_title", report.scenario.title.get(lang));
    context.insert("generator", &report.generated_by);
    fill("report.html", &context)
}

/// The report of a run of a bundle, in both languages, this one first.
///
/// # Errors
/// When the template does not fit the report.
pub fn render_bundle(report: &BundleReport, lang: Lang) -> Result<String, ReportError> {
    let mut langs = Lang::ALL;
    langs.sort_by_key(|other| *other != lang);
    let mut context = Context::new();
    context.insert("views", &langs.map(|lang| BundleView::new(report, lang)));
    context.insert("first", lang.code());
    context.insert("page_title", report.bundle.title.get(lang));
    context.insert("generator", &report.generated_by);
    fill("bundle.html", &context)
}
