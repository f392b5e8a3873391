use std::{collections::BTreeSet, path::PathBuf, sync::LazyLock};

use regex::Regex;

use super::super::{
    meaning::{CheckNode, Judge},
    shape::suggestion,
    yaml::Node,
};
use crate::{
    diagnostic::{Diagnostic, Severity, Span, codes},
    text::Text,
};

/// What a template leaves for its author to fill in.
pub(super) const MARKER: &str = "CHANGE-ME";

static CODE_SPAN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"`([^`\n]+)`").ok());
static BLANK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"<[^<>]*>").ok());
static PLACEHOLDER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\{([A-Za-z][A-Za-z0-9_.-]*)\}").ok());
static YAML_LINE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?m)^[ \t]*(- )?[A-Za-z][\w./-]*:([ \t]+\S.*)?$").ok());

/// Texts: the same in both languages, with placeholders that exist, and hints that are no YAML.
pub(super) fn lint(judge: &mut Judge<'_>) {
    let texts: Vec<(PathBuf, &Node)> =
        judge.files().flat_map(|view| view.typed.iter().filter(|t| t.name == "Text").map(|t| (view.file.clone(), t.node))).collect();
    for (file, node) in texts {
        parity(judge, &file, node);
    }
    for check in judge.checks.clone() {
        placeholders(judge, check);
    }
    hints(judge);
    markers(judge);
}

/// The parts of a text that are the same in every language: what stands in backquotes, save for `<blanks>` to fill in.
fn code_spans(text: &str) -> BTreeSet<String> {
    let blanked = |span: &str| BLANK.as_ref().map_or_else(|| span.to_owned(), |p| p.replace_all(span, "<>").into_owned());
    found(&CODE_SPAN, text).map(blanked).collect()
}

fn found<'t>(pattern: &'static LazyLock<Option<Regex>>, text: &'t str) -> impl Iterator<Item = &'t str> {
    let captures = pattern.as_ref().map(|p| p.captures_iter(text)).into_iter().flatten();
    captures.filter_map(|c| c.get(1).map(|m| m.as_str()))
}

fn parity(judge: &mut Judge<'_>, file: &std::path::Path, node: &Node) {
    let (Some(ko), Some(en)) = (node.str("ko"), node.str("en")) else { return };
    let mut odd: Vec<String> = code_spans(ko).symmetric_difference(&code_spans(en)).map(|s| format!("`{s}`")).collect();
    let words = |text| found(&PLACEHOLDER, text).collect::<BTreeSet<_>>();
    odd.extend(words(ko).symmetric_difference(&words(en)).map(|s| format!("{{{s}}}")));
    odd.dedup();
    if odd.is_empty() {
        return;
    }
    let list = odd.join(", ");
    let message = Text::new(format!("한쪽 언어에만 있습니다: {list}"), format!("only one of the two languages has {list}"));
    let help = Text::new("코드 조각과 자리표는 두 언어에 똑같이 쓰세요", "use the same code spans and placeholders in both languages");
    judge.warn_in(file, codes::TEXT_PARITY, node.span, message, Some(help));
}

/// The values that each kind of check gives to the author's texts.
pub(in super::super) const OBSERVED: &[(&str, &[&str])] = &[
    ("access", &["verb", "resource"]),
    ("absent", &["count"]),
    ("admits", &[]),
    ("answer", &["answer", "left"]),
    ("artifact", &["part", "value", "path"]),
    ("condition", &["status", "reason"]),
    ("config", &["key", "name", "reference", "value"]),
    ("disruption", &["ready", "keeps"]),
    ("endpoints", &["ready", "port", "matching", "addresses", "workload"]),
    ("events", &["count", "reason", "message", "ago"]),
    ("exists", &["count"]),
    ("expr", &["part", "value", "path"]),
    ("field", &["value", "path"]),
    ("footprint", &["path", "paths", "manager"]),
    ("parse", &["part", "value", "path", "files", "pod", "stale"]),
    ("posture", &["rule", "container", "field"]),
    ("preserved", &["container", "replicas", "value"]),
    ("promql", &["alerts"]),
    ("resolves", &["ready", "name", "service"]),
    ("exec", &["exitCode", "pod"]),
    ("autoscale", &["ready", "churn", "course"]),
    ("history", &["until"]),
    ("logs", &["lines"]),
    ("manual", &[]),
    ("probe", &["status", "target", "pod", "error"]),
    ("reach", &["from", "to", "port"]),
    ("rollout", &["ready", "desired", "state", "pod", "old", "ago"]),
    ("selects", &[]),
    ("survives", &[]),
    ("untouched", &["path", "paths"]),
];

