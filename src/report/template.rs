use std::fmt::Write;

use tera::{Context, Kwargs, State, Tera};

use super::ReportError;

const TEMPLATES: [(&str, &str); 15] = [
    ("base.css", include_str!("grading/base.css")),
    ("cohort.css", include_str!("grading/cohort.css")),
    ("print.css", include_str!("grading/print.css")),
    ("switch.html", include_str!("grading/switch.html")),
    ("bars.html", include_str!("grading/bars.html")),
    ("scale.html", include_str!("grading/scale.html")),
    ("cohort.html", include_str!("grading/cohort.html")),
    ("cohort.md", include_str!("grading/cohort.md")),
    ("learner.html", include_str!("grading/learner.html")),
    ("team.html", include_str!("grading/team.html")),
    ("audit.html", include_str!("grading/audit.html")),
    ("report.html", include_str!("grading/report.html")),
    ("report.md", include_str!("grading/report.md")),
    ("bundle.html", include_str!("grading/bundle.html")),
    ("bundle.md", include_str!("grading/bundle.md")),
];

/// Fills one of our templates. Values are escaped for HTML by the template's name; in Markdown by the filter `md`.
pub(super) fn fill(template: &'static str, context: &Context) -> Result<String, ReportError> {
    let fail = |source| ReportError::Template { template, source };
    let mut tera = Tera::new();
    tera.register_filter("md", |text: &str, _: Kwargs, _: &State| escape_markdown(text));
    tera.add_raw_templates(TEMPLATES).map_err(fail)?;
    tera.render(template, context).map_err(fail)
}

/// The text on one line, with everything escaped that Markdown or a table cell would take for markup.
fn escape_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '~' | '#' => drop(write!(escaped, "\\{c}")),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\n' | '\r' => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape_markdown;

    #[test]
    fn markup_in_a_text_stays_text() {
        assert_eq!(escape_markdown("a | b\n<img src=x> *c* [d](e) `f`"), r"a \| b &lt;img src=x&gt; \*c\* \[d\](e) \`f\`");
    }
}
