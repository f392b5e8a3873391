//! What a provider can do for a scenario. Both name capabilities, and neither knows the other.

use std::{fmt, str::FromStr};

/// What a provider truly does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capability {
    /// The Kubernetes API.
    Api,
    /// Nodes with a kubelet: pods start, crash and restart.
    Nodes,
    /// Containers are real.
    Containers,
    /// Packets really flow.
    Network,
    /// NetworkPolicies are enforced on real packets.
    NetworkPolicyEnforced,
    /// Services of type LoadBalancer get an address.
    LoadBalancer,
    /// Resource metrics.
    Metrics,
    /// Demand can be driven.
    Load,
    /// Parts of the control plane can be stopped.
    Components,
    /// Everything in the cluster may be changed.
    ClusterAdmin,
}

impl Capability {
    /// Every capability.
    pub const ALL: [Self; 10] = [
        Self::Api,
        Self::Nodes,
        Self::Containers,
        Self::Network,
        Self::NetworkPolicyEnforced,
        Self::LoadBalancer,
        Self::Metrics,
        Self::Load,
        Self::Components,
        Self::ClusterAdmin,
    ];

    /// The name that scenarios use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Nodes => "nodes",
            Self::Containers => "containers",
            Self::Network => "network",
            Self::NetworkPolicyEnforced => "network-policy-enforced",
            Self::LoadBalancer => "load-balancer",
            Self::Metrics => "metrics",
            Self::Load => "load",
            Self::Components => "components",
            Self::ClusterAdmin => "cluster-admin",
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Capability {
    type Err = String;
    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|c| c.name() == name).ok_or_else(|| format!("`{name}` is not a capability"))
    }
}
