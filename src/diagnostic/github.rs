use std::fmt::Write as _;

use super::{Diagnostic, Severity};
use crate::text::Lang;

/// Diagnostics as GitHub workflow commands, one a line, so that they show up beside the changed lines.
#[must_use]
pub fn render_github(diagnostics: &[Diagnostic], lang: Lang) -> String {
    let mut out = String::new();
    for d in diagnostics {
        let level = match d.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let place = d.span.map_or_else(String::new, |s| format!(",line={},endLine={},col={}", s.line, s.end_line, s.column));
        let file = property(&d.file.display().to_string());
        let mut text = d.message.get(lang).to_owned();
        if let Some(help) = &d.help {
            let _ = write!(text, "\n{}", help.get(lang));
        }
        let _ = writeln!(out, "::{level} file={file}{place},title={}::{}", d.code, data(&text));
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::{Diagnostic, Span, codes};
    use super::render_github;
    use crate::text::{Lang, Text};

    #[test]
    fn one_line_per_diagnostic_whatever_the_text_holds() {
        let span = Span { line: 3, column: 5, end_line: 3, end_column: 9 };
        let d = Diagnostic::error(codes::UNKNOWN_KEY, "a,b.yaml", Some(span), Text::new("가", "50% off\nnow")).help(Text::new("나", "see"));
        assert_eq!(render_github(&[d], Lang::En), "::error file=a%2Cb.yaml,line=3,endLine=3,col=5,title=KD0201::50%25 off%0Anow%0Asee\n");
    }
}
