use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Map, Value};

use super::{
    NamespaceMap,
    words::{self, Doubt, Style},
};

/// The label that every namespace carries with its own name.
const NAME_LABEL: &str = "kubernetes.io/metadata.name";
/// Fields that hold lists of namespaces.
const LISTS: [&str; 2] = ["namespaces", "matchNames"];

/// Gives the namespaces in a tree of YAML, one of ours or a Kubernetes object, their true names.
pub(super) fn rename(map: &NamespaceMap, value: &mut Value) -> Result<(), Doubt> {
    match value {
        Value::Object(fields) => object(map, fields),
        Value::Array(items) => items.iter_mut().try_for_each(|item| rename(map, item)),
        Value::String(text) => set(text, words::rename(map, text, Style::Config)),
        _ => Ok(()),
    }
}

fn object(map: &NamespaceMap, fields: &mut Map<String, Value>) -> Result<(), Doubt> {
    let text = |fields: &Map<String, Value>, key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    if fields.len() == 2 && fields.contains_key("ko") && fields.contains_key("en") {
        return fields.values_mut().try_for_each(|value| each(value, |text| set(text, words::rename(map, text, Style::Prose))));
    }
    let kind = text(fields, "kind");
    let about_namespaces = [text(fields, "path"), text(fields, "name"), text(fields, "key")]
        .iter()
        .any(|word| word.to_ascii_lowercase().contains("namespace") || word == NAME_LABEL);
    for (key, value) in fields.iter_mut() {
        match (key.as_str(), &*value) {
            ("image", Value::String(_)) => {}
            ("name", Value::String(_)) if kind == "Namespace" => exact(map, value),
            ("metadata", Value::Object(_)) if kind == "Namespace" => {
                value.get_mut("name").into_iter().for_each(|name| exact(map, name));
                rename(map, value)?;
            }
            ("data", Value::Object(_)) if kind == "Secret" => encoded(map, value),
            ("from" | NAME_LABEL, Value::String(_)) => exact(map, value),
            ("serviceAccount", Value::String(account)) => {
                if let Some((namespace, name)) = account.split_once('/') {
                    *value = format!("{}/{name}", map.name(namespace)).into();
                }
            }
            ("that", Value::String(_)) => each(value, |text| set(text, words::rename(map, text, Style::Cel)))?,
            ("matches", Value::String(_)) => each(value, |text| set(text, words::rename(map, text, Style::Pattern)))?,
            ("is" | "value" | "values", _) if about_namespaces => all(map, value),
            (key, Value::Array(_)) if LISTS.contains(&key) => all(map, value),
            (key, Value::String(_)) if key.to_ascii_lowercase().contains("namespace") => {
                exact(map, value);
                rename(map, value)?;
            }
            _ => rename(map, value)?,
        }
    }
    Ok(())
}

fn each(value: &mut Value, mut change: impl FnMut(&mut String) -> Result<(), Doubt>) -> Result<(), Doubt> {
    if let Value::String(text) = value { change(text) } else { Ok(()) }
}

fn set(text: &mut String, renamed: Result<String, Doubt>) -> Result<(), Doubt> {
    *text = renamed?;
    Ok(())
}

/// A text that is a namespace and nothing else.
fn exact(map: &NamespaceMap, value: &mut Value) {
    if let Value::String(text) = value
        && let Some(name) = map.get(text)
    {
        *text = name.to_owned();
    }
}

/// Every text below a value that is a namespace and nothing else.
fn all(map: &NamespaceMap, value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| all(map, item)),
        Value::Object(fields) => fields.values_mut().for_each(|field| all(map, field)),
        other => exact(map, other),
    }
}

/// What a Secret holds, as far as it is text.
fn encoded(map: &NamespaceMap, data: &mut Value) {
    for value in data.as_object_mut().into_iter().flat_map(Map::values_mut) {
        let plain = value.as_str().and_then(|text| String::from_utf8(BASE64_STANDARD.decode(text).ok()?).ok());
        if let Some(plain) = plain
            && let Ok(renamed) = words::rename(map, &plain, Style::Config)
            && renamed != plain
        {
            *value = BASE64_STANDARD.encode(renamed).into();
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn renamed(mut value: Value) -> Value {
        let map = NamespaceMap::new([("shop".to_owned(), "a-shop".to_owned())].into()).unwrap();
        rename(&map, &mut value).unwrap();
        value
    }

    #[test]
    fn an_object_names_its_true_namespace_and_keeps_its_labels_and_images() {
        let object = |namespace: &str| {
            json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "shop", "namespace": namespace, "labels": {"part-of": "shop"}},
                "spec": {"containers": [{"image": "registry.shop.example/shop/web:1", "env": [
                    {"name": "HOST", "value": format!("db.{namespace}.svc")}, {"name": "DB_NAME", "value": "shop"},
                    {"name": "POD_NAMESPACE", "value": namespace}], "args": [format!("--namespace={namespace}")]}]}})
        };
        assert_eq!(renamed(object("shop")), object("a-shop"));
    }

    #[test]
    fn selectors_subjects_and_namespaces_themselves_are_renamed() {
        for (value, wanted) in [
            (
                json!({"kind": "Namespace", "metadata": {"name": "shop", "labels": {"team": "shop"}}}),
                json!({"kind": "Namespace", "metadata": {"name": "a-shop", "labels": {"team": "shop"}}}),
            ),
            (json!({"kind": "Namespace", "name": "shop"}), json!({"kind": "Namespace", "name": "a-shop"})),
            (
                json!({"kind": "Service", "name": "shop", "namespace": "shop"}),
                json!({"kind": "Service", "name": "shop", "namespace": "a-shop"}),
            ),
            (
                json!({"subjects": [{"kind": "ServiceAccount", "name": "shop", "namespace": "shop"}]}),
                json!({"subjects": [{"kind": "ServiceAccount", "name": "shop", "namespace": "a-shop"}]}),
            ),
            (
                json!({"namespaceSelector": {"matchNames": ["shop", "other"]}}),
                json!({"namespaceSelector": {"matchNames": ["a-shop", "other"]}}),
            ),
            (json!({"matchLabels": {NAME_LABEL: "shop"}}), json!({"matchLabels": {NAME_LABEL: "a-shop"}})),
            (
                json!({"key": NAME_LABEL, "operator": "In", "values": ["shop"]}),
                json!({"key": NAME_LABEL, "operator": "In", "values": ["a-shop"]}),
            ),
            (json!({"resolves": {"host": "db.shop", "from": "shop"}}), json!({"resolves": {"host": "db.a-shop", "from": "a-shop"}})),
            (
                json!({"path": "$.metadata.namespace", "is": {"equals": "shop"}}),
                json!({"path": "$.metadata.namespace", "is": {"equals": "a-shop"}}),
            ),
            (json!({"subject": {"serviceAccount": "shop/web"}}), json!({"subject": {"serviceAccount": "a-shop/web"}})),
        ] {
            assert_eq!(renamed(value), wanted);
        }
    }

    #[test]
    fn an_encoded_secret_is_renamed_inside() {
        let secret = |host: &str| json!({"kind": "Secret", "data": {"url": BASE64_STANDARD.encode(format!("postgres://{host}/shop"))}});
        assert_eq!(renamed(secret("db.shop.svc")), secret("db.a-shop.svc"));
    }
}
