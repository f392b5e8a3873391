use std::{path::PathBuf, time::Duration};

use thiserror::Error;

use crate::cluster::ClusterError;

/// Why an attempt could not be provisioned, reset or taken down.
#[derive(Debug, Error)]
pub enum ProvisionError {
    /// The cluster could not be asked, or refused.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// A manifest cannot be used.
    #[error("{place}: {file} cannot be used: {message}; `kubedrill lint` says more", file = .file.display())]
    Manifest {
        /// The action.
        place: String,
        /// The file or folder.
        file: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// An action failed.
    #[error("{place}: {source}")]
    Action {
        /// The action, with its object and file.
        place: String,
        /// What the cluster said.
        source: ClusterError,
    },
    /// An action points at nothing.
    #[error("{place}: {why}")]
    Target {
        /// The action.
        place: String,
        /// What is missing.
        why: String,
    },
    /// RBAC does not let the learner do this.
    #[error("{place}: the learner may not do this: {message}")]
    Refused {
        /// The action, with its object and file.
        place: String,
        /// The authorizer's words, with the verb and the resource.
        message: String,
    },
    /// A part of the control plane could not be stopped or started.
    #[error("{place}: {message}")]
    Component {
        /// The action.
        place: String,
        /// The provider's words.
        message: String,
    },
    /// The healthy world does not become healthy.
    #[error("not healthy within {}s: {}", .after.as_secs(), .missing.join("; "))]
    Unhealthy {
        /// How long was waited.
        after: Duration,
        /// What each object lacks.
        missing: Vec<String>,
    },
    /// A baseline subject is not there, or there are several.
    #[error("the baseline `{alias}` must be exactly one object, and {found}; a guard over it would never fire")]
    Baseline {
        /// The subject's alias.
        alias: String,
        /// What was found instead.
        found: String,
    },
    /// The fault does not bite here.
    #[error("the fault does not bite: after {}s these objectives still do not fail: {}", .after.as_secs(), .checks.join("; "))]
    StillPasses {
        /// How long was waited.
        after: Duration,
        /// The objectives with their verdicts.
        checks: Vec<String>,
    },
    /// The cluster is not the one that the attempt was started in.
    #[error(
        "this is not the cluster of the attempt: {why}; nothing was read or changed. Stop the attempt, or point kubedrill at its own cluster"
    )]
    WrongCluster {
        /// What differs.
        why: String,
    },
    /// What an attempt left does not go away.
    #[error("these objects do not go away: {}; see what holds them (finalizers, an operator), then run the command again", .left.join("; "))]
    Left {
        /// The objects.
        left: Vec<String>,
    },
    /// A namespace that the scenario needs belongs to somebody else.
    #[error(
        "the namespace {namespace} is there already and is not kubedrill's; delete it yourself, or use an environment of kubedrill's own"
    )]
    NotOurs {
        /// The namespace.
        namespace: String,
    },
}

impl ProvisionError {
    /// Whether the cluster or the machine is at fault rather than what was to be done.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        match self {
            Self::Cluster(source) | Self::Action { source, .. } => source.is_transient() || source.is_connection(),
            Self::Component { .. } | Self::WrongCluster { .. } | Self::Left { .. } => true,
            _ => false,
        }
    }
}
