use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ObjectRef;

/// What all NetworkPolicies together allow and deny.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Reach {
    /// Connections, each to be allowed or denied.
    pub rows: Vec<ReachRow>,
}

/// One connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReachRow {
    /// Who connects.
    pub from: ReachEnd,
    /// To whom.
    pub to: ReachEnd,
    /// The port of the target's pods (not of a Service before them).
    pub port: u16,
    /// The protocol.
    #[serde(default)]
    pub protocol: Protocol,
    /// Whether it must be allowed, or denied.
    pub allowed: bool,
}

/// One end of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum ReachEnd {
    /// The pods of these workloads, as their templates are now; each of them counts.
    Pods(ObjectRef),
    /// A pod that is only thought of.
    Like(PodShape),
    /// An address outside of the cluster.
    Address(String),
}

/// A pod that is only thought of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PodShape {
    /// Its labels.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Its namespace; need not exist.
    pub namespace: String,
    /// Labels of its namespace, besides those that it has.
    #[serde(default)]
    pub namespace_labels: BTreeMap<String, String>,
}

/// A transport protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Protocol {
    /// TCP.
    #[default]
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

impl Protocol {
    /// As objects name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Sctp => "SCTP",
        }
    }
}
