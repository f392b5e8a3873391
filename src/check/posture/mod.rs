//! What a pod's containers effectively are, held against packs of rules: the pod's and the container's own security context
//! together, init containers and sidecars included.
//!
//! Pure: one workload in, breaches out.

mod baseline;
mod breach;
mod images;
mod labels;
mod pack;
mod pod;
mod probes;
mod restricted;

pub(crate) use breach::Breach;
pub(crate) use pack::{Judged, judge};
