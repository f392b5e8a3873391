use std::{io, path::PathBuf};

/// Why the sandbox's programs could not be had, with the way out.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The folder of prebuilt programs lacks one.
    #[error("use the prebuilt programs of KUBEDRILL_SANDBOX_BIN: {}: {source}; unset it to build them", path.display())]
    Prebuilt {
        /// The missing program.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// No Go.
    #[error("build the sandbox: `{}` cannot be run ({source}); {}", go.display(), way_out(needed))]
    NoGo {
        /// What was tried.
        go: PathBuf,
        /// Why not.
        source: io::Error,
        /// The version that is needed.
        needed: String,
    },
    /// A Go that does not tell its version.
    #[error("build the sandbox: `{}` does not say its version: {answer}; {}", go.display(), way_out(needed))]
    OddGo {
        /// What was tried.
        go: PathBuf,
        /// What it said.
        answer: String,
        /// The version that is needed.
        needed: String,
    },
    /// An old Go.
    #[error("build the sandbox: `{}` is Go {found}; {}", go.display(), way_out(needed))]
    OldGo {
        /// What was tried.
        go: PathBuf,
        /// Its version.
        found: String,
        /// The version that is needed.
        needed: String,
    },
    /// Too little space to begin.
    #[error(
        "build {name}: it needs about {needed} GB in {}, where {free:.1} GB are free; free some space, move kubedrill's folders with \
         KUBEDRILL_HOME or Go's with GOCACHE and GOMODCACHE, or point KUBEDRILL_SANDBOX_BIN at a folder of prebuilt programs",
        path.display()
    )]
    NoSpace {
        /// What is built.
        name: String,
        /// Where.
        path: PathBuf,
        /// In GB.
        needed: u64,
        /// In GB.
        free: f64,
    },
    /// Go failed.
    #[error("build {name}: {reason}; the last lines of {}:\n{tail}\n{}", log.display(), hint(tail))]
    Failed {
        /// What is built.
        name: String,
        /// How it ended.
        reason: String,
        /// The build's log.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },
}

fn way_out(needed: &str) -> String {
    format!(
        "install Go {needed} or newer (https://go.dev/dl/) and put it first in PATH, or point KUBEDRILL_SANDBOX_BIN at a folder of prebuilt \
         programs"
    )
}

fn hint(tail: &str) -> &'static str {
    let any = |signs: &[&str]| signs.iter().any(|sign| tail.contains(sign));
    if any(&["no space left on device", "disk quota exceeded"]) {
        "the disk is full: free some space, or move kubedrill's folders with KUBEDRILL_HOME or Go's with GOCACHE and GOMODCACHE"
    } else if any(&["dial tcp", "no such host", "i/o timeout", "connection refused", "proxy", "TLS handshake"]) {
        "Go could not fetch a module: check the network and GOPROXY, or point KUBEDRILL_SANDBOX_BIN at a folder of prebuilt programs"
    } else {
        "the same command continues where it stopped; or point KUBEDRILL_SANDBOX_BIN at a folder of prebuilt programs"
    }
}
