use std::{path::Path, time::Duration};

use kube::{Client, Config, config::Kubeconfig};

use super::ClusterError;

/// Makes a client for the current context of one kubeconfig, and the server's address.
///
/// Neither `KUBECONFIG`, `~/.kube/config` nor the environment's proxies are used.
pub(super) fn client(path: &Path) -> Result<(Client, String), ClusterError> {
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
    config.connect_timeout = Some(Duration::from_secs(5));
    // Retries belong to `Cluster::send`: the library's own would hide a broken server for minutes.
    config.default_retry = false;
    let server = config.cluster_url.to_string().trim_end_matches('/').to_owned();
    let client = Client::try_from(config).map_err(|e| unusable(e.to_string()))?;
    Ok((client, server))
}
