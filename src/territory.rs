//! Which part of a cluster is ours to read, change and take down. Providers and provisioning both name it, and neither knows the
//! other.

/// The part of a cluster that an attempt may work in. Outside of it nothing is listed, compared, changed or deleted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Territory {
    /// The whole cluster: nobody else is in it.
    #[default]
    WholeCluster,
    /// Some namespaces of somebody else's cluster. They are there already, and stay when an attempt ends.
    Namespaces(Holding),
}

/// The namespaces of one learner in a cluster that belongs to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// Holds kubedrill's own objects; the learner cannot write here.
    pub home: String,
    /// The scenario's namespaces, by their true names.
    pub namespaces: Vec<String>,
}

/// The home of kubedrill's own objects in a cluster that is ours alone.
pub const SYSTEM_NAMESPACE: &str = "kubedrill-system";

impl Territory {
    /// The namespace of kubedrill's own objects: the marker, and what was there before.
    #[must_use]
    pub fn home(&self) -> &str {
        match self {
            Self::WholeCluster => SYSTEM_NAMESPACE,
            Self::Namespaces(holding) => &holding.home,
        }
    }

    /// The namespaces, where they alone are ours.
    #[must_use]
    pub fn holding(&self) -> Option<&Holding> {
        match self {
            Self::WholeCluster => None,
            Self::Namespaces(holding) => Some(holding),
        }
    }
}
