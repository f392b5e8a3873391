use std::sync::LazyLock;

use regex::Regex;

use super::super::yaml::{Node, Value};

static COMPARED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"==\s*(?:'([^']+)'|"([^"]+)"|([0-9]{3,}))"#).ok());

/// The values that a statement wants to see, as far as they are worth keeping: words of four letters, numbers of three digits.
pub(super) fn expected(assert: &Node) -> Vec<String> {
    let mut found = Vec::new();
    collect(assert, &mut found);
    found.retain(|text| is_telling(text));
    found.sort();
    found.dedup();
    found
}

fn collect(node: &Node, found: &mut Vec<String>) {
    for entry in node.entries() {
        match entry.key.as_str() {
            "equals" | "oneOf" | "min" | "max" => leaves(&entry.node, found),
            // Of a question, the names and words that are right; what there is to choose from is shown.
            "right" => right(&entry.node, found),
            "repository" => found.extend(entry.node.text().map(str::to_owned)),
            "that" => {
                let text = entry.node.text().unwrap_or_default();
                let captures = COMPARED.as_ref().map(|p| p.captures_iter(text)).into_iter().flatten();
                found.extend(captures.filter_map(|c| c.iter().skip(1).flatten().next().map(|m| m.as_str().to_owned())));
            }
            _ => collect(&entry.node, found),
        }
    }
    node.items().iter().for_each(|item| collect(item, found));
}

fn right(node: &Node, found: &mut Vec<String>) {
    let names = node.list("object").iter().filter_map(|on| on.str("name"));
    let words = node.list("text").iter().filter_map(Node::text);
    found.extend(names.chain(words).map(ToOwned::to_owned));
    ["int", "quantity"].iter().filter_map(|key| node.get(key)).for_each(|bounds| collect(bounds, found));
}

/// Every text and number below a value.
pub(super) fn leaves(node: &Node, found: &mut Vec<String>) {
    match &node.value {
        Value::Text(text) => found.push(text.clone()),
        Value::Int(number) => found.push(number.to_string()),
        _ => {}
    }
    node.items().iter().for_each(|item| leaves(item, found));
    node.entries().iter().for_each(|entry| leaves(&entry.node, found));
}

/// Whether a value would give something away; `True` and `80` are said all the time.
pub(super) fn is_telling(text: &str) -> bool {
    let digits = text.chars().all(|c| c.is_ascii_digit());
    let everyday = ["True", "False", "Running", "Ready", "Available", "Bound", "Complete", "Healthy", "Succeeded"];
    (if digits { text.len() >= 3 } else { text.chars().count() >= 4 }) && !everyday.contains(&text) && !text.contains('\n')
}

/// Whether a text says a value as a whole word.
pub(super) fn says(text: &str, value: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    text.match_indices(value).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(inside);
        let after = text[at + value.len()..].chars().next().is_some_and(inside);
        !before && !after
    })
}