fn placeholders(judge: &mut Judge<'_>, check: CheckNode<'_>) {
    let Some(say) = check.node.get("say") else { return };
    let kinds = nested_kinds(check.node.get("assert"));
    let mut known: Vec<String> = vec!["observed".into()];
    for (_, names) in OBSERVED.iter().filter(|(kind, _)| kinds.contains(kind)) {
        known.extend(names.iter().map(|name| format!("observed.{name}")));
    }
    let checked = OBSERVED.iter().map(|(kind, _)| *kind);
    // Kinds that are not in the table may give values that the table does not know.
    let all_known = kinds.iter().all(|kind| checked.clone().any(|k| k == *kind) || matches!(*kind, "all" | "any" | "none" | "atLeast"));
    if check.node.str("show") == Some("full") {
        known.push("expected".into());
    }
    let file = judge.parts.scenario.file.clone();
    for part in ["symptom", "lookAt", "concept"].iter().filter_map(|key| say.get(key)) {
        for node in ["ko", "en"].iter().filter_map(|lang| part.get(lang)) {
            let text = node.text().unwrap_or_default();
            // What stands in backquotes is shown as it is.
            let prose = CODE_SPAN.as_ref().map_or(text.into(), |p| p.replace_all(text, ""));
            for name in found(&PLACEHOLDER, &prose) {
                let guess = !all_known && name.starts_with("observed.");
                if guess || known.iter().any(|k| k == name) {
                    continue;
                }
                let message = Text::new(format!("알 수 없는 자리표입니다: `{{{name}}}`"), format!("unknown placeholder `{{{name}}}`"));
                let names: Vec<&str> = known.iter().map(String::as_str).collect();
                judge.error_in(&file, codes::UNKNOWN_PLACEHOLDER, node.span, message, suggestion(name, &names));
            }
        }
    }
}

/// The kinds of check that a check is made of.
fn nested_kinds(assert: Option<&Node>) -> Vec<&str> {
    let mut kinds = Vec::new();
    for entry in assert.map_or(&[][..], Node::entries) {
        kinds.push(entry.key.as_str());
        match entry.key.as_str() {
            "all" | "any" | "none" => entry.node.items().iter().for_each(|part| kinds.extend(nested_kinds(Some(part)))),
            "atLeast" => entry.node.list("of").iter().for_each(|part| kinds.extend(nested_kinds(Some(part)))),
            "survives" => kinds.extend(nested_kinds(entry.node.get("then"))),
            _ => {}
        }
    }
    kinds
}

fn hints(judge: &mut Judge<'_>) {
    let Some(scenario) = &judge.scenario else { return };
    let file = scenario.file.clone();
    let texts: Vec<&Node> = scenario.typed.iter().filter(|t| t.name == "Hint").filter_map(|t| t.node.get("text")).collect();
    for node in texts.into_iter().flat_map(|t| ["ko", "en"].into_iter().filter_map(|lang| t.get(lang))) {
        let text = node.text().unwrap_or_default();
        let lines = YAML_LINE.as_ref().map_or(0, |p| p.find_iter(text).count());
        if text.contains("apiVersion:") || text.contains("```yaml") || lines >= 2 {
            let message = Text::new("힌트에 YAML이 들어 있습니다", "the hint holds YAML");
            let help = Text::new("무엇을 어디서 보아야 하는지 말로 쓰세요", "say in words what to look at and where");
            judge.warn_in(&file, codes::HINT_YAML, node.span, message, Some(help));
        }
    }
}

fn markers(judge: &mut Judge<'_>) {
    for (path, text) in &judge.parts.pack.files {
        for (at, line) in text.lines().enumerate() {
            let Some(start) = line.find(MARKER) else { continue };
            let column = line[..start].chars().count() + 1;
            let span = Span { line: at + 1, column, end_line: at + 1, end_column: column + MARKER.len() };
            let message = Text::new("아직 채우지 않은 곳입니다", "this place is still to be filled in");
            let diagnostic = Diagnostic::error(codes::MARKER_LEFT, judge.parts.pack.path(path), Some(span), message);
            judge.found.push(Diagnostic { severity: Severity::Warning, ..diagnostic });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::OBSERVED;

    /// Scans the kinds of checks for the values they name, so that the table cannot fall behind.
    #[test]
    fn the_table_of_values_is_what_the_checks_give() {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check/kinds");
        let pattern = regex::Regex::new(r#"\.value\(\s*"([A-Za-z]+)""#).unwrap();
        for entry in fs::read_dir(dir).into_iter().flatten() {
            let path = entry.unwrap().path();
            let kind = path.file_stem().unwrap().to_str().unwrap();
            let source = fs::read_to_string(&path).unwrap();
            let code = source.split("#[cfg(test)]").next().unwrap();
            let given: BTreeSet<&str> = pattern.captures_iter(code).map(|c| c.get(1).unwrap().as_str()).collect();
            let known: BTreeSet<&str> = OBSERVED.iter().filter(|(k, _)| *k == kind).flat_map(|(_, names)| names.iter().copied()).collect();
            // These give what the expression gives.
            if !matches!(kind, "artifact" | "parse") {
                assert_eq!(given, known, "{kind}");
            }
        }
    }
}
