use std::path::{Path, PathBuf};

use super::super::{
    meaning::Judge,
    pack::is_manifest_name,
    yaml::{Dialect, Node, Value, compose},
};
use crate::{
    diagnostic::{Diagnostic, Span, codes},
    text::Text,
};

/// Plain scalars that a person and a YAML reader may take for different things.
pub(super) fn lint(judge: &mut Judge<'_>) {
    let mut found = Vec::new();
    for view in judge.files() {
        let points: Vec<Span> = view.typed.iter().filter(|t| t.name == "Points").map(|t| t.node.span).collect();
        let Ok(below) = view.file.strip_prefix(&judge.parts.pack.dir) else { continue };
        let text = judge.parts.pack.files.get(below).map_or("", String::as_str);
        let mut finder = Finder { file: view.file.clone(), lines: text.lines().collect(), skip: points, found: &mut found };
        finder.look(view.node, "");
    }
    for (path, text) in &judge.parts.pack.files {
        let folders = ["stage", "fault", "solutions", "cheats"];
        if !is_manifest_name(path) || !folders.iter().any(|f| path.starts_with(Path::new(f))) {
            continue;
        }
        let file = judge.parts.pack.path(path);
        let mut finder = Finder { file, lines: text.lines().collect(), skip: Vec::new(), found: &mut found };
        compose(text, Dialect::Kubectl).documents.iter().for_each(|node| finder.look(node, ""));
    }
    judge.found.extend(found);
}

struct Finder<'a> {
    file: PathBuf,
    lines: Vec<&'a str>,
    skip: Vec<Span>,
    found: &'a mut Vec<Diagnostic>,
}

impl Finder<'_> {
    fn look(&mut self, node: &Node, key: &str) {
        node.items().iter().for_each(|item| self.look(item, key));
        node.entries().iter().for_each(|entry| self.look(&entry.node, &entry.key));
        let scalar = matches!(node.value, Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_));
        if !node.plain || !scalar || self.skip.contains(&node.span) {
            return;
        }
        // File modes are written in octal everywhere.
        let written = self.written(node.span);
        if key.to_lowercase().ends_with("mode") || !is_odd(&written) {
            return;
        }
        let read = node.to_json();
        let message = Text::new(
            format!("따옴표 없는 `{written}`은(는) `{read}`(으)로 읽힙니다"),
            format!("`{written}` without quotes reads as `{read}`"),
        );
        let help = Text::new(
            "글이라면 따옴표를 붙이고, 아니면 읽히는 대로 쓰세요",
            "put it in quotes if it is a text, or else write what it reads as",
        );
        self.found.push(Diagnostic::warning(codes::ODD_SCALAR, &self.file, Some(node.span), message).help(help));
    }

    /// The characters in the file.
    fn written(&self, span: Span) -> String {
        let line = self.lines.get(span.line.saturating_sub(1)).copied().unwrap_or_default();
        line.chars().skip(span.column.saturating_sub(1)).take(span.end_column.saturating_sub(span.column)).collect()
    }
}

fn is_odd(text: &str) -> bool {
    let words = ["yes", "no", "on", "off", "y", "n"];
    let number = text.trim_start_matches(['+', '-']);
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let leading_zero = number.len() > 1 && number.starts_with('0') && digits(&number.replace('_', ""));
    let grouped = number.contains('_') && number.starts_with(|c: char| c.is_ascii_digit()) && digits(&number.replace('_', ""));
    let trailing_zero = number.split_once('.').is_some_and(|(whole, part)| digits(whole) && digits(part) && part.ends_with('0'));
    let exponent = number.split_once(['e', 'E']).is_some_and(|(head, tail)| digits(head) && digits(tail));
    words.contains(&text.to_lowercase().as_str()) || leading_zero || grouped || trailing_zero || exponent
}

#[cfg(test)]
mod tests {
    use super::is_odd;

    #[test]
    fn odd_scalars_are_those_that_two_readers_take_differently() {
        for odd in ["yes", "On", "n", "012", "0644", "1_000", "1.20", "1.0", "-07", "12e3"] {
            assert!(is_odd(odd), "{odd}");
        }
        for plain in ["0", "10", "0.5", "1.2", "true", "a_b", "node", "1.2.30", "5m", "10Gi", "v1", "0x1F"] {
            assert!(!is_odd(plain), "{plain}");
        }
    }
}
