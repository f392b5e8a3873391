use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use http::Request;
use kube::Client;
use serde::de::DeserializeOwned;
use tokio::sync::{Mutex, OnceCell};

use super::{
    ClusterError, KindId, ServedKind, bounds,
    calls::{Bill, CallCounter},
    connect::{self, Connection},
    discovery::Discovery,
};
use crate::{attempt::ApiCalls, territory::Territory};

/// The longest that one call may take; watches are not bound by it.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);
/// Waits before a call is repeated that the server itself asked to repeat.
const RETRY_AFTER: [Duration; 3] = [Duration::from_millis(50), Duration::from_millis(250), Duration::from_secs(1)];

/// One cluster as one user sees it. Cheap to clone; clones share the connection, the discovery and the call counter.
#[derive(Clone)]
pub struct Cluster(Arc<Inner>);

struct Inner {
    connection: Connection,
    field_manager: String,
    calls: CallCounter,
    uid: OnceCell<String>,
    version: OnceCell<String>,
    discovery: Mutex<Option<Arc<Discovery>>>,
    cache_file: Option<PathBuf>,
    territory: Territory,
    reads_only: bool,
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cluster({})", self.0.connection.server)
    }
}

impl Cluster {
    /// Uses the current context of this kubeconfig file and nothing else: no ambient configuration, no proxy. Makes no call
    /// yet. Must be called inside a Tokio runtime.
    ///
    /// # Errors
    /// The kubeconfig cannot be used.
    pub fn connect(kubeconfig: &Path) -> Result<Self, ClusterError> {
        let connection = connect::connect(kubeconfig)?;
        Ok(Self::of(connection, None, super::FIELD_MANAGER))
    }

    /// Like [`Cluster::connect`], and keeps what the server serves in a file for the next command. The file counts only for
    /// the same cluster and is renewed when a kind is missing in it.
    ///
    /// # Errors
    /// The kubeconfig cannot be used.
    pub fn connect_with_cache(kubeconfig: &Path, cache_file: &Path) -> Result<Self, ClusterError> {
        let connection = connect::connect(kubeconfig)?;
        Ok(Self::of(connection, Some(cache_file.to_owned()), super::FIELD_MANAGER))
    }

    /// Like [`Cluster::connect_with_cache`], and makes no call that leaves the territory.
    ///
    /// # Errors
    /// The kubeconfig cannot be used.
    pub fn connect_in(kubeconfig: &Path, cache_file: &Path, territory: &Territory) -> Result<Self, ClusterError> {
        let connection = connect::connect(kubeconfig)?;
        Ok(Self::within(connection, Some(cache_file.to_owned()), super::FIELD_MANAGER, territory.clone()))
    }

    /// Uses the current context of this kubeconfig file to read, and refuses every call that could change something.
    ///
    /// # Errors
    /// The kubeconfig cannot be used.
    pub fn connect_to_read(kubeconfig: &Path) -> Result<Self, ClusterError> {
        let connection = connect::connect(kubeconfig)?;
        let inner = Inner { reads_only: true, ..Self::inner(connection, None, super::FIELD_MANAGER, Territory::WholeCluster) };
        Ok(Self(Arc::new(inner)))
    }

    /// Acts as the learner: other rights, and never kubedrill's own field manager.
    ///
    /// # Errors
    /// The kubeconfig cannot be used.
    pub fn connect_as_learner(kubeconfig: &Path) -> Result<Self, ClusterError> {
        let connection = connect::connect(kubeconfig)?;
        Ok(Self::of(connection, None, super::LEARNER_FIELD_MANAGER))
    }

    pub(super) fn of(connection: Connection, cache_file: Option<PathBuf>, field_manager: &str) -> Self {
        Self::within(connection, cache_file, field_manager, Territory::WholeCluster)
    }

    fn within(connection: Connection, cache_file: Option<PathBuf>, field_manager: &str, territory: Territory) -> Self {
        Self(Arc::new(Self::inner(connection, cache_file, field_manager, territory)))
    }

    fn inner(connection: Connection, cache_file: Option<PathBuf>, field_manager: &str, territory: Territory) -> Inner {
        Inner {
            connection,
            field_manager: field_manager.to_owned(),
            calls: CallCounter::default(),
            uid: OnceCell::new(),
            version: OnceCell::new(),
            discovery: Mutex::new(None),
            cache_file,
            territory,
            reads_only: false,
        }
    }

