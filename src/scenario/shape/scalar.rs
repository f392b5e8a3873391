use super::super::{
    Duration,
    yaml::{Node, Value},
};
use crate::{points::Points, text::Text};

/// What a value is, in words.
pub(super) fn describe(node: &Node) -> Text {
    match &node.value {
        Value::Null => Text::new("빈 값", "nothing"),
        Value::Bool(b) => Text::new(format!("참·거짓 값 `{b}`"), format!("the boolean `{b}`")),
        Value::Int(i) => Text::new(format!("숫자 `{i}`"), format!("the number `{i}`")),
        Value::Float(f) => Text::new(format!("숫자 `{f}`"), format!("the number `{f}`")),
        Value::Text(s) => Text::new(format!("글 `{}`", short(s)), format!("the text `{}`", short(s))),
        Value::List(_) => Text::new("목록", "a list"),
        Value::Map(_) => Text::new("키와 값의 묶음", "a mapping"),
    }
}

/// What a schema type is, in words.
pub(super) fn type_name(name: &str) -> Text {
    match name {
        "string" => Text::new("글", "a text"),
        "integer" => Text::new("정수", "a whole number"),
        "number" => Text::new("숫자", "a number"),
        "boolean" => Text::new("`true` 또는 `false`", "`true` or `false`"),
        "array" => Text::new("목록(`- …`)", "a list (`- …`)"),
        "object" => Text::new("키와 값의 묶음(`키: 값`)", "a mapping (`key: value`)"),
        _ => Text::new("빈 값", "nothing"),
    }
}

/// Whether a value has a schema type.
pub(super) fn has_type(node: &Node, name: &str) -> bool {
    match &node.value {
        Value::Null => name == "null",
        Value::Bool(_) => name == "boolean",
        Value::Int(_) => matches!(name, "integer" | "number"),
        Value::Float(f) => name == "number" && f.is_finite(),
        Value::Text(_) => name == "string",
        Value::List(_) => name == "array",
        Value::Map(_) => name == "object",
    }
}

/// What to write instead of a value of the wrong type, where that is plain to see.
pub(super) fn type_help(node: &Node, wanted: &[&str]) -> Option<Text> {
    let wants = |name| wanted.contains(&name);
    match &node.value {
        Value::Bool(_) | Value::Int(_) | Value::Float(_) if wants("string") => {
            Some(Text::new("따옴표를 붙이면 글이 됩니다: `\"…\"`", "put it in quotes to make it a text: `\"…\"`"))
        }
        Value::Text(s) if wants("boolean") => match s.to_lowercase().as_str() {
            "yes" | "on" | "y" | "true" => Some(Text::new("`true`로 쓰세요", "write `true`")),
            "no" | "off" | "n" | "false" => Some(Text::new("`false`로 쓰세요", "write `false`")),
            _ => None,
        },
        Value::Text(s) if (wants("integer") || wants("number")) && s.trim().parse::<f64>().is_ok() => {
            Some(Text::new("따옴표를 빼세요", "leave the quotes out"))
        }
        Value::Map(_) if wants("array") => Some(Text::new("항목마다 `- `로 시작하세요", "start each item with `- `")),
        Value::Null if wants("object") => Some(Text::new("`{}`로 쓰세요", "write `{}`")),
        _ => None,
    }
}

/// What is wrong with a value of one of our own scalar types, if anything.
pub(super) fn own_type(definition: &str, node: &Node) -> Option<Text> {
    match (definition, &node.value) {
        ("Duration", Value::Text(text)) if Duration::parse(text).is_err() => Some(Text::new(
            format!("`{}`은(는) 시간이 아닙니다. 500ms, 90s, 5m, 1m30s처럼 씁니다", short(text)),
            format!("`{}` is not a duration such as 500ms, 90s, 5m or 1m30s", short(text)),
        )),
        ("Duration", Value::Int(number)) => Some(Text::new(
            format!("시간에 단위가 없습니다: `{number}`. `{number}s`처럼 씁니다"),
            format!("the duration `{number}` has no unit, such as `{number}s`"),
        )),
        ("Points", Value::Int(_) | Value::Float(_)) => {
            let value = node.to_json();
            let ok = serde_json::from_value::<Points>(value.clone()).is_ok();
            (!ok).then(|| {
                Text::new(
                    format!("점수 `{value}`은(는) 소수점 아래 두 자리까지의 숫자가 아닙니다"),
                    format!("points `{value}` are not a number with at most two decimals"),
                )
            })
        }
        _ => None,
    }
}

/// The beginning of a text, on one line.
pub(super) fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(40).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}
