//! What a pod's containers effectively are, held against packs of rules: the pod's and the container's own security context
//! together, init containers and sidecars included.
//!
//! Pure: one workload in, breaches out. The check `posture` and the audit both ask here; neither is known here.

mod baseline;
mod breach;
mod images;
mod labels;
mod pack;
mod pod;
mod probes;
mod resources;
mod restricted;

pub(crate) use breach::Breach;
pub(crate) use images::{is_retired, references};
pub(crate) use pack::{Judged, judge};
pub(crate) use pod::{Part, Pod};
pub(crate) use probes::{WAIVER, shared_deep_probe};
pub(crate) use resources::{is_set, judge as resources};
