use crate::territory::SYSTEM_NAMESPACE;

/// Namespaces of the cluster's own, and of kubedrill's.
const SYSTEM: [&str; 4] = ["kube-system", "kube-public", "kube-node-lease", SYSTEM_NAMESPACE];

/// Which namespaces an audit is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Only these; every one when empty.
    pub named: Vec<String>,
    /// Those of the cluster itself, too.
    pub all: bool,
}

impl Scope {
    /// Whether a namespace belongs to it.
    #[must_use]
    pub fn holds(&self, namespace: &str) -> bool {
        if self.named.is_empty() { self.all || !SYSTEM.contains(&namespace) } else { self.named.iter().any(|named| named == namespace) }
    }

    /// The namespaces that are left out although none was named.
    #[must_use]
    pub fn left_out(&self) -> Vec<String> {
        if self.named.is_empty() && !self.all { SYSTEM.map(str::to_owned).to_vec() } else { Vec::new() }
    }

    /// It is about the cluster as a whole: its nodes and its control plane belong to it.
    #[must_use]
    pub fn is_cluster(&self) -> bool {
        self.named.is_empty()
    }
}
