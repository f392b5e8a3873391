use std::{collections::HashMap, sync::Arc};

use cel::{
    Value,
    common::{types::CelOptional, value::Val},
    objects::{Key, Map},
};
use serde_json::Value as Json;

use super::kubernetes;

/// Reads JSON as CEL: whole numbers as `int` wherever they fit, so that literals compare with them.
pub(super) fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(int), _, _) => Value::Int(int),
            (None, Some(uint), _) => Value::UInt(uint),
            (None, None, float) => Value::Float(float.unwrap_or(f64::NAN)),
        },
        Json::String(text) => Value::String(Arc::new(text.clone())),
        Json::Array(items) => Value::List(Arc::new(items.iter().map(from_json).collect())),
        Json::Object(fields) => {
            let map: HashMap<Key, Value> = fields.iter().map(|(key, value)| (Key::from(key.as_str()), from_json(value))).collect();
            Value::Map(Map { map: Arc::new(map) })
        }
    }
}

/// A value as a person reads it in one short line.
pub(super) fn short(value: &Value) -> String {
    const LONGEST: usize = 120;
    let text = match value {
        Value::Null => "null".into(),
        Value::String(text) => format!("\"{text}\""),
        Value::Float(float) => float.to_string(),
        Value::Map(map) => match map.map.get(&Key::from("metadata")) {
            // A whole object is named, not printed.
            Some(Value::Map(metadata)) => match metadata.map.get(&Key::from("name")) {
                Some(Value::String(name)) => format!("{{{name}}}"),
                _ => plain(value),
            },
            _ => plain(value),
        },
        Value::List(items) => format!("[{}]", items.iter().map(short).collect::<Vec<_>>().join(", ")),
        _ => plain(value),
    };
    if text.chars().count() <= LONGEST { text } else { text.chars().take(LONGEST).chain(['…']).collect() }
}

/// Any value of an expression as a person reads it in one short line, also what CEL itself does not know.
pub(super) fn shown(value: &dyn Val) -> String {
    if let Some(optional) = value.downcast_ref::<CelOptional>() {
        return optional.option().map_or_else(|| "optional.none()".into(), |inner| format!("optional.of({})", shown(inner)));
    }
    if let Ok(value) = Value::try_from(value) {
        return short(&value);
    }
    if let Some(text) = kubernetes::written(value) {
        return text;
    }
    let Some(list) = value.as_iterable().filter(|_| value.get_type().name() == "list") else { return value.get_type().name().into() };
    let (mut items, mut texts) = (list.iter(), Vec::new());
    while let Some(item) = items.next() {
        texts.push(shown(item));
    }
    format!("[{}]", texts.join(", "))
}

fn plain(value: &Value) -> String {
    value.json().map_or_else(|_| value.type_of().to_string(), |json| sorted(&json).to_string())
}

/// CEL maps have no order; a text does.
fn sorted(json: &Json) -> Json {
    match json {
        Json::Object(fields) => {
            let mut entries: Vec<_> = fields.iter().collect();
            entries.sort_by_key(|(key, _)| key.as_str());
            Json::Object(entries.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect())
        }
        Json::Array(items) => Json::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};

    use super::{from_json, short};

    fn any_json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i64>().prop_map(Json::from),
            "[a-z가-힣]{0,6}".prop_map(Json::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
                prop::collection::btree_map("[a-z./-]{1,8}", inner, 0..4).prop_map(|map| Json::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn conversion_loses_nothing(json in any_json()) {
            prop_assert_eq!(from_json(&json).json().unwrap(), json);
        }
    }

    #[test]
    fn a_whole_object_is_named_in_short() {
        assert_eq!(short(&from_json(&json!([{"kind": "Pod", "metadata": {"name": "web-1"}}]))), "[{web-1}]");
        assert_eq!(short(&from_json(&json!({"b": 1, "a": "x"}))), r#"{"a":"x","b":1}"#);
    }
}
