use serde::{Deserialize, Serialize};

use super::ObjectRef;

/// Every container of these workloads is, in effect, as a pack of rules wants it: the pod's and the container's own settings together,
/// init containers and sidecars included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Posture {
    /// The workloads: whatever has a template for pods, or pods.
    pub on: ObjectRef,
    /// The rules.
    pub pack: PosturePack,
    /// For the pack `labels`: the keys that the workload and its pods must carry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
}

/// A pack of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PosturePack {
    /// Pod Security's `baseline`: nothing that is known to lead out of a container.
    Baseline,
    /// Pod Security's `restricted`: hardened.
    Restricted,
    /// Readiness and liveness probes, on ports that there are.
    Probes,
    /// Images with a tag other than `latest`, or a digest.
    Images,
    /// The labels that the check names.
    Labels,
}
