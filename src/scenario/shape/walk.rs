use std::path::Path;

use serde_json::Value as Json;

use super::{
    scalar::{describe, has_type, own_type, short, type_help, type_name},
    suggest::{nearest, quoted_list, suggestion},
};
use crate::{
    diagnostic::{Code, Diagnostic, Span, codes},
    scenario::yaml::{Node, Value},
    text::Text,
};

/// Everything in which a value departs from a schema.
pub(crate) fn walk(schema: &Json, node: &Node, file: &Path) -> Vec<Diagnostic> {
    let mut walker = Walker { root: schema, file, found: Vec::new() };
    walker.visit(schema, node, node.span);
    walker.found
}

struct Walker<'a> {
    root: &'a Json,
    file: &'a Path,
    found: Vec<Diagnostic>,
}

impl<'a> Walker<'a> {
    fn report(&mut self, code: Code, span: Span, message: Text, help: Option<Text>) {
        let diagnostic = Diagnostic::error(code, self.file, Some(span), message);
        self.found.push(diagnostic.maybe_help(help));
    }

    /// `around` is where to point when something is missing in the value: the key that holds it.
    fn visit(&mut self, schema: &'a Json, node: &Node, around: Span) {
        if let Some(name) = schema["$ref"].as_str().and_then(|r| r.strip_prefix("#/$defs/")) {
            return self.visit_definition(name, node, around);
        }
        if let Some(branches) = schema["anyOf"].as_array() {
            let wanted = branches.iter().find(|b| b["type"] != "null");
            if let (Some(wanted), false) = (wanted, node.value == Value::Null) {
                self.visit(wanted, node, around);
            }
            return;
        }
        if let Some(branches) = schema["oneOf"].as_array() {
            return self.visit_choice(branches, node, around);
        }
        if let Some(values) = schema["enum"].as_array() {
            let known: Vec<&str> = values.iter().filter_map(Json::as_str).collect();
            return self.visit_word(&known, &[], node);
        }
        self.visit_plain(schema, node, around);
    }

    fn visit_definition(&mut self, name: &str, node: &Node, around: Span) {
        if let Some(message) = own_type(name, node) {
            return self.report(codes::BAD_VALUE, node.span, message, None);
        }
        if name == "Text" && self.visit_text(node, around) {
            return;
        }
        let root = self.root;
        self.visit(&root["$defs"][name], node, around);
    }

    /// A bilingual text; `false` when the schema has more to say about it.
    fn visit_text(&mut self, node: &Node, around: Span) -> bool {
        let both = Text::new("두 언어를 다 쓰세요: `{ko: \"…\", en: \"…\"}`", "write both languages: `{ko: \"…\", en: \"…\"}`");
        if let Value::Text(text) = &node.value {
            let message = Text::new(
                format!("한국어와 영어가 따로 있어야 합니다: `{}`", short(text)),
                format!("this text is not in Korean and English: `{}`", short(text)),
            );
            self.report(codes::MISSING_TRANSLATION, node.span, message, Some(both));
            return true;
        }
        let Value::Map(_) = node.value else { return false };
        for (key, ko, en) in [("ko", "한국어", "Korean"), ("en", "영어", "English")] {
            let blank = match node.get(key) {
                None => Some(around),
                Some(n) if n.value == Value::Null || n.text().is_some_and(|t| t.trim().is_empty()) => Some(n.span),
                Some(_) => None,
            };
            if let Some(span) = blank {
                let message = Text::new(format!("{ko} 글(`{key}`)이 없습니다"), format!("the {en} text (`{key}`) is missing"));
                self.report(codes::MISSING_TRANSLATION, span, message, Some(both.clone()));
            }
        }
        for entry in node.entries() {
            if !matches!(entry.key.as_str(), "ko" | "en") {
                self.unknown_key(&entry.key, entry.key_span, &["ko", "en"]);
            } else if entry.node.text().is_none() && entry.node.value != Value::Null {
                self.wrong_type(&entry.node, &["string"]);
            }
        }
        true
    }

