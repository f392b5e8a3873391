//! The YAML format: the same sections under `service`, `env`, `includes` and `pipeline`.

use serde_json::{Map, Value};

use super::{Config, FluentBitError, Properties};

/// Adds what a file says, and gives the files that it includes.
pub(super) fn read(file: &str, text: &str, config: &mut Config) -> Result<Vec<String>, FluentBitError> {
    let wrong = |what: String| FluentBitError::Yaml { file: file.to_owned(), what };
    let options = serde_saphyr::options! {
        strict_booleans: true,
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 20_000 },
    };
    let brief = |error: String| error.lines().next().unwrap_or_default().chars().take(160).collect::<String>();
    let root: Value = serde_saphyr::from_str_with_options(text, options).map_err(|e| wrong(brief(e.to_string())))?;
    let root = match root {
        Value::Object(root) => root,
        Value::Null => Map::new(),
        _ => return Err(wrong("it is no mapping of sections".into())),
    };
    let mut includes = Vec::new();
    for (name, value) in &root {
        match name.to_ascii_lowercase().as_str() {
            "service" => config.service.extend(properties(value).ok_or_else(|| wrong("`service` is no mapping".into()))?),
            "env" => {
                let map = value.as_object().ok_or_else(|| wrong("`env` is no mapping".into()))?;
                for (name, value) in map {
                    config.env.add_as_written(name, scalar(value).unwrap_or_default());
                }
            }
            "includes" => {
                let list = value.as_array().ok_or_else(|| wrong("`includes` is no list".into()))?;
                includes.extend(list.iter().filter_map(Value::as_str).map(ToOwned::to_owned));
            }
            "pipeline" => pipeline(value, config).map_err(wrong)?,
            "parsers" | "multiline_parsers" => config.parsers.extend(sections("parsers", value).map_err(wrong)?),
            "customs" | "plugins" | "upstream_servers" | "stream_processor" => {}
            other => return Err(wrong(format!("there is no section `{other}`"))),
        }
    }
    Ok(includes)
}

fn pipeline(value: &Value, config: &mut Config) -> Result<(), String> {
    let map = value.as_object().ok_or("`pipeline` is no mapping")?;
    for (name, value) in map {
        let (into, section) = match name.to_ascii_lowercase().as_str() {
            "inputs" => (&mut config.inputs, "INPUT"),
            "filters" => (&mut config.filters, "FILTER"),
            "outputs" => (&mut config.outputs, "OUTPUT"),
            other => return Err(format!("there is no `{other}` in `pipeline`")),
        };
        let found = sections(name, value)?;
        if found.iter().any(|properties| properties.get("name").is_none()) {
            return Err(FluentBitError::NoName { section }.to_string());
        }
        into.extend(found);
    }
    Ok(())
}

fn sections(name: &str, value: &Value) -> Result<Vec<Properties>, String> {
    if value.is_null() {
        return Ok(Vec::new());
    }
    let list = value.as_array().ok_or_else(|| format!("`{name}` is no list"))?;
    list.iter().map(|item| properties(item).ok_or_else(|| format!("an item of `{name}` is no mapping"))).collect()
}

fn properties(value: &Value) -> Option<Properties> {
    let mut found = Properties::default();
    for (key, value) in value.as_object()? {
        match value {
            // Processors have sections of their own, which say nothing about where records go.
            Value::Object(_) => {}
            Value::Array(items) => items.iter().filter_map(scalar).for_each(|item| found.add(key, item)),
            one => found.add(key, scalar(one).unwrap_or_default()),
        }
    }
    Some(found)
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    }
}
