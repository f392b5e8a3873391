use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use cel::{
    Context, Env, Value, extensions,
    objects::{Key, Map},
};

use super::{ImageReference, kubernetes};

/// The standard library, optional values, strings, lists and maths, and the libraries of Kubernetes.
pub(super) fn env() -> Result<Arc<Env>, String> {
    static ENV: LazyLock<Result<Arc<Env>, String>> = LazyLock::new(|| {
        let mut env = Env::stdlib().with_optional_support(true);
        env.add_extension(extensions::strings)
            .and_then(|()| env.add_extension(extensions::lists))
            .and_then(|()| env.add_extension(extensions::math))
            .and_then(|()| kubernetes::register(&mut env))
            .map_err(|e| e.to_string())?;
        Ok(Arc::new(env))
    });
    ENV.clone()
}

/// The environment with what is our own, ready for variables.
pub(super) fn context() -> Result<Context<'static, 'static>, String> {
    let mut context = Context::with_env(env()?);
    context.add_function("image", |text: Arc<String>| image(&text)).map_err(|e| e.to_string())?;
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