    /// The API server's address.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.0.connection.server
    }

    /// What was asked so far, by all clones.
    #[must_use]
    pub fn calls(&self) -> ApiCalls {
        self.0.calls.so_far()
    }

    /// Says which cluster this is: the uid of the namespace `kube-system`, or of the learner's home in somebody else's cluster,
    /// where `kube-system` may be out of sight. Read once.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn uid(&self) -> Result<&str, ClusterError> {
        let read = async || {
            let name = self.0.territory.holding().map_or("kube-system", |holding| &holding.home);
            let what = || format!("read the namespace {name}");
            let namespace: serde_json::Value = self.send(Bill::Get, what, get(&format!("/api/v1/namespaces/{name}"))).await?;
            let uid = namespace.pointer("/metadata/uid").and_then(serde_json::Value::as_str);
            uid.map(str::to_owned).ok_or_else(|| ClusterError::Answer { what: what(), why: "it has no uid".into() })
        };
        self.0.uid.get_or_try_init(read).await.map(String::as_str)
    }

    /// The API server's version, such as `v1.36.3`. Read once.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn version(&self) -> Result<&str, ClusterError> {
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Version {
            git_version: String,
        }
        let read = async || {
            let version: Version = self.send(Bill::Get, || "read the server's version".to_owned(), get("/version")).await?;
            Ok(version.git_version)
        };
        self.0.version.get_or_try_init(read).await.map(String::as_str)
    }

    /// The kind `Deployment` or `Prometheus.monitoring.coreos.com`; `None` when the server does not serve it. A kind that is
    /// not in what is known is asked for once more: its CRD may just have appeared.
    ///
    /// # Errors
    /// The server cannot be asked.
    pub async fn kind(&self, name: &str) -> Result<Option<KindId>, ClusterError> {
        self.find(|d| d.kind(name).cloned()).await
    }

    /// The kind of an object by its `apiVersion` and `kind`.
    ///
    /// # Errors
    /// The object names none, the server does not serve it, or cannot be asked.
    pub async fn kind_of(&self, object: &serde_json::Value) -> Result<KindId, ClusterError> {
        let (api_version, kind) = (text(object, "/apiVersion"), text(object, "/kind"));
        self.find(|d| d.exact(api_version, kind).cloned()).await?.ok_or_else(|| ClusterError::UnknownKind {
            what: format!("use {kind} {}", text(object, "/metadata/name")),
            kind: format!("{api_version} {kind}"),
        })
    }

    /// The resource `pods` or `prometheuses.monitoring.coreos.com`.
    ///
    /// # Errors
    /// The server cannot be asked.
    pub async fn resource(&self, plural: &str) -> Result<Option<ServedKind>, ClusterError> {
        self.find(|d| d.resource(plural).cloned()).await
    }

    /// Every kind that the server serves, asked anew.
    ///
    /// # Errors
    /// The server cannot be asked.
    pub async fn served(&self) -> Result<Vec<ServedKind>, ClusterError> {
        Ok(self.refresh().await?.preferred().cloned().collect())
    }

    /// Reads anew what the server serves.
    pub(super) async fn refresh(&self) -> Result<Arc<Discovery>, ClusterError> {
        let mut slot = self.0.discovery.lock().await;
        let discovery = self.discover().await?;
        *slot = Some(discovery.clone());
        Ok(discovery)
    }

    /// What is known of what the server serves, without asking again.
    pub(super) async fn known(&self) -> Result<Arc<Discovery>, ClusterError> {
        let mut slot = self.0.discovery.lock().await;
        if let Some(discovery) = &*slot {
            return Ok(discovery.clone());
        }
        let stored = match &self.0.cache_file {
            Some(file) => Discovery::load(file, self.uid().await?).map(Arc::new),
            None => None,
        };
        let discovery = match stored {
            Some(discovery) => discovery,
            None => self.discover().await?,
        };
        *slot = Some(discovery.clone());
        Ok(discovery)
    }

    async fn find<T>(&self, look: impl Fn(&Discovery) -> Option<T>) -> Result<Option<T>, ClusterError> {
        if let Some(found) = look(&*self.known().await?) {
            return Ok(Some(found));
        }
        Ok(look(&*self.refresh().await?))
    }

    async fn discover(&self) -> Result<Arc<Discovery>, ClusterError> {
        let what = || "read what the server serves".to_owned();
        let ask = async |path| {
            let accept = kube::core::discovery::v2::ACCEPT_AGGREGATED_DISCOVERY_V2;
            self.send(Bill::Get, what, Request::get(path).header(http::header::ACCEPT, accept).body(Vec::new())).await
        };
        let (core, groups) = futures::try_join!(ask("/api"), ask("/apis"))?;
        let discovery = Arc::new(Discovery::of([core, groups]));
        if discovery.preferred().next().is_none() {
            return Err(ClusterError::Answer { what: what(), why: "kubedrill needs Kubernetes 1.30 or later".into() });
        }
        if let Some(file) = &self.0.cache_file
            && let Err(error) = discovery.save(file, self.uid().await?)
        {
            tracing::debug!(file = %file.display(), %error, "what the server serves could not be stored");
        }
        Ok(discovery)
    }

    /// Why a call would leave the territory; `None` when it stays inside.
    pub(super) fn trespass(&self, method: &http::Method, path: &str) -> Option<String> {
        if self.0.reads_only && method != http::Method::GET {
            return Some("this connection only reads".into());
        }
        bounds::trespass(&self.0.territory, method, path)
    }

    /// A client whose connections can become another protocol.
    pub(super) fn upgrading(&self) -> Result<Client, ClusterError> {
        let what = || "open a connection for a command in a container".to_owned();
        self.0.connection.upgrading().map_err(|e| ClusterError::from_kube(e, what(), self.server()))
    }

    pub(super) fn client(&self) -> &Client {
        &self.0.connection.client
    }

    pub(super) fn config(&self) -> &kube::Config {
        self.0.connection.config()
    }

    pub(super) fn field_manager(&self) -> &str {
        &self.0.field_manager
    }

    pub(super) fn count(&self, bill: Bill) {
        self.0.calls.count(bill);
    }

    /// Makes one call; repeats it when the server asks to (429, 503).
    pub(super) async fn send<T: DeserializeOwned>(
        &self,
        bill: Bill,
        what: impl Fn() -> String,
        request: Result<Request<Vec<u8>>, http::Error>,
    ) -> Result<T, ClusterError> {
        let request = self.permitted(&what, request)?;
        let mut waits = RETRY_AFTER.iter();
        loop {
            match (self.call(bill, &what, request.clone()).await, waits.next()) {
                (Err(ClusterError::Server { code: 429 | 503, .. }), Some(wait)) => tokio::time::sleep(*wait).await,
                (answer, _) => return answer,
            }
        }
    }

    /// Makes one call that changes nothing, and takes the first answer: an eviction is refused with the code (429) that otherwise
    /// asks for patience.
    pub(super) async fn try_out<T: DeserializeOwned>(
        &self,
        what: impl Fn() -> String,
        request: Result<Request<Vec<u8>>, http::Error>,
    ) -> Result<T, ClusterError> {
        self.call(Bill::Review, &what, self.permitted(&what, request)?).await
    }

    fn permitted(
        &self,
        what: &impl Fn() -> String,
        request: Result<Request<Vec<u8>>, http::Error>,
    ) -> Result<Request<Vec<u8>>, ClusterError> {
        let request = request.map_err(|e| ClusterError::Answer { what: what(), why: e.to_string() })?;
        match self.trespass(request.method(), request.uri().path()) {
            Some(why) => Err(ClusterError::Trespass { what: what(), why }),
            None => Ok(request),
        }
    }

    async fn call<T: DeserializeOwned>(
        &self,
        bill: Bill,
        what: &impl Fn() -> String,
        request: Request<Vec<u8>>,
    ) -> Result<T, ClusterError> {
        self.count(bill);
        tracing::debug!(method = %request.method(), uri = %request.uri(), "asking");
        match tokio::time::timeout(CALL_TIMEOUT, self.0.connection.client.request(request)).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(ClusterError::from_kube(error, what(), &self.0.connection.server)),
            Err(_) => Err(ClusterError::Timeout { what: what(), after: CALL_TIMEOUT }),
        }
    }
}

pub(super) fn get(path: &str) -> Result<Request<Vec<u8>>, http::Error> {
    Request::get(path).body(Vec::new())
}

/// A text in an object, or nothing.
pub(super) fn text<'a>(object: &'a serde_json::Value, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(serde_json::Value::as_str).unwrap_or_default()
}
