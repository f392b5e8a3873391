//! The only place that speaks to Kubernetes: client, apply, discovery, waiting, and the snapshot that checks read.
//!
//! [`snapshot`] is plain data without a client in it, so that checks stay pure.

mod snapshot;

pub use snapshot::{KindId, KindState, Review, ReviewAnswer, Snapshot, SnapshotRequest, SnapshotSource};
