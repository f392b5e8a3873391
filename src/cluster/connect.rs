use std::{path::Path, time::Duration};

use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::{
    client::legacy::{Client as HttpClient, connect::HttpConnector},
    rt::TokioExecutor,
};
use kube::{
    Client, Config,
    client::{Body, ClientBuilder, ConfigExt},
    config::Kubeconfig,
};

use super::ClusterError;

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The way to one API server.
pub(super) struct Connection {
    /// For calls.
    pub(super) client: Client,
    /// The server's address.
    pub(super) server: String,
    config: Config,
}

impl Connection {
    /// How the connection is made.
    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    /// A client for what becomes another protocol, such as `exec`: HTTP/2 knows no upgrade of a connection.
    pub(super) fn upgrading(&self) -> Result<Client, kube::Error> {
        over(&self.config, Speaking::Http1)
    }
}

/// The versions of HTTP that a client may speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speaking {
    Http1,
    Http2,
}

/// Makes a connection for the current context of one kubeconfig. Makes no call.
///
/// Neither `KUBECONFIG`, `~/.kube/config` nor the environment's proxies are used.
pub(super) fn connect(path: &Path) -> Result<Connection, ClusterError> {
    let unusable = |why: String| ClusterError::Kubeconfig { path: path.to_owned(), why };
    let mut kubeconfig = Kubeconfig::read_from(path).map_err(|e| unusable(e.to_string()))?;
    let mut proxies = Vec::new();
    for cluster in &mut kubeconfig.clusters {
        if let Some(cluster) = &mut cluster.cluster {
            proxies.extend(cluster.proxy_url.clone());
            // Named here only so that the library does not look for one in the environment.
            cluster.proxy_url = Some("http://127.0.0.1".to_owned());
        }
    }
    if let Some(proxy) = proxies.first() {
        return Err(unusable(format!("it asks for the proxy {proxy}, and kubedrill speaks to clusters directly")));
    }
    let mut config = Config::try_from(kubeconfig).map_err(|e| unusable(e.to_string()))?;
    config.proxy_url = None;
    let server = config.cluster_url.to_string().trim_end_matches('/').to_owned();
    let client = over(&config, Speaking::Http2).map_err(|e| unusable(e.to_string()))?;
    Ok(Connection { client, server, config })
}

/// The library's own client speaks HTTP/1.1, a connection for each call that runs at the same time, and lets small packets wait
/// for the answer to the one before: 40 ms for many a call. Its retries would hide a broken server for minutes; ours are in
/// `Cluster::send`.
fn over(config: &Config, speaking: Speaking) -> Result<Client, kube::Error> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
    let tls = config.rustls_client_config()?;
    let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http();
    let connector = match speaking {
        Speaking::Http1 => connector.enable_http1().wrap_connector(tcp),
        Speaking::Http2 => connector.enable_all_versions().wrap_connector(tcp),
    };
    let http = HttpClient::builder(TokioExecutor::new()).build::<_, Body>(connector);
    let http = tower::util::MapErr::new(http, tower::BoxError::from);
    let client = ClientBuilder::new(http, config.default_namespace.clone()).with_layer(&config.base_uri_layer());
    Ok(match config.auth_layer()? {
        Some(auth) => client.with_layer(&auth).build(),
        None => client.build(),
    })
}
