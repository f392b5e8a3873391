use std::time::Duration;

use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::{Demand, DemandState};
use crate::loopback;

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
        let password = format!("Basic {}", BASE64_STANDARD.encode(format!("kubedrill:{}", self.secret)));
        let headers = [("Proxy-Authorization", password.as_str()), ("Content-Type", "application/json")];
        let asking = async { loopback::ask(loopback::connect(self.port).await?, method, path, &headers, body).await };
        match tokio::time::timeout(PATIENCE, asking).await.map_err(|_| late())?.map_err(silent)? {
            Some((200..300, answer)) => Ok(answer),
            Some((status, answer)) => Err(LoadError::Refused { status, message: String::from_utf8_lossy(&answer).trim().to_owned() }),
            None => Err(LoadError::Answer("it is no HTTP".into())),
        }
    }
}

fn path(namespace: &str, name: &str) -> String {
    format!("/demands/{namespace}/{name}")
}
