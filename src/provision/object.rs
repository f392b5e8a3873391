use serde_json::Value;

/// A text in an object, or nothing.
pub(super) fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// A whole number in an object.
pub(super) fn number(object: &Value, pointer: &str) -> Option<i64> {
    object.pointer(pointer).and_then(Value::as_i64)
}

/// A list in an object, empty when there is none.
pub(super) fn list<'a>(object: &'a Value, pointer: &str) -> &'a [Value] {
    object.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub(super) fn name(object: &Value) -> &str {
    text(object, "/metadata/name")
}

pub(super) fn namespace(object: &Value) -> Option<&str> {
    object.pointer("/metadata/namespace").and_then(Value::as_str)
}

/// The group of an object's `apiVersion`.
pub(super) fn group(object: &Value) -> &str {
    text(object, "/apiVersion").split_once('/').map_or("", |(group, _)| group)
}

/// `Deployment/shop/web`, for messages and as a key.
pub(super) fn reference(object: &Value) -> String {
    let kind = match group(object) {
        group if group.contains('.') && !group.ends_with(".k8s.io") => format!("{}.{group}", text(object, "/kind")),
        _ => text(object, "/kind").to_owned(),
    };
    match namespace(object) {
        Some(namespace) => format!("{kind}/{namespace}/{}", name(object)),
        None => format!("{kind}/{}", name(object)),
    }
}

/// A status condition's value, when the object's current generation has it.
pub(super) fn condition<'a>(object: &'a Value, condition: &str) -> Option<&'a str> {
    let generation = number(object, "/metadata/generation").unwrap_or_default();
    list(object, "/status/conditions")
        .iter()
        .find(|c| text(c, "/type") == condition)
        .filter(|c| number(c, "/observedGeneration").is_none_or(|seen| seen >= generation))
        .map(|c| text(c, "/status"))
}

/// Whether labels satisfy a selector of plain labels.
pub(super) fn carries(object: &Value, labels: &std::collections::BTreeMap<String, String>) -> bool {
    labels.iter().all(|(key, value)| {
        object.pointer("/metadata/labels").and_then(|l| l.get(key)).and_then(Value::as_str).is_some_and(|found| found == value)
    })
}

/// The owner that manages an object.
pub(super) fn controller(object: &Value) -> Option<&Value> {
    list(object, "/metadata/ownerReferences").iter().find(|o| o.get("controller").and_then(Value::as_bool) == Some(true))
}
