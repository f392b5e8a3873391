use std::{net::Ipv4Addr, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{Demand, DemandState};

const PATIENCE: Duration = Duration::from_secs(5);

/// Why the load could not be seen or set.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Nobody answers.
    #[error(
        "the hub, which plays the load, does not answer on 127.0.0.1:{port}: {source}; `kubedrill status` tells whether the environment runs"
    )]
    Silent {
        /// Where it was asked.
        port: u16,
        /// Why.
        source: std::io::Error,
    },
    /// It answered that it will not.
    #[error("the hub refused the load ({status}): {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What it said.
        message: String,
    },
    /// It answered something else.
    #[error("the hub's answer about the load cannot be understood: {0}")]
    Answer(String),
}

/// The hub of one environment, which plays its demands.
#[derive(Debug, Clone)]
pub struct LoadClient {
    port: u16,
    secret: String,
}

impl LoadClient {
    /// The hub on this port of the loopback address, with its password.
    #[must_use]
    pub fn new(port: u16, secret: String) -> Self {
        Self { port, secret }
    }

    /// Every demand as it is now.
    ///
    /// # Errors
    /// The hub does not answer.
    pub async fn demands(&self) -> Result<Vec<DemandState>, LoadError> {
        let body = self.request("GET", "/demands", b"").await?;
        serde_json::from_slice(&body).map_err(|error| LoadError::Answer(error.to_string()))
    }

    /// Sets a demand, from now on unless it says when it began.
    ///
    /// # Errors
    /// The hub does not answer, or what was asked for cannot be meant.
    pub async fn set(&self, demand: &Demand) -> Result<(), LoadError> {
        let body = serde_json::to_vec(demand).map_err(|error| LoadError::Answer(error.to_string()))?;
        self.request("PUT", &path(&demand.namespace, &demand.name), &body).await.map(drop)
    }

    /// Ends a demand. Idempotent.
    ///
    /// # Errors
    /// The hub does not answer.
    pub async fn remove(&self, namespace: &str, name: &str) -> Result<(), LoadError> {
        self.request("DELETE", &path(namespace, name), b"").await.map(drop)
    }

    /// Ends every demand.
    ///
    /// # Errors
    /// The hub does not answer.
    pub async fn clear(&self) -> Result<(), LoadError> {
        self.request("DELETE", "/demands", b"").await.map(drop)
    }

    async fn request(&self, method: &str, path: &str, body: &[u8]) -> Result<Vec<u8>, LoadError> {
        let silent = |source| LoadError::Silent { port: self.port, source };
        let late = || silent(std::io::Error::from(std::io::ErrorKind::TimedOut));
        let answer = tokio::time::timeout(PATIENCE, self.exchange(method, path, body)).await.map_err(|_| late())?.map_err(silent)?;
        let split = answer.windows(4).position(|window| window == b"\r\n\r\n");
        let status = answer.get(9..12).and_then(|code| std::str::from_utf8(code).ok()).and_then(|code| code.parse::<u16>().ok());
        match (status, split) {
            (Some(200..300), Some(at)) => Ok(answer[at + 4..].to_vec()),
            (Some(status), Some(at)) => {
                Err(LoadError::Refused { status, message: String::from_utf8_lossy(&answer[at + 4..]).trim().to_owned() })
            }
            _ => Err(LoadError::Answer("it is no HTTP".into())),
        }
    }

    async fn exchange(&self, method: &str, path: &str, body: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await?;
        let password = BASE64_STANDARD.encode(format!("kubedrill:{}", self.secret));
        // HTTP/1.0: the answer ends where the connection does, and is never chunked.
        let head = format!(
            "{method} {path} HTTP/1.0\r\nHost: hub\r\nProxy-Authorization: Basic {password}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok(answer)
    }
}

fn path(namespace: &str, name: &str) -> String {
    format!("/demands/{namespace}/{name}")
}
