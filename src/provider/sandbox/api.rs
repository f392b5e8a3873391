//! The few requests that bring a sandbox up, asked of its own API server: is it ready, which nodes are, and the objects
//! that a fresh cluster has. Everything else speaks through `cluster`; the supervisor lives beside it and stays small.

use std::{io, net::Ipv4Addr, sync::Arc, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
    },
};

use super::{SandboxError, folder::Folder};
use crate::loopback::{ask, connect};

const PATIENCE: Duration = Duration::from_secs(5);

/// The API server of one sandbox, as its administrator.
pub struct Api {
    port: u16,
    tls: TlsConnector,
}

impl Api {
    /// Reads the certificates. Nothing is asked yet.
    pub fn new(folder: &Folder, port: u16) -> Result<Self, SandboxError> {
        let failed = |error: &dyn std::fmt::Display| SandboxError::Api(format!("read its certificates: {error}"));
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(folder.pki("ca.crt")).map_err(|e| failed(&e))?).map_err(|e| failed(&e))?;
        let certificate = CertificateDer::from_pem_file(folder.pki("admin.crt")).map_err(|e| failed(&e))?;
        let key = PrivateKeyDer::from_pem_file(folder.pki("admin.key")).map_err(|e| failed(&e))?;
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| failed(&e))?
            .with_root_certificates(roots)
            .with_client_auth_cert(vec![certificate], key)
            .map_err(|e| failed(&e))?;
        Ok(Self { port, tls: TlsConnector::from(Arc::new(config)) })
    }

    /// It answers that it is ready.
    pub async fn is_ready(&self) -> bool {
        matches!(self.request("GET", "/readyz", "", b"").await, Ok((200, _)))
    }

    /// Reads an object or a list; `None` when there is none.
    pub async fn get(&self, path: &str) -> Result<Option<Value>, SandboxError> {
        match self.request("GET", path, "", b"").await? {
            (404, _) => Ok(None),
            (200, body) => serde_json::from_slice(&body)
                .map(Some)
                .map_err(|error| SandboxError::Api(format!("understand what it says to GET {path}: {error}"))),
            (status, body) => Err(refused("GET", path, status, &body)),
        }
    }

    /// Makes the object at a path be like this (YAML or JSON), by server-side apply.
    pub async fn apply(&self, path: &str, object: &[u8]) -> Result<(), SandboxError> {
        let path = format!("{path}?fieldManager=kubedrill.dev%2Fsandbox&force=true");
        self.patch(&path, "application/apply-patch+yaml", object).await
    }

    /// Merges this into the object at a path.
    pub async fn merge(&self, path: &str, patch: &Value) -> Result<(), SandboxError> {
        self.patch(path, "application/merge-patch+json", patch.to_string().as_bytes()).await
    }

    /// Where an object is, or would be, as the API server serves its kind.
    pub async fn path_of(&self, object: &Value) -> Result<String, SandboxError> {
        let field = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (version, kind) = (field(&object["apiVersion"]), field(&object["kind"]));
        let group = if version.contains('/') { format!("/apis/{version}") } else { format!("/api/{version}") };
        let served = self.get(&group).await?.unwrap_or_default();
        let resources = served["resources"].as_array().map_or(&[][..], Vec::as_slice);
        let is_it = |resource: &&Value| resource["kind"] == kind.as_str() && !field(&resource["name"]).contains('/');
        let resource =
            resources.iter().find(is_it).ok_or_else(|| SandboxError::Api(format!("find {kind} in {version}: it serves none")))?;
        let namespace = match resource["namespaced"].as_bool() {
            Some(true) => format!("/namespaces/{}", object["metadata"]["namespace"].as_str().unwrap_or("default")),
            _ => String::new(),
        };
        Ok(format!("{group}{namespace}/{}/{}", field(&resource["name"]), field(&object["metadata"]["name"])))
    }

    /// Whether a program of this sandbox answers 200 at such an address as `https://127.0.0.1:1234/readyz`.
    pub async fn says_ok(&self, address: &str) -> bool {
        let Some((scheme, port, path)) = on_loopback(address) else { return false };
        let asking = async {
            let stream = connect(port).await?;
            match scheme {
                "https" => converse(self.encrypt(stream).await?, "GET", path, "", b"").await,
                _ => converse(stream, "GET", path, "", b"").await,
            }
        };
        matches!(tokio::time::timeout(PATIENCE, asking).await, Ok(Ok(Some((200, _)))))
    }

    async fn encrypt(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.tls.connect(ServerName::IpAddress(Ipv4Addr::LOCALHOST.into()), stream).await
    }

    async fn patch(&self, path: &str, kind: &str, body: &[u8]) -> Result<(), SandboxError> {
        match self.request("PATCH", path, kind, body).await? {
            (200 | 201, _) => Ok(()),
            (status, body) => Err(refused("PATCH", path, status, &body)),
        }
    }

    async fn request(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<(u16, Vec<u8>), SandboxError> {
        let answer = tokio::time::timeout(PATIENCE, self.exchange(method, path, kind, body)).await;
        answer.map_err(|_| SandboxError::Api(format!("{method} {path} had no answer within {} s", PATIENCE.as_secs())))?
    }

    async fn exchange(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<(u16, Vec<u8>), SandboxError> {
        let failed = |error: io::Error| SandboxError::Api(format!("{method} {path}: {error}"));
        let stream = self.encrypt(connect(self.port).await.map_err(failed)?).await.map_err(failed)?;
        let answer = converse(stream, method, path, kind, body).await.map_err(failed)?;
        answer.ok_or_else(|| SandboxError::Api(format!("{method} {path}: the answer is no HTTP")))
    }
}

/// Asks as an administrator of Kubernetes does.
async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    method: &str,
    path: &str,
    kind: &str,
    body: &[u8],
) -> io::Result<Option<(u16, Vec<u8>)>> {
    let headers = [("Accept", "application/json"), ("User-Agent", "kubedrill"), ("Content-Type", kind)];
    ask(stream, method, path, &headers, body).await
}

/// Scheme, port and path of an address of this machine.
fn on_loopback(address: &str) -> Option<(&str, u16, &str)> {
    let (scheme, rest) = address.split_once("://127.0.0.1:")?;
    let at = rest.find('/').unwrap_or(rest.len());
    let (port, path) = rest.split_at(at);
    Some((scheme, port.parse().ok()?, if path.is_empty() { "/" } else { path }))
}

fn refused(method: &str, path: &str, status: u16, body: &[u8]) -> SandboxError {
    let message = serde_json::from_slice::<Value>(body).ok().and_then(|status| status["message"].as_str().map(str::to_owned));
    SandboxError::Api(format!("{method} {path}: {status} {}", message.unwrap_or_else(|| String::from_utf8_lossy(body).trim().to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_program_has_port_and_path() {
        assert_eq!(on_loopback("https://127.0.0.1:1234/readyz?x"), Some(("https", 1234, "/readyz?x")));
        assert_eq!(on_loopback("http://127.0.0.1:80"), Some(("http", 80, "/")));
        assert_eq!(on_loopback("http://example.com/"), None);
    }
}
