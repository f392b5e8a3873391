use std::{collections::BTreeMap, pin::Pin, sync::Arc, time::Duration};

use futures::{Stream, StreamExt};
use http::Request;
use kube::core::WatchEvent;
use serde_json::Value;

use super::{Cluster, ClusterError, Freshness, KindId, Narrow, calls::Bill, client::text};

/// The server sends a bookmark about once a minute; a watch that is silent for longer has lost its connection.
const SILENCE: Duration = Duration::from_secs(150);
/// How long the server keeps one watch open before it is opened anew.
const WATCH_SECONDS: u32 = 3600;
/// The pause before a watch is opened again that ended without a word.
const REOPEN_AFTER: Duration = Duration::from_millis(100);

type Events = Pin<Box<dyn Stream<Item = kube::Result<WatchEvent<Value>>> + Send>>;

/// Namespace and name.
pub(super) type Key = (String, String);

/// One kind in one scope, listed once and then followed by a watch without gaps.
pub(super) struct Follower {
    cluster: Cluster,
    kind: KindId,
    namespace: Option<String>,
    fields: Option<String>,
    pub(super) resource_version: String,
    pub(super) objects: BTreeMap<Key, Arc<Value>>,
    events: Option<Events>,
    heard: bool,
}

impl Follower {
    pub(super) fn new(cluster: Cluster, kind: KindId, namespace: Option<String>, fields: Option<String>) -> Self {
        Self { cluster, kind, namespace, fields, resource_version: String::new(), objects: BTreeMap::new(), events: None, heard: false }
    }

    /// Reads everything anew.
    pub(super) async fn list(&mut self, freshness: Freshness) -> Result<(), ClusterError> {
        let narrow = Narrow { labels: None, fields: self.fields.as_deref() };
        let listed = self.cluster.list_narrowed(&self.kind, self.namespace.as_deref(), freshness, narrow).await?;
        self.events = None;
        self.resource_version = listed.resource_version;
        self.objects = listed.objects.into_iter().map(|object| (key(&object), object)).collect();
        Ok(())
    }

    /// Waits for the next word of the server; says whether the objects changed. A watch that cannot go on is replaced by a
    /// new list. Safe to be dropped while it waits.
    pub(super) async fn step(&mut self) -> Result<bool, ClusterError> {
        let events = match &mut self.events {
            Some(events) => events,
            None => self
                .events
                .insert(open(&self.cluster, &self.kind, self.namespace.as_deref(), self.fields.as_deref(), &self.resource_version).await?),
        };
        match tokio::time::timeout(SILENCE, events.next()).await {
            Err(_) => self.relist().await,
            Ok(None) => {
                self.events = None;
                if !std::mem::take(&mut self.heard) {
                    tokio::time::sleep(REOPEN_AFTER).await;
                }
                Ok(false)
            }
            Ok(Some(Ok(event))) => {
                self.heard = true;
                self.take(event).await
            }
            Ok(Some(Err(error))) => {
                self.events = None;
                match ClusterError::from_kube(error, self.what(), self.cluster.server()) {
                    ClusterError::Expired { .. } => self.relist().await,
                    error => Err(error),
                }
            }
        }
    }

    async fn take(&mut self, event: WatchEvent<Value>) -> Result<bool, ClusterError> {
        match event {
            WatchEvent::Added(object) | WatchEvent::Modified(object) => {
                text(&object, "/metadata/resourceVersion").clone_into(&mut self.resource_version);
                self.objects.insert(key(&object), Arc::new(object));
                Ok(true)
            }
            WatchEvent::Deleted(object) => {
                text(&object, "/metadata/resourceVersion").clone_into(&mut self.resource_version);
                Ok(self.objects.remove(&key(&object)).is_some())
            }
            WatchEvent::Bookmark(bookmark) => {
                self.resource_version = bookmark.metadata.resource_version;
                Ok(false)
            }
            WatchEvent::Error(status) => {
                self.events = None;
                match ClusterError::from_status(*status, self.what(), self.cluster.server().to_owned()) {
                    ClusterError::Expired { .. } | ClusterError::Server { .. } => self.relist().await,
                    error => Err(error),
                }
            }
        }
    }

    async fn relist(&mut self) -> Result<bool, ClusterError> {
        self.list(Freshness::Consistent).await?;
        Ok(true)
    }

    fn what(&self) -> String {
        format!("watch {}", self.kind.plural_in(self.namespace.as_deref()))
    }
}

async fn open(cluster: &Cluster, kind: &KindId, namespace: Option<&str>, fields: Option<&str>, from: &str) -> Result<Events, ClusterError> {
    let what = || format!("watch {}", kind.plural_in(namespace));
    let mut query = format!("watch=1&allowWatchBookmarks=true&timeoutSeconds={WATCH_SECONDS}&resourceVersion={from}");
    Narrow { labels: None, fields }.add_to(&mut query);
    let request = Request::get(format!("{}?{query}", kind.path(namespace)))
        .body(Vec::new())
        .map_err(|e| ClusterError::Answer { what: what(), why: e.to_string() })?;
    cluster.count(Bill::Watch);
    let opened = cluster.client().request_events::<Value>(request).await;
    match opened {
        Ok(events) => Ok(Box::pin(events)),
        // The server says so only here when the version is too old already: the next step hears it as an event.
        Err(error) => match ClusterError::from_kube(error, what(), cluster.server()) {
            ClusterError::Expired { message, .. } => {
                let gone = kube::core::Status::failure(&message, "Expired").with_code(410);
                Ok(Box::pin(futures::stream::iter([Ok(WatchEvent::Error(gone.boxed()))])))
            }
            error => Err(error),
        },
    }
}

pub(super) fn key(object: &Value) -> Key {
    (text(object, "/metadata/namespace").to_owned(), text(object, "/metadata/name").to_owned())
}
