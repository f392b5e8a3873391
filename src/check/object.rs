//! Reading objects as JSON.

use jiff::Timestamp;
use serde_json::Value;

/// The text at a JSON pointer, or an empty one.
pub(crate) fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The whole number at a JSON pointer.
pub(crate) fn int(object: &Value, pointer: &str) -> Option<i64> {
    object.pointer(pointer).and_then(Value::as_i64)
}

/// The time at a JSON pointer.
pub(crate) fn time(object: &Value, pointer: &str) -> Option<Timestamp> {
    text(object, pointer).parse().ok()
}

/// The list at a JSON pointer, or an empty one.
pub(crate) fn list<'a>(object: &'a Value, pointer: &str) -> &'a [Value] {
    object.pointer(pointer).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The text members of a map at a JSON pointer: labels, selectors.
pub(crate) fn pairs<'a>(object: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let map = object.pointer(pointer).and_then(Value::as_object);
    map.into_iter().flatten().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
}

pub(crate) fn kind(object: &Value) -> &str {
    text(object, "/kind")
}

pub(crate) fn name(object: &Value) -> &str {
    text(object, "/metadata/name")
}

pub(crate) fn namespace(object: &Value) -> &str {
    text(object, "/metadata/namespace")
}

pub(crate) fn uid(object: &Value) -> &str {
    text(object, "/metadata/uid")
}

pub(crate) fn label<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get("metadata")?.get("labels")?.get(key)?.as_str()
}

/// The object as `Kind/namespace/name`.
pub(crate) fn reference(object: &Value) -> String {
    [kind(object), namespace(object), name(object)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

/// It was deleted and is not gone yet.
pub(crate) fn terminating(object: &Value) -> bool {
    object.pointer("/metadata/deletionTimestamp").is_some_and(|t| !t.is_null())
}

/// The uid of the owner that controls it.
pub(crate) fn controller(object: &Value) -> Option<&str> {
    list(object, "/metadata/ownerReferences")
        .iter()
        .find(|owner| owner.get("controller") == Some(&Value::Bool(true)))
        .map(|owner| text(owner, "/uid"))
}

/// The controller has seen the object's current generation, as far as the status tells.
pub(crate) fn generation_observed(object: &Value) -> bool {
    match (int(object, "/metadata/generation"), int(object, "/status/observedGeneration")) {
        (Some(generation), Some(observed)) => observed >= generation,
        // A workload controller always reports what it saw; before it did, nothing in the status counts.
        (Some(_), None) => !is_workload(kind(object)),
        _ => true,
    }
}

/// Kinds whose pods the product can follow by revision.
pub(crate) fn is_workload(kind: &str) -> bool {
    matches!(kind, "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
}

/// When it last changed in any way that the server recorded.
pub(crate) fn last_change(object: &Value) -> Option<Timestamp> {
    let managed = list(object, "/metadata/managedFields").iter().filter_map(|entry| time(entry, "/time"));
    managed.chain(time(object, "/metadata/creationTimestamp")).max()
}

/// When somebody last said what an object should be; what its controller notes about it does not count.
pub(super) fn last_told(object: &Value) -> Option<Timestamp> {
    let said = list(object, "/metadata/managedFields").iter().filter(|entry| text(entry, "/subresource") != "status");
    said.filter_map(|entry| time(entry, "/time")).max()
}
