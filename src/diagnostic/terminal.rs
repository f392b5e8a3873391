use std::{fmt::Write as _, io::Read as _, ops::Range, path::Path};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet, renderer::DecorStyle};

use super::{Diagnostic, Severity, Span};
use crate::text::{Lang, Text};

/// The longest source that is quoted from.
const SOURCE_LIMIT: u64 = 1 << 20;

/// Reads a file to quote from; `None` when it cannot be quoted. For use as the `sources` of [`render_terminal`].
#[must_use]
pub fn read_source(file: &Path) -> Option<String> {
    let meta = std::fs::symlink_metadata(file).ok()?;
    if !meta.is_file() || meta.len() > SOURCE_LIMIT {
        return None;
    }
    let mut text = String::new();
    std::fs::File::open(file).ok()?.take(SOURCE_LIMIT).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Diagnostics with the lines they are about and a caret below the place, and a last line that counts them.
#[must_use]
pub fn render_terminal(diagnostics: &[Diagnostic], lang: Lang, colour: bool, sources: &dyn Fn(&Path) -> Option<String>) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() }.decor_style(DecorStyle::Ascii);
    let mut out = String::new();
    for d in diagnostics {
        out.push_str(&render_one(d, lang, &renderer, sources));
        out.push_str("\n\n");
    }
    if let Some(summary) = summary(diagnostics) {
        let _ = writeln!(out, "{}", summary.get(lang));
    }
    out
}

fn render_one(d: &Diagnostic, lang: Lang, renderer: &Renderer, sources: &dyn Fn(&Path) -> Option<String>) -> String {
    let (level, name) = match d.severity {
        Severity::Error => (Level::ERROR, Text::new("오류", "error")),
        Severity::Warning => (Level::WARNING, Text::new("경고", "warning")),
    };
    let label = Text::new("도움말", "help");
    let level = level.with_name(name.get(lang));
    let file = d.file.display().to_string();
    let source = d.span.and_then(|span| Some((sources(&d.file)?, span)));
    let mut group = level.primary_title(d.message.get(lang)).id(d.code).elements(Vec::<annotate_snippets::Message<'_>>::new());
    if let Some((text, span)) = &source {
        let range = byte_range(text, *span);
        let snippet = Snippet::source(text.as_str()).path(file.as_str()).annotation(AnnotationKind::Primary.span(range));
        group = group.element(snippet);
    } else {
        let mut origin = annotate_snippets::Origin::path(file.as_str());
        if let Some(span) = d.span {
            origin = origin.line(span.line).char_column(span.column);
        }
        group = group.element(origin);
    }
    if let Some(help) = &d.help {
        group = group.element(Level::HELP.with_name(label.get(lang)).message(help.get(lang)));
    }
    renderer.render(&[group])
}

/// The bytes of a place; never beyond the text, and at most to the end of the first line, since a caret below many lines helps nobody.
fn byte_range(text: &str, span: Span) -> Range<usize> {
    let start_of_line = match span.line {
        0 | 1 => 0,
        n => text.match_indices('\n').nth(n - 2).map_or(text.len(), |(at, _)| at + 1),
    };
    let line = text[start_of_line..].split('\n').next().unwrap_or_default();
    let offset = |column: usize| {
        let chars = column.saturating_sub(1);
        start_of_line + line.char_indices().nth(chars).map_or(line.trim_end_matches('\r').len(), |(at, _)| at)
    };
    let start = offset(span.column);
    let end = if span.end_line == span.line { offset(span.end_column) } else { start_of_line + line.trim_end().len() };
    start..end.max(start)
}

fn summary(diagnostics: &[Diagnostic]) -> Option<Text> {
    let errors = diagnostics.iter().filter(|d| d.is_error()).count();
    let warnings = diagnostics.len() - errors;
    let english = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    match (errors, warnings) {
        (0, 0) => None,
        (_, 0) => Some(Text::new(format!("오류 {errors}개"), english(errors, "error"))),
        (0, _) => Some(Text::new(format!("경고 {warnings}개"), english(warnings, "warning"))),
        _ => Some(Text::new(
            format!("오류 {errors}개, 경고 {warnings}개"),
            format!("{}, {}", english(errors, "error"), english(warnings, "warning")),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Diagnostic, Span, codes};
    use super::render_terminal;
    use crate::text::{Lang, Text};

    fn one(span: Span) -> Diagnostic {
        Diagnostic::error(codes::UNKNOWN_KEY, "scenario.yaml", Some(span), Text::new("모르는 키 `titel`", "unknown key `titel`"))
    }

    #[test]
    fn the_caret_stands_below_the_place_behind_wide_letters() {
        let source = "name: {ko: \"웹 서비스\", titel: x}\n";
        let column = source.chars().position(|c| c == 't').unwrap() + 1;
        let d = one(Span { line: 1, column, end_line: 1, end_column: column + 5 });
        let out = render_terminal(&[d], Lang::En, false, &|_| Some(source.into()));
        let lines: Vec<&str> = out.lines().collect();
        let quoted = lines.iter().position(|l| l.contains("titel: x")).unwrap();
        let width = |line: &str, needle: &str| unicode_width::UnicodeWidthStr::width(&line[..line.find(needle).unwrap()]);
        assert_eq!(width(lines[quoted], "titel"), width(lines[quoted + 1], "^^^^^"), "{out}");
        assert!(out.contains("error[KD0201]: unknown key `titel`") && out.contains("scenario.yaml:1:"), "{out}");
    }

    #[test]
    fn a_place_beyond_the_text_does_not_panic() {
        for span in [
            Span { line: 99, column: 99, end_line: 99, end_column: 100 },
            Span { line: 1, column: 50, end_line: 3, end_column: 1 },
            Span::default(),
        ] {
            for source in ["", "가\n", "a: b\r\n", "\n\n"] {
                assert!(render_terminal(&[one(span)], Lang::Ko, true, &|_| Some(source.into())).contains("KD0201"));
            }
        }
    }
}
