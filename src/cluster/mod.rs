//! The only place that speaks to Kubernetes: client, discovery, reading, changing, waiting, and the snapshot that checks read.
//!
//! [`Snapshot`] is plain data without a client in it, so that checks stay pure. Knows nothing of scenarios beyond the words
//! of its actions and checks that it carries out.

mod bounds;
mod calls;
mod client;
mod connect;
mod discovery;
mod dry_run;
mod error;
mod follow;
mod kind_id;
mod kubeconfig;
mod live;
mod own_rights;
mod plane;
mod read;
mod review;
mod service;
mod snapshot;
mod unstructured;
mod wait;
mod write;

pub use client::Cluster;
pub use discovery::ServedKind;
pub use error::ClusterError;
pub use kubeconfig::{ContextCopy, ContextError, copy_context, with_token};
pub use own_rights::{OwnRights, Token};
pub use plane::Plane;
pub use read::{Freshness, Listed, Narrow};
pub use service::ServicePort;
pub use snapshot::{
    KindId, KindState, LiveAnswer, LiveQuestion, LiveQuestions, ReaderQuestions, Review, ReviewAnswer, Snapshot, SnapshotRequest,
    SnapshotSource,
};
pub use wait::Scope;
pub use write::{DeleteOptions, Propagation};

/// Owns the fields that kubedrill sets.
pub const FIELD_MANAGER: &str = "kubedrill.dev";
/// Owns the fields that are set in the learner's name.
pub const LEARNER_FIELD_MANAGER: &str = "learner";
