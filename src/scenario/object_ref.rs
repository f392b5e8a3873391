use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Points at one or more objects of the cluster: by name, by labels, or by the alias of a baseline subject.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ObjectRef {
    /// The kind, for example `Deployment`; `Kind.group` where two groups share one, for example `Prometheus.monitoring.coreos.com`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The namespace. Left out: the scenario's first namespace; ignored for cluster-scoped kinds. `*` means all namespaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The object's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Labels that the object must carry.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// The alias of a baseline subject, in place of the fields above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
}

impl ObjectRef {
    /// The kind without its group: `Prometheus` of `Prometheus.monitoring.coreos.com`.
    #[must_use]
    pub fn bare_kind(&self) -> Option<&str> {
        self.kind.as_deref().map(|k| k.split('.').next().unwrap_or(k))
    }
}
