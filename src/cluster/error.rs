use std::{path::PathBuf, time::Duration};

use thiserror::Error;

/// Why the API server could not be asked, or what it answered instead.
#[derive(Debug, Error)]
pub enum ClusterError {
    /// The kubeconfig cannot be used.
    #[error("kubeconfig {path} cannot be used: {why}; start the environment again to have it written anew", path = .path.display())]
    Kubeconfig {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Nothing answers at the server's address.
    #[error("cannot {what}: {server} does not answer ({why}); `kubedrill status` shows which part is down, `kubedrill start` repairs it")]
    Unreachable {
        /// What was to be done.
        what: String,
        /// The API server's address.
        server: String,
        /// The connection's error.
        why: String,
    },
    /// The TLS handshake failed.
    #[error(
        "cannot {what}: no trusted connection to {server} ({why}); the kubeconfig belongs to another cluster, or its certificates are out of date"
    )]
    Tls {
        /// What was to be done.
        what: String,
        /// The API server's address.
        server: String,
        /// The handshake's error.
        why: String,
    },
    /// The server does not know who asks.
    #[error(
        "cannot {what}: {server} does not accept the kubeconfig's credentials (401); start the environment again to have them written anew"
    )]
    Unauthorized {
        /// What was to be done.
        what: String,
        /// The API server's address.
        server: String,
    },
    /// Refused by RBAC or by admission.
    #[error("cannot {what}: not allowed (403): {message}")]
    Forbidden {
        /// What was to be done.
        what: String,
        /// The server's words.
        message: String,
    },
    /// There is no such object or path.
    #[error("cannot {what}: not found (404): {message}")]
    NotFound {
        /// What was to be done.
        what: String,
        /// The server's words.
        message: String,
    },
    /// Somebody else changed it meanwhile, or it is already there.
    #[error("cannot {what}: conflict (409): {message}")]
    Conflict {
        /// What was to be done.
        what: String,
        /// The server's words.
        message: String,
    },
    /// The resource version is too old to go on from.
    #[error("cannot {what}: the version asked for is gone (410): {message}")]
    Expired {
        /// What was to be done.
        what: String,
        /// The server's words.
        message: String,
    },
    /// The server refuses the object itself.
    #[error("cannot {what}: rejected ({code}): {message}")]
    Rejected {
        /// What was to be done.
        what: String,
        /// The HTTP status.
        code: u16,
        /// The server's words.
        message: String,
    },
    /// The server is overloaded, starting, or broken.
    #[error("cannot {what}: the API server is in trouble ({code}): {message}; try again, and see its log if it stays so")]
    Server {
        /// What was to be done.
        what: String,
        /// The HTTP status.
        code: u16,
        /// The server's words.
        message: String,
    },
    /// No answer in time.
    #[error("cannot {what}: no answer within {}s; `kubedrill status` shows which part hangs", .after.as_secs())]
    Timeout {
        /// What was to be done.
        what: String,
        /// How long was waited.
        after: Duration,
    },
    /// The answer cannot be read.
    #[error("cannot {what}: the answer cannot be read: {why}")]
    Answer {
        /// What was to be done.
        what: String,
        /// Why.
        why: String,
    },
    /// It lies outside of what is ours in somebody else's cluster.
    #[error("will not {what}: {why}; nothing was sent")]
    Trespass {
        /// What was to be done.
        what: String,
        /// Why not.
        why: String,
    },
    /// The API server does not serve this kind.
    #[error("cannot {what}: the API server does not serve {kind}; its CustomResourceDefinition or add-on is missing")]
    UnknownKind {
        /// What was to be done.
        what: String,
        /// The kind as written.
        kind: String,
    },
    /// A state did not come in time.
    #[error("{what} did not happen within {}s: {last}", .after.as_secs())]
    NotYet {
        /// What was waited for.
        what: String,
        /// How long.
        after: Duration,
        /// What was seen last.
        last: String,
    },
}

