//! Questions to programs in the cluster, which the API server passes on to a port of their Service.

use std::time::Duration;

use http::Request;
use kube::client::Body;

use super::{Cluster, ClusterError, calls::Bill};

/// The longest that an answer may take, with the API server's own search for the program.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// A named port of a Service.
#[derive(Debug, Clone, Copy)]
pub struct ServicePort {
    /// The Service's namespace.
    pub namespace: &'static str,
    /// Its name.
    pub service: &'static str,
    /// The port's name.
    pub port: &'static str,
}

impl Cluster {
    /// Asks the program behind a Service's port over HTTP: status and body of its answer, or of the API server's own when it finds no
    /// program.
    ///
    /// # Errors
    /// The API server cannot be asked.
    pub async fn ask_service(&self, at: ServicePort, request: Request<Vec<u8>>) -> Result<(u16, Vec<u8>), ClusterError> {
        let ServicePort { namespace, service, port } = at;
        let what = || format!("ask the Service {service} in namespace {namespace}");
        let (mut parts, body) = request.into_parts();
        let path = format!("/api/v1/namespaces/{namespace}/services/{service}:{port}/proxy{}", parts.uri.path());
        if let Some(why) = self.trespass(&parts.method, &path) {
            return Err(ClusterError::Trespass { what: what(), why });
        }
        self.count(if parts.method == http::Method::GET { Bill::Live } else { Bill::Write });
        parts.uri = path.parse().map_err(|e: http::uri::InvalidUri| ClusterError::Answer { what: what(), why: e.to_string() })?;
        let asked = async {
            let answer = self.client().send(Request::from_parts(parts, Body::from(body))).await?;
            Ok::<_, kube::Error>((answer.status().as_u16(), answer.into_body().collect_bytes().await?.to_vec()))
        };
        match tokio::time::timeout(ANSWER_WITHIN, asked).await {
            Ok(answer) => answer.map_err(|e| ClusterError::from_kube(e, what(), self.server())),
            Err(_) => Err(ClusterError::Timeout { what: what(), after: ANSWER_WITHIN }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    const AT: ServicePort = ServicePort { namespace: "kube-system", service: "custom-metrics", port: "demands" };

    /// A cluster whose API server answers one call so, and gives back what it was asked.
    async fn asked(answer: &'static str, request: Request<Vec<u8>>) -> (Result<(u16, Vec<u8>), ClusterError>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let server = format!("http://{}", listener.local_addr().expect("an address"));
        let mut kubeconfig = tempfile::NamedTempFile::new().expect("a file");
        let text = format!(
            "{{apiVersion: v1, kind: Config, current-context: c, clusters: [{{name: c, cluster: {{server: '{server}'}}}}], users: [{{name: u, user: {{}}}}], contexts: [{{name: c, context: {{cluster: c, user: u}}}}]}}"
        );
        kubeconfig.write_all(text.as_bytes()).expect("it can be written");
        let cluster = Cluster::connect(kubeconfig.path()).expect("a connection");
        let serve = async {
            let (mut stream, _) = listener.accept().await.expect("a call");
            let (mut told, mut part) = (Vec::new(), [0; 4096]);
            while !String::from_utf8_lossy(&told).contains("\r\n\r\n") {
                let length = stream.read(&mut part).await.expect("a request");
                told.extend_from_slice(&part[..length]);
            }
            stream.write_all(answer.as_bytes()).await.expect("an answer");
            String::from_utf8_lossy(&told).into_owned()
        };
        tokio::join!(cluster.ask_service(AT, request), serve)
    }

    #[tokio::test]
    async fn a_program_is_asked_by_way_of_the_api_server() {
        let request = Request::get("/demands").header("Kubedrill-Secret", "word").body(Vec::new()).expect("a request");
        let (answer, told) = asked("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", request).await;
        assert_eq!(answer.expect("an answer"), (200, b"[]".to_vec()));
        assert!(
            told.starts_with("GET /api/v1/namespaces/kube-system/services/custom-metrics:demands/proxy/demands HTTP/1.1\r\n"),
            "{told}"
        );
        assert!(told.to_lowercase().contains("\r\nkubedrill-secret: word\r\n"), "{told}");
    }

    #[tokio::test]
    async fn what_the_program_refuses_is_an_answer() {
        let request = Request::put("/demands/shop/web").body(Vec::new()).expect("a request");
        let (answer, _) = asked("HTTP/1.1 400 Bad Request\r\nContent-Length: 6\r\n\r\nno way", request).await;
        assert_eq!(answer.expect("an answer"), (400, b"no way".to_vec()));
    }
}
