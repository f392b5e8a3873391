//! The environment that a container's process would see, computed from objects.

use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::Value;

use crate::check::{
    context::{Context, Trouble},
    object,
};

/// Where references of a namespace lead.
#[derive(Debug)]
pub(in crate::check) struct Sources<'a, 'c> {
    pub(in crate::check) namespace: &'a str,
    pub(in crate::check) context: &'a Context<'c>,
}

impl<'c> Sources<'_, 'c> {
    pub(in crate::check) fn find(&self, kind: &str, name: &str) -> Result<Option<&'c Value>, Trouble> {
        let here =
            |object: &&Value| object::name(object) == name && object::namespace(object) == self.namespace && !object::terminating(object);
        Ok(self.context.objects(kind)?.iter().map(AsRef::as_ref).find(here))
    }
}

/// An environment variable. Its value is unknown where only the running pod has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) value: Option<String>,
    pub(super) secret: bool,
}

pub(super) fn has_key(object: &Value, key: &str) -> bool {
    ["data", "binaryData"].iter().any(|field| object.get(field).and_then(|data| data.get(key)).is_some())
}

/// The text under a key of a ConfigMap or Secret, as bytes.
pub(in crate::check) fn content(object: &Value, key: &str) -> Option<Vec<u8>> {
    let in_field = |field: &str| object.get(field).and_then(|data| data.get(key)).and_then(Value::as_str);
    let decode = |text: &str| BASE64_STANDARD.decode(text).ok();
    if object::kind(object) == "Secret" {
        return in_field("data").and_then(decode);
    }
    in_field("data").map(|text| text.as_bytes().to_vec()).or_else(|| in_field("binaryData").and_then(decode))
}

/// What a container's process would see: `envFrom` first, later ones over earlier ones, then `env` in order.
pub(super) fn effective(container: &Value, sources: &Sources) -> Result<BTreeMap<String, Variable>, Trouble> {
    let mut seen = BTreeMap::new();
    for from in object::list(container, "/envFrom") {
        let prefix = object::text(from, "/prefix");
        for (kind, at) in [("ConfigMap", "/configMapRef/name"), ("Secret", "/secretRef/name")] {
            let Some(object) = sources.find(kind, object::text(from, at))? else { continue };
            for key in object.get("data").and_then(Value::as_object).into_iter().flat_map(serde_json::Map::keys) {
                let value = text(object, key);
                seen.insert(format!("{prefix}{key}"), Variable { value, secret: kind == "Secret" });
            }
        }
    }
    for env in object::list(container, "/env") {
        let variable = match env.get("valueFrom").filter(|from| !from.is_null()) {
            None => expanded(object::text(env, "/value"), &seen),
            Some(from) => Variable { value: referred(from, sources)?, secret: from.get("secretKeyRef").is_some() },
        };
        seen.insert(object::text(env, "/name").to_owned(), variable);
    }
    Ok(seen)
}

fn text(object: &Value, key: &str) -> Option<String> {
    content(object, key).and_then(|bytes| String::from_utf8(bytes).ok())
}

fn referred(from: &Value, sources: &Sources) -> Result<Option<String>, Trouble> {
    for (kind, at) in [("ConfigMap", "configMapKeyRef"), ("Secret", "secretKeyRef")] {
        if let Some(reference) = from.get(at) {
            let object = sources.find(kind, object::text(reference, "/name"))?;
            return Ok(object.and_then(|object| text(object, object::text(reference, "/key"))));
        }
    }
    let namespace = object::text(from, "/fieldRef/fieldPath") == "metadata.namespace";
    Ok(namespace.then(|| sources.namespace.to_owned()))
}

/// Follows `$(NAME)` to variables defined before; `$$` is a dollar sign, and an unknown name stays as it is.
fn expanded(value: &str, seen: &BTreeMap<String, Variable>) -> Variable {
    let (mut out, mut rest, mut secret) = (String::new(), value, false);
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("$$") {
            out.push('$');
            rest = after;
            continue;
        }
        let name = rest.strip_prefix("$(").and_then(|inner| inner.split_once(')'));
        match name.and_then(|(name, after)| Some((seen.get(name)?, after))) {
            Some((variable, after)) => {
                secret |= variable.secret;
                out.push_str(variable.value.as_deref().unwrap_or_default());
                rest = after;
            }
            None => {
                out.push('$');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Variable { value: Some(out), secret }
}