    /// Words, or mappings with exactly one key.
    fn visit_choice(&mut self, branches: &'a [Json], node: &Node, around: Span) {
        let words: Vec<&str> = branches.iter().filter_map(|b| b["const"].as_str()).collect();
        let listed = branches.iter().filter_map(|b| b["enum"].as_array()).flatten().filter_map(Json::as_str);
        let words: Vec<&str> = words.into_iter().chain(listed).collect();
        let keyed: Vec<(&str, &Json)> =
            branches.iter().filter_map(|b| b["properties"].as_object()?.iter().next()).map(|(k, s)| (k.as_str(), s)).collect();
        let Value::Map(entries) = &node.value else { return self.visit_word(&words, &keyed, node) };
        let names: Vec<&str> = keyed.iter().map(|(k, _)| *k).collect();
        if names.is_empty() {
            return self.visit_word(&words, &keyed, node);
        }
        if entries.is_empty() {
            let message = Text::new("하나를 골라야 하는데 비어 있습니다", "one of several must be chosen, and there is none");
            return self.report(codes::NOT_ONE_KIND, around, message, suggestion("", &names));
        }
        let mut known = 0;
        for entry in entries {
            match keyed.iter().find(|(k, _)| *k == entry.key) {
                Some((_, schema)) => {
                    known += 1;
                    self.visit(schema, &entry.node, entry.key_span);
                }
                None => self.unknown_key(&entry.key, entry.key_span, &names),
            }
        }
        if known > 1 {
            let keys = quoted_list(entries.iter().map(|e| e.key.as_str()));
            let message = Text::new(
                format!("하나만 쓸 수 있는 자리에 여럿이 있습니다: {keys}"),
                format!("only one can stand here, and there are {keys}"),
            );
            let help = names
                .contains(&"all")
                .then(|| Text::new("여럿을 함께 쓰려면 `all: [ … ]`로 묶으세요", "to state several, put them into `all: [ … ]`"));
            self.report(codes::NOT_ONE_KIND, entries[1].key_span, message, help);
        }
    }

    fn visit_word(&mut self, words: &[&str], keyed: &[(&str, &Json)], node: &Node) {
        let keys: Vec<&str> = keyed.iter().map(|(k, _)| *k).collect();
        match &node.value {
            Value::Text(word) if words.contains(&word.as_str()) => {}
            Value::Text(word) if keys.contains(&word.as_str()) => {
                let message = Text::new(format!("`{word}`에는 내용이 따라야 합니다"), format!("`{word}` needs content of its own"));
                let help = Text::new(
                    format!("`{word}: {{ … }}`로 쓰세요. 내용이 없으면 `{word}: {{}}`입니다"),
                    format!("write `{word}: {{ … }}`, or `{word}: {{}}` when there is none"),
                );
                self.report(codes::WRONG_TYPE, node.span, message, Some(help));
            }
            Value::Text(word) => {
                let known: Vec<&str> = words.iter().chain(&keys).copied().collect();
                let message = Text::new(
                    format!("`{}`은(는) 쓸 수 없는 값입니다", short(word)),
                    format!("`{}` is not a value that can stand here", short(word)),
                );
                self.report(codes::UNKNOWN_VALUE, node.span, message, suggestion(word, &known));
            }
            _ if words.is_empty() => self.wrong_type(node, &["object"]),
            _ => {
                let known: Vec<&str> = words.iter().chain(&keys).copied().collect();
                let found = describe(node);
                let message = Text::new(format!("{}이(가) 올 수 없는 자리입니다", found.ko), format!("{} cannot stand here", found.en));
                self.report(codes::WRONG_TYPE, node.span, message, suggestion("", &known));
            }
        }
    }