impl ClusterError {
    /// Whether the same call may succeed later without a change by anybody.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Server { .. } | Self::Timeout { .. } | Self::Expired { .. })
    }

    /// The server does not know us, or we do not know the server.
    #[must_use]
    pub fn is_connection(&self) -> bool {
        matches!(self, Self::Kubeconfig { .. } | Self::Tls { .. } | Self::Unauthorized { .. } | Self::Answer { .. })
    }

    /// Refused by RBAC or by admission.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        matches!(self, Self::Forbidden { .. })
    }

    /// There is no such object.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }

    /// Changed meanwhile, or already there.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict { .. })
    }

    /// The object itself is refused: an immutable field, a value out of bounds.
    #[must_use]
    pub fn is_rejected(&self) -> bool {
        matches!(self, Self::Rejected { .. })
    }

    pub(super) fn from_kube(error: kube::Error, what: String, server: &str) -> Self {
        let server = server.to_owned();
        match error {
            kube::Error::Api(status) => Self::from_status(*status, what, server),
            kube::Error::SerdeError(e) => Self::Answer { what, why: e.to_string() },
            kube::Error::FromUtf8(e) => Self::Answer { what, why: e.to_string() },
            other => {
                let why = innermost(&other);
                if is_tls(&other, &why) { Self::Tls { what, server, why } } else { Self::Unreachable { what, server, why } }
            }
        }
    }

    pub(super) fn from_status(status: kube::core::Status, what: String, server: String) -> Self {
        let message = if status.message.is_empty() { status.reason } else { status.message };
        match status.code {
            401 => Self::Unauthorized { what, server },
            403 => Self::Forbidden { what, message },
            404 => Self::NotFound { what, message },
            409 => Self::Conflict { what, message },
            410 => Self::Expired { what, message },
            code @ (429 | 500..) => Self::Server { what, code, message },
            code => Self::Rejected { what, code, message },
        }
    }
}

fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut current = error;
    while let Some(source) = current.source() {
        current = source;
    }
    current.to_string()
}

fn is_tls(error: &(dyn std::error::Error + 'static), why: &str) -> bool {
    let mut current = Some(error);
    while let Some(e) = current {
        if e.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == std::io::ErrorKind::InvalidData) {
            return true;
        }
        current = e.source();
    }
    ["certificate", "fatal alert", "tls", "InvalidContentType"].iter().any(|word| why.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(code: u16) -> ClusterError {
        let status = kube::core::Status::failure("no", "Reason").with_code(code);
        ClusterError::from_kube(kube::Error::Api(status.boxed()), "read Pod a".into(), "https://127.0.0.1:1")
    }

    #[test]
    fn status_codes_keep_their_meaning() {
        assert!(status(403).is_forbidden());
        assert!(status(404).is_not_found());
        assert!(status(409).is_conflict());
        assert!(status(422).is_rejected());
        for transient in [410, 429, 500, 503] {
            assert!(status(transient).is_transient(), "{transient}");
        }
        for permanent in [400, 401, 403, 404, 422] {
            assert!(!status(permanent).is_transient(), "{permanent}");
        }
    }

    #[test]
    fn a_refused_connection_names_the_server_and_the_way_out() {
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let error = ClusterError::from_kube(kube::Error::Service(refused.into()), "read Pod a".into(), "https://127.0.0.1:1");
        assert!(error.is_transient());
        let text = error.to_string();
        assert!(text.contains("https://127.0.0.1:1") && text.contains("connection refused") && text.contains("kubedrill start"), "{text}");
    }

    #[test]
    fn a_foreign_certificate_is_not_a_dead_server() {
        let bad = std::io::Error::new(std::io::ErrorKind::InvalidData, "invalid peer certificate: UnknownIssuer");
        let error = ClusterError::from_kube(kube::Error::Service(bad.into()), "read Pod a".into(), "https://127.0.0.1:1");
        assert!(matches!(error, ClusterError::Tls { .. }) && !error.is_transient());
    }
}
