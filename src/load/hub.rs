use std::{fmt, io, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use futures::future::BoxFuture;

use super::Carrier;
use crate::loopback;

const PATIENCE: Duration = Duration::from_secs(5);

/// The hub of a sandbox, on a port of the loopback address.
#[derive(Clone)]
pub struct Hub {
    port: u16,
    secret: String,
}

impl Hub {
    /// The hub on this port, with its password.
    #[must_use]
    pub fn new(port: u16, secret: String) -> Self {
        Self { port, secret }
    }

    async fn ask(&self, method: &str, path: &str, body: &[u8]) -> io::Result<Option<(u16, Vec<u8>)>> {
        let password = format!("Basic {}", BASE64_STANDARD.encode(format!("kubedrill:{}", self.secret)));
        let headers = [("Proxy-Authorization", password.as_str()), ("Content-Type", "application/json")];
        loopback::ask(loopback::connect(self.port).await?, method, path, &headers, body).await
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hub(127.0.0.1:{})", self.port)
    }
}

impl Carrier for Hub {
    fn carry<'a>(&'a self, method: &'a str, path: &'a str, body: Vec<u8>) -> BoxFuture<'a, Result<(u16, Vec<u8>), String>> {
        Box::pin(async move {
            let silent = |why: &dyn fmt::Display| format!("the hub on 127.0.0.1:{}: {why}", self.port);
            let asked = tokio::time::timeout(PATIENCE, self.ask(method, path, &body)).await;
            let answer = asked.map_err(|_| silent(&io::Error::from(io::ErrorKind::TimedOut)))?.map_err(|error| silent(&error))?;
            answer.ok_or_else(|| silent(&"its answer is no HTTP"))
        })
    }
}
