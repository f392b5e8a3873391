//! Keeps secrets out of evidence and texts: a value becomes a keyed hash, equal values equal hashes.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::object;

/// Sets these hashes apart from plain SHA-256 of the same value.
const DOMAIN: &[u8] = b"kubedrill.dev/evidence/v1\0";

/// A copy of a part of an object without what nobody needs and without secrets.
pub(super) fn clean(object: &Value, part: &Value) -> Value {
    let mut part = part.clone();
    if let Some(metadata) = part.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("managedFields");
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
            annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
        }
    }
    if object::kind(object) == "Secret" {
        for field in ["data", "stringData"] {
            if let Some(map) = part.get_mut(field).and_then(Value::as_object_mut) {
                map.values_mut().for_each(hide);
            }
        }
    }
    hide_sensitive(&mut part);
    part
}

/// A whole object as it may be kept, and whether a value of it was hidden.
pub(super) fn kept(object: &Value) -> (Value, bool) {
    let mut kept = object.clone();
    // It repeats every value of the object as text.
    if let Some(annotations) = kept.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut) {
        annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
    }
    let open = kept.clone();
    if object::kind(object) == "Secret" {
        for field in ["data", "stringData"] {
            if let Some(map) = kept.get_mut(field).and_then(Value::as_object_mut) {
                map.values_mut().for_each(hide);
            }
        }
    }
    hide_sensitive(&mut kept);
    let hidden = kept != open;
    (kept, hidden)
}

/// A keyed hash in place of a value.
pub(super) fn hashed(value: &str) -> String {
    let digest = Sha256::new().chain_update(DOMAIN).chain_update(value.as_bytes()).finalize();
    format!("sha256:{}", digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect::<String>())
}

fn hide(value: &mut Value) {
    let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    *value = Value::String(hashed(&text));
}

/// Whether a name says that its value is nobody's business.
pub(super) fn sensitive(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(['-', '.'], "_");
    ["password", "passwd", "secret", "token", "api_key", "apikey", "private_key", "credential"].iter().any(|word| name.contains(word))
}

/// Values in an object that a person would call secret, for masking texts that may quote them.
pub(super) fn secrets_of(object: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect(object, &mut found);
    found
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            let named = fields.get("name").and_then(Value::as_str).is_some_and(sensitive);
            if let (true, Some(Value::String(literal))) = (named, fields.get("value")) {
                found.push(literal.clone());
            }
            for (key, inner) in fields {
                match inner {
                    Value::String(text) if sensitive(key) => found.push(text.clone()),
                    other => collect(other, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

/// A text in which none of these values can be read. Very short ones stay: they would blot out ordinary words.
pub(super) fn masked(text: &str, secrets: &[String]) -> String {
    let long = secrets.iter().filter(|secret| secret.chars().count() >= 4);
    long.fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "•••"))
}

/// Environment literals and data keys whose names say password.
fn hide_sensitive(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let named = fields.get("name").and_then(Value::as_str).is_some_and(sensitive);
            if let (true, Some(literal)) = (named, fields.get_mut("value")) {
                hide(literal);
            }
            for (key, inner) in fields.iter_mut() {
                match key.as_str() {
                    "data" | "stringData" => {
                        let map = inner.as_object_mut().into_iter().flat_map(|map| map.iter_mut());
                        map.filter(|(key, value)| sensitive(key) && !is_hashed(value)).for_each(|(_, value)| hide(value));
                    }
                    _ => hide_sensitive(inner),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide_sensitive),
        _ => {}
    }
}

fn is_hashed(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.starts_with("sha256:"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::clean;

    #[test]
    fn secrets_never_reach_evidence() {
        let secret = json!({"kind": "Secret", "metadata": {"name": "db", "managedFields": [{}],
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{\"data\":{\"password\":\"aHVudGVyMg==\"}}"}},
            "data": {"password": "aHVudGVyMg==", "user": "c2hvcA=="}});
        let deployment = json!({"kind": "Deployment", "spec": {"template": {"spec": {"containers": [{"name": "web", "env": [
            {"name": "DB_PASSWORD", "value": "hunter2"}, {"name": "MODE", "value": "fast"}]}]}}}});
        let text = format!("{}{}", clean(&secret, &secret), clean(&deployment, &deployment));
        for leaked in ["aHVudGVyMg", "c2hvcA", "hunter2", "managedFields"] {
            assert!(!text.contains(leaked), "{leaked} in {text}");
        }
        assert!(text.contains("fast") && text.contains("sha256:"));
    }
}
