use std::collections::HashMap;

use cel::{
    DeclarationError, Env, ExecutionError, add_member_overload, add_overload,
    common::{
        types::{CelBool, CelMap, CelMapKey, CelString, Type},
        value::Val,
    },
};

use super::{
    own::{Own, OwnKind, texts, truth},
    request_url::{RequestUrl, decoded},
};

static TYPE: Type = Type::new_unspecified_type("kubernetes.URL");

pub(super) type Link = RequestUrl;
type CelUrl = Own<Link>;

impl OwnKind for Link {
    fn cel_type() -> &'static Type {
        &TYPE
    }

    fn same(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }

    fn written(&self) -> String {
        self.to_string()
    }
}

pub(super) fn register(env: &mut Env) -> Result<(), DeclarationError> {
    env.add_type(TYPE.to_owned())?;
    add_overload!(env, fn url: (CelString) -> Result<CelUrl>)?;
    add_overload!(env, fn is_url: (CelString) -> CelBool, name = "isURL")?;
    add_member_overload!(env, fn get_scheme: (CelUrl) -> CelString)?;
    add_member_overload!(env, fn get_host: (CelUrl) -> CelString)?;
    add_member_overload!(env, fn get_hostname: (CelUrl) -> CelString)?;
    add_member_overload!(env, fn get_port: (CelUrl) -> CelString)?;
    add_member_overload!(env, fn get_escaped_path: (CelUrl) -> CelString)?;
    add_member_overload!(env, fn get_query: (CelUrl) -> CelMap)
}

fn url(text: &CelString<'_>) -> Result<CelUrl, ExecutionError> {
    RequestUrl::parse(text.inner()).map(Own).map_err(|e| ExecutionError::function_error("url", e))
}

fn is_url(text: &CelString<'_>) -> CelBool {
    truth(RequestUrl::check(text.inner()).is_ok())
}

fn get_scheme(this: &CelUrl) -> CelString<'static> {
    CelString::from(this.0.scheme.clone())
}

fn get_host(this: &CelUrl) -> CelString<'static> {
    CelString::from(this.0.host.clone())
}

fn get_hostname(this: &CelUrl) -> CelString<'static> {
    CelString::from(this.0.host_and_port().0.to_owned())
}

fn get_port(this: &CelUrl) -> CelString<'static> {
    CelString::from(this.0.host_and_port().1.to_owned())
}

fn get_escaped_path(this: &CelUrl) -> CelString<'static> {
    CelString::from(this.0.path().to_owned())
}

/// Every key with all its values; what cannot be read is left out.
fn get_query(this: &CelUrl) -> CelMap<'static> {
    let mut found: HashMap<String, Vec<String>> = HashMap::new();
    for pair in this.0.query.split('&').filter(|pair| !pair.is_empty() && !pair.contains(';')) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let plain = |text: &str| decoded(&text.replace('+', " ")).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        if let (Some(key), Some(value)) = (plain(key), plain(value)) {
            found.entry(key).or_default().push(value);
        }
    }
    let entry = |(key, values)| (CelMapKey::from(key), Box::new(texts(values)) as Box<dyn Val>);
    found.into_iter().map(entry).collect::<HashMap<CelMapKey<'static>, Box<dyn Val>>>().into()
}
