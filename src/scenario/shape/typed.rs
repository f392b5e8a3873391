use serde_json::Value as Json;

use crate::{
    diagnostic::Span,
    scenario::yaml::{Node, Value},
};

/// A value of a named type of the format, wherever it stands in a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Typed<'a> {
    /// The type's name in the schema, for example `ObjectRef`.
    pub name: &'a str,
    pub node: &'a Node,
    /// The key that holds it.
    pub around: Span,
}

/// Every value of a named type in a file, outer before inner, also where parts of the file have the wrong shape.
pub(crate) fn typed<'a>(schema: &'a Json, node: &'a Node) -> Vec<Typed<'a>> {
    let mut found = Vec::new();
    collect(schema, schema, node, node.span, &mut found);
    found
}

fn collect<'a>(root: &'a Json, schema: &'a Json, node: &'a Node, around: Span, found: &mut Vec<Typed<'a>>) {
    if let Some(name) = schema["$ref"].as_str().and_then(|r| r.strip_prefix("#/$defs/")) {
        found.push(Typed { name, node, around });
        return collect(root, &root["$defs"][name], node, around, found);
    }
    if let Some(branches) = schema["anyOf"].as_array() {
        branches.iter().for_each(|branch| collect(root, branch, node, around, found));
    }
    match &node.value {
        Value::Map(entries) => {
            for entry in entries {
                let chosen = schema["oneOf"].as_array().and_then(|b| b.iter().find_map(|b| b["properties"].get(&entry.key)));
                let property = chosen.or_else(|| schema["properties"].get(&entry.key)).unwrap_or(&schema["additionalProperties"]);
                collect(root, property, &entry.node, entry.key_span, found);
            }
        }
        Value::List(items) => items.iter().for_each(|item| collect(root, &schema["items"], item, item.span, found)),
        _ => {}
    }
}
