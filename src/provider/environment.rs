use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use super::{Capability, ProviderName};
use crate::{territory::Territory, text::Text};

/// The add-on that brings resource metrics.
pub const METRICS_SERVER: &str = "metrics-server";
/// The add-on that brings custom and external metrics of the load.
pub const CUSTOM_METRICS: &str = "custom-metrics";

/// What a scenario asks of its environment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EnvironmentRequest {
    /// The environment's name: `default`, unless several run side by side.
    pub name: String,
    /// Worker nodes at least; the provider chooses when a scenario does not say.
    pub workers: Option<u32>,
    /// Add-ons that must run.
    pub addons: Vec<String>,
    /// The scenario's namespaces, by their true names.
    pub namespaces: Vec<String>,
    /// What the scenario's stage is made of, where a provider must know it before it begins.
    pub manifests: Vec<Value>,
}

/// A usable cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// Its provider's name.
    pub provider: ProviderName,
    /// kubedrill's own access: may do everything that the provider may.
    pub admin_kubeconfig: PathBuf,
    /// The learner's access.
    pub learner_kubeconfig: PathBuf,
    /// What of the cluster is ours.
    pub territory: Territory,
    /// The user name that the learner's access has in the cluster.
    pub learner_user: String,
    /// A kubectl that fits the server, when the provider brings one: program and first arguments.
    pub kubectl: Option<Vec<String>>,
    /// What it can do.
    pub capabilities: Vec<Capability>,
}

/// Whether an environment may be called so: its name is that of a folder, and part of other names.
pub(super) fn can_name(name: &str, longest: usize) -> bool {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && name.len() <= longest && !name.starts_with('-') && name.bytes().all(good)
}

impl Environment {
    /// Containers and network are real: what they answer is measured, not computed.
    #[must_use]
    pub fn is_real(&self) -> bool {
        self.capabilities.contains(&Capability::Containers) && self.capabilities.contains(&Capability::Network)
    }

    /// The folder of the environment's own files on this machine.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.admin_kubeconfig.parent().unwrap_or_else(|| Path::new("/"))
    }
}

/// How an environment is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentStatus {
    /// Its name.
    pub name: String,
    /// Every part runs and answers.
    pub usable: bool,
    /// Why it is not and what to do, when the next command does not repair it by itself.
    pub problem: Option<Text>,
    /// Its parts.
    pub parts: Vec<PartStatus>,
    /// Anonymous memory of all parts, in bytes; 0 when it cannot be told.
    pub memory_bytes: u64,
    /// The highest that a part's memory has been, summed over the parts, in bytes; 0 when it cannot be told.
    pub peak_memory_bytes: u64,
}

/// One part of an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PartStatus {
    /// Its name, for example `kube-apiserver` or `worker-1`.
    pub name: String,
    /// It runs.
    pub running: bool,
    /// Its process.
    pub pid: Option<u32>,
    /// Its anonymous memory, in bytes.
    pub memory_bytes: u64,
    /// Its log, when it has a file of its own.
    pub log: Option<PathBuf>,
}
