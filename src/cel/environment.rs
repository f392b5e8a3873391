use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use cel::{
    Context, Env, ExecutionError, Value, extensions,
    objects::{Key, Map},
};

use super::{ImageReference, Quantity};

/// What expressions may call, for the lint; operators are left out.
pub(super) const FUNCTIONS: &[&str] = &[
    "abs",
    "bool",
    "ceil",
    "charAt",
    "contains",
    "distinct",
    "double",
    "duration",
    "dyn",
    "endsWith",
    "flatten",
    "floor",
    "format",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getFullYear",
    "getHours",
    "getMilliseconds",
    "getMinutes",
    "getMonth",
    "getSeconds",
    "hasValue",
    "image",
    "indexOf",
    "int",
    "isQuantity",
    "join",
    "lastIndexOf",
    "lowerAscii",
    "matches",
    "max",
    "min",
    "none",
    "of",
    "ofNonZeroValue",
    "or",
    "orValue",
    "quantity",
    "quote",
    "range",
    "replace",
    "reverse",
    "round",
    "size",
    "slice",
    "sort",
    "sortBy",
    "split",
    "startsWith",
    "string",
    "substring",
    "timestamp",
    "trim",
    "type",
    "uint",
    "upperAscii",
    "value",
];

/// Names before a dot that belong to functions, not to variables.
pub(super) const NAMESPACES: &[&str] = &["lists", "math", "optional", "strings"];

/// Names of types, which may stand where a variable may.
pub(super) const TYPES: &[&str] =
    &["bool", "bytes", "double", "duration", "int", "list", "map", "null_type", "string", "timestamp", "type", "uint"];

/// The standard library, optional values, strings, lists and maths.
pub(super) fn env() -> Result<Arc<Env>, String> {
    static ENV: LazyLock<Result<Arc<Env>, String>> = LazyLock::new(|| {
        let mut env = Env::stdlib().with_optional_support(true);
        env.add_extension(extensions::strings)
            .and_then(|()| env.add_extension(extensions::lists))
            .and_then(|()| env.add_extension(extensions::math))
            .map_err(|e| e.to_string())?;
        Ok(Arc::new(env))
    });
    ENV.clone()
}

/// The environment with Kubernetes' own notions added, ready for variables.
pub(super) fn context() -> Result<Context<'static, 'static>, String> {
    let mut context = Context::with_env(env()?);
    context
        .add_function("quantity", |text: Arc<String>| {
            Quantity::parse(&text).map(|q| q.as_f64()).map_err(|e| ExecutionError::function_error("quantity", e))
        })
        .and_then(|()| context.add_function("isQuantity", |text: Arc<String>| Quantity::parse(&text).is_ok()))
        .and_then(|()| context.add_function("image", |text: Arc<String>| image(&text)))
        .map_err(|e| e.to_string())?;
    Ok(context)
}

fn image(text: &str) -> Value {
    let image = ImageReference::parse(text);
    let pinned = image.pinned();
    let text = |part: Option<String>| Value::String(Arc::new(part.unwrap_or_default()));
    Value::Map(Map {
        map: Arc::new(HashMap::from([
            (Key::from("repository"), text(Some(image.repository))),
            (Key::from("tag"), text(image.tag)),
            (Key::from("digest"), text(image.digest)),
            (Key::from("pinned"), Value::Bool(pinned)),
        ])),
    })
}
