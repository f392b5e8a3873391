use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{object, redact};
use crate::attempt::Evidence;

/// The parts of an object below these pointers, redacted.
pub(super) fn of(object: &Value, pointers: &[&str]) -> Evidence {
    let mut part = Value::Object(Map::new());
    for pointer in pointers {
        if let Some(value) = object.pointer(pointer) {
            put(&mut part, pointer, value.clone());
        }
    }
    let part = redact::clean(object, &part);
    Evidence {
        kind: object::kind(object).into(),
        namespace: object::namespace(object).into(),
        name: object::name(object).into(),
        uid: object::uid(object).into(),
        resource_version: object::text(object, "/metadata/resourceVersion").into(),
        sha256: sha256(&part),
        part,
    }
}

/// What a container of a pod answered.
pub(super) fn of_answer(pod: &Value, answer: &Value) -> Evidence {
    let part = redact::clean(pod, answer);
    Evidence { sha256: sha256(&part), part, ..of(pod, &[]) }
}

/// What the learner has given to a check.
pub(super) fn of_given(kind: &str, check: &str, part: &Value) -> Evidence {
    let part = redact::clean(&Value::Null, part);
    Evidence {
        kind: kind.into(),
        namespace: String::new(),
        name: check.into(),
        uid: String::new(),
        resource_version: String::new(),
        sha256: sha256(&part),
        part,
    }
}

/// That an object is not there; `reference` is `Kind/namespace/name`.
pub(super) fn of_absence(reference: &str) -> Evidence {
    let mut parts = reference.splitn(3, '/').map(ToOwned::to_owned);
    let kind = parts.next().unwrap_or_default();
    let (namespace, name) = match (parts.next(), parts.next()) {
        (Some(namespace), Some(name)) => (namespace, name),
        (name, _) => (String::new(), name.unwrap_or_default()),
    };
    Evidence { kind, namespace, name, uid: String::new(), resource_version: String::new(), part: Value::Null, sha256: sha256(&Value::Null) }
}

fn put(into: &mut Value, pointer: &str, value: Value) {
    let mut at = into;
    for key in pointer.split('/').skip(1) {
        let Value::Object(map) = at else { return };
        at = map.entry(key.to_owned()).or_insert_with(|| Value::Object(Map::new()));
    }
    *at = value;
}

/// SHA-256 of the canonical JSON: keys sorted, no spaces.
fn sha256(part: &Value) -> String {
    let digest = Sha256::digest(canonical(part).to_string().as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| key.as_str());
            Value::Object(entries.into_iter().map(|(key, value)| (key.clone(), canonical(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(canonical).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::of;

    #[test]
    fn only_the_asked_parts_are_kept_and_their_digest_ignores_key_order() {
        let one = json!({"kind": "Service", "metadata": {"name": "web", "namespace": "shop", "uid": "u"}, "spec": {"ports": [{"port": 80, "name": "http"}], "type": "ClusterIP"}});
        let other = json!({"kind": "Service", "metadata": {"name": "web", "namespace": "shop", "uid": "u"}, "spec": {"ports": [{"name": "http", "port": 80}]}});
        let evidence = of(&one, &["/spec/ports", "/spec/nothing"]);
        assert_eq!(evidence.part, json!({"spec": {"ports": [{"port": 80, "name": "http"}]}}));
        assert_eq!(evidence.sha256, of(&other, &["/spec/ports"]).sha256);
    }
}
