//! What a cluster says of itself besides objects: the API server's metrics, and its own certificate.

use hyper_rustls::{HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use kube::client::ConfigExt;
use tower::Service;

use super::{Cluster, ClusterError, calls::Bill, client::get};

impl Cluster {
    /// The API server's metrics, as Prometheus would read them.
    ///
    /// # Errors
    /// They cannot be read.
    pub async fn metrics(&self) -> Result<String, ClusterError> {
        let what = || "read the API server's metrics".to_owned();
        let request = get("/metrics").map_err(|e| ClusterError::Answer { what: what(), why: e.to_string() })?;
        self.count(Bill::Get);
        self.client().request_text(request).await.map_err(|e| ClusterError::from_kube(e, what(), self.server()))
    }

    /// The certificate, in DER, by which the API server says who it is.
    ///
    /// # Errors
    /// No trusted connection can be made.
    pub async fn serving_certificate(&self) -> Result<Vec<u8>, ClusterError> {
        let failed =
            |why: String| ClusterError::Tls { what: "see the API server's certificate".into(), server: self.server().to_owned(), why };
        let config = self.config();
        let tls = config.rustls_client_config().map_err(|e| failed(e.to_string()))?;
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        let mut connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_only().enable_http1().wrap_connector(tcp);
        let stream = connector.call(config.cluster_url.clone()).await.map_err(|e| failed(e.to_string()))?;
        let MaybeHttpsStream::Https(stream) = stream else { return Err(failed("it is not encrypted".into())) };
        let certificates = stream.inner().get_ref().1.peer_certificates().unwrap_or_default();
        certificates.first().map(|certificate| certificate.to_vec()).ok_or_else(|| failed("it showed none".into()))
    }
}
