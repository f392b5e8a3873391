//! An audit as one self-contained HTML file in both languages: a picture of the sixteen items, then each with its offenders.

use tera::Context;

use super::view::View;
use crate::{
    audit::Audit,
    report::{ReportError, template::fill},
    text::Lang,
};

/// The audit, opened in this language; the reader can switch.
///
/// # Errors
/// When the template does not fit the audit.
pub fn render(audit: &Audit, lang: Lang) -> Result<String, ReportError> {
    let mut context = Context::new();
    context.insert("views", &Lang::ALL.map(|lang| View::new(audit, lang)));
    context.insert("first", lang.code());
    context.insert("page_title", &audit.cluster);
    context.insert("generator", &audit.generated_by);
    fill("audit.html", &context)
}
