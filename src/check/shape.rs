//! Partial objects: every field given is there, lists in any order.

use serde_json::Value;

/// The first place where an object does not have a shape, with what is there instead.
pub(super) fn mismatch<'a>(shape: &Value, actual: &'a Value) -> Option<(String, Option<&'a Value>)> {
    walk(shape, Some(actual), String::new())
}

fn walk<'a>(shape: &Value, actual: Option<&'a Value>, path: String) -> Option<(String, Option<&'a Value>)> {
    match (shape, actual) {
        (Value::Object(fields), Some(Value::Object(map))) => {
            let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            fields.iter().find_map(|(key, value)| walk(value, map.get(key), below(key)))
        }
        (Value::Array(wanted), Some(Value::Array(items))) => {
            let mut free: Vec<&Value> = items.iter().collect();
            for value in wanted {
                match free.iter().position(|item| mismatch(value, item).is_none()) {
                    Some(at) => drop(free.swap_remove(at)),
                    None => return Some((path, actual)),
                }
            }
            None
        }
        (Value::Null, None) => None,
        (wanted, Some(found)) if wanted == found => None,
        _ => Some((path, actual)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::mismatch;

    #[test]
    fn lists_hold_in_any_order_and_each_item_counts_once() {
        let actual = json!({"spec": {"ports": [{"port": 80, "name": "http"}, {"port": 443}], "type": "ClusterIP"}});
        for (shape, path) in [
            (json!({"spec": {"ports": [{"port": 443}, {"port": 80}]}}), None),
            (json!({"spec": {"ports": [{"port": 80}, {"port": 80}]}}), Some("spec.ports")),
            (json!({"spec": {"type": "NodePort"}}), Some("spec.type")),
            (json!({"spec": {"selector": {"app": "web"}}}), Some("spec.selector")),
            (json!({"spec": {"selector": null}}), None),
            (json!({"spec": {"ports": [{"port": "80"}]}}), Some("spec.ports")),
        ] {
            assert_eq!(mismatch(&shape, &actual).map(|m| m.0).as_deref(), path, "{shape}");
        }
    }
}
