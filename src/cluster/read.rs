use std::sync::Arc;

use http::Request;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Cluster, ClusterError, KindId, calls::Bill, client::get};

/// How current a list must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Freshness {
    /// What the server's watch cache has: fast, and at most some milliseconds old.
    #[default]
    Cached,
    /// No older than the moment of asking.
    Consistent,
}

/// A list of objects.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The version that a watch goes on from.
    pub resource_version: String,
    /// The objects, each with its `apiVersion` and `kind`.
    pub objects: Vec<Arc<Value>>,
}

#[derive(Deserialize)]
struct RawList {
    #[serde(default)]
    metadata: RawListMeta,
    #[serde(default)]
    items: Option<Vec<Map<String, Value>>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct RawListMeta {
    #[serde(default)]
    resource_version: String,
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Narrow<'a> {
    /// A label selector.
    pub labels: Option<&'a str>,
    /// A field selector.
    pub fields: Option<&'a str>,
}

impl Cluster {
    /// One object; `None` when there is none.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn get(&self, kind: &KindId, namespace: Option<&str>, name: &str) -> Result<Option<Value>, ClusterError> {
        let what = || format!("read {}", kind.describe(namespace, name));
        match self.send(Bill::Get, what, get(&format!("{}/{name}", kind.path(namespace)))).await {
            Ok(object) => Ok(Some(object)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Every object of a kind, in one namespace or everywhere.
    ///
    /// # Errors
    /// They cannot be read.
    pub async fn list(&self, kind: &KindId, namespace: Option<&str>, freshness: Freshness) -> Result<Listed, ClusterError> {
        self.list_narrowed(kind, namespace, freshness, Narrow::default()).await
    }

    /// The objects of a kind that labels and fields select.
    ///
    /// # Errors
    /// They cannot be read.
    pub async fn list_narrowed(
        &self,
        kind: &KindId,
        namespace: Option<&str>,
        freshness: Freshness,
        narrow: Narrow<'_>,
    ) -> Result<Listed, ClusterError> {
        let mut query = String::new();
        if freshness == Freshness::Cached {
            query.push_str("resourceVersion=0");
        }
        narrow.add_to(&mut query);
        let request = Request::get(format!("{}?{query}", kind.path(namespace))).body(Vec::new());
        let raw: RawList = self.send(Bill::List, || format!("list {}", kind.plural_in(namespace)), request).await?;
        let api_version = kind.api_version();
        let objects = raw.items.unwrap_or_default().into_iter().map(|item| Arc::new(typed(item, &api_version, &kind.kind))).collect();
        Ok(Listed { resource_version: raw.metadata.resource_version, objects })
    }

    /// The metadata of every object of a cluster-scoped kind, for kinds whose objects are large.
    ///
    /// # Errors
    /// They cannot be read.
    pub async fn list_metadata(&self, kind: &KindId) -> Result<Listed, ClusterError> {
        let accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
        let request = Request::get(kind.path(None)).header(http::header::ACCEPT, accept).body(Vec::new());
        let raw: RawList = self.send(Bill::List, || format!("list {}", kind.plural_in(None)), request).await?;
        let api_version = kind.api_version();
        let objects = raw.items.unwrap_or_default().into_iter().map(|item| Arc::new(typed(item, &api_version, &kind.kind))).collect();
        Ok(Listed { resource_version: raw.metadata.resource_version, objects })
    }
}

impl Narrow<'_> {
    pub(super) fn add_to(self, query: &mut String) {
        for (key, value) in [("labelSelector", self.labels), ("fieldSelector", self.fields)] {
            if let Some(value) = value {
                let escaped: String = value.bytes().map(escape).collect();
                query.push_str(&format!("{}{key}={escaped}", if query.is_empty() { "" } else { "&" }));
            }
        }
    }
}

fn escape(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

/// Lists leave `apiVersion` and `kind` out of their items; whoever reads one needs them.
fn typed(item: Map<String, Value>, api_version: &str, kind: &str) -> Value {
    let mut object = Map::with_capacity(item.len() + 2);
    object.insert("apiVersion".into(), api_version.into());
    object.insert("kind".into(), kind.into());
    object.extend(item.into_iter().filter(|(field, _)| field != "apiVersion" && field != "kind"));
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_are_escaped() {
        let mut query = "resourceVersion=0".to_owned();
        Narrow { labels: Some("app=web,tier in (a)"), fields: Some("metadata.name=x") }.add_to(&mut query);
        assert_eq!(query, "resourceVersion=0&labelSelector=app%3Dweb%2Ctier%20in%20%28a%29&fieldSelector=metadata.name%3Dx");
    }

    #[test]
    fn items_of_a_list_say_what_they_are() {
        let item = serde_json::json!({"metadata": {"name": "a"}}).as_object().unwrap().clone();
        assert_eq!(
            typed(item, "apps/v1", "Deployment"),
            serde_json::json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}})
        );
    }
}