    fn visit_plain(&mut self, schema: &'a Json, node: &Node, around: Span) {
        let wanted: Vec<&str> = match &schema["type"] {
            Json::String(name) => vec![name],
            Json::Array(names) => names.iter().filter_map(Json::as_str).collect(),
            _ => return,
        };
        if !wanted.iter().any(|name| has_type(node, name)) {
            // A key with nothing behind it is most often a part that is still to be written.
            let span = if node.value == Value::Null { around } else { node.span };
            let blank = Node { span, ..node.clone() };
            return self.wrong_type(&blank, &wanted);
        }
        match &node.value {
            Value::Map(entries) => {
                let none = serde_json::Map::new();
                let properties = schema["properties"].as_object().unwrap_or(&none);
                let names: Vec<&str> = properties.keys().map(String::as_str).collect();
                for entry in entries {
                    match (schema["properties"].get(&entry.key), &schema["additionalProperties"]) {
                        (Some(property), _) => self.visit(property, &entry.node, entry.key_span),
                        (None, Json::Bool(false)) => self.unknown_key(&entry.key, entry.key_span, &names),
                        (None, more) => self.visit(more, &entry.node, entry.key_span),
                    }
                }
                self.missing_keys(schema, node, around);
            }
            Value::List(items) => {
                for item in items {
                    self.visit(&schema["items"], item, item.span);
                }
            }
            Value::Int(number) => self.visit_range(schema, *number, node.span),
            _ => {}
        }
    }

    fn visit_range(&mut self, schema: &Json, number: i64, span: Span) {
        let low = schema["minimum"].as_i64();
        let high = schema["maximum"].as_i64().or(match schema["format"].as_str() {
            Some("uint32") => Some(i64::from(u32::MAX)),
            _ => None,
        });
        if low.is_some_and(|low| number < low) || high.is_some_and(|high| number > high) {
            let bounds = match (low, high) {
                (Some(low), Some(high)) => format!("{low}…{high}"),
                (Some(low), None) => format!("{low}…"),
                (None, high) => format!("…{}", high.unwrap_or_default()),
            };
            let message = Text::new(format!("`{number}`은(는) 범위 {bounds} 밖입니다"), format!("`{number}` is outside {bounds}"));
            self.report(codes::BAD_VALUE, span, message, None);
        }
    }

    fn missing_keys(&mut self, schema: &Json, node: &Node, around: Span) {
        let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
        // A key that is only misspelt is reported once, as unknown.
        let misspelt =
            |name: &str| node.entries().iter().any(|e| schema["properties"].get(&e.key).is_none() && nearest(&e.key, [name]).is_some());
        let missing: Vec<&str> =
            required.iter().filter_map(Json::as_str).filter(|name| node.get(name).is_none() && !misspelt(name)).collect();
        for name in missing {
            let message = Text::new(format!("`{name}`이(가) 없습니다"), format!("`{name}` is missing"));
            self.report(codes::MISSING_KEY, around, message, None);
        }
    }

    fn unknown_key(&mut self, key: &str, span: Span, known: &[&str]) {
        let message = Text::new(format!("형식에 없는 키입니다: `{}`", short(key)), format!("unknown key `{}`", short(key)));
        self.report(codes::UNKNOWN_KEY, span, message, suggestion(key, known));
    }

    fn wrong_type(&mut self, node: &Node, wanted: &[&str]) {
        let names: Vec<Text> = wanted.iter().filter(|n| **n != "null").map(|n| type_name(n)).collect();
        let ko: Vec<&str> = names.iter().map(|t| t.ko.as_str()).collect();
        let en: Vec<&str> = names.iter().map(|t| t.en.as_str()).collect();
        let found = describe(node);
        let message = Text::new(
            format!("{}이(가) 와야 하는데 {}입니다", ko.join(" 또는 "), found.ko),
            format!("{} belongs here, but there is {}", en.join(" or "), found.en),
        );
        self.report(codes::WRONG_TYPE, node.span, message, type_help(node, wanted));
    }
}
