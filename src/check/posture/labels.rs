//! Whether objects can be told apart and found by what they say about themselves.

use super::{Breach, pod::Pod};
use crate::check::object;

pub(super) const RULE: &str = "labels";

/// Labels that the workload or its pods lack.
pub(crate) fn judge(pod: &Pod, keys: &[String]) -> Vec<Breach> {
    let lacks = |object: &serde_json::Value, key: &str| object::label(object, key).is_none_or(str::is_empty);
    let of_workload =
        keys.iter().filter(|key| lacks(pod.workload, key)).map(|key| Breach::missing(None, &format!("metadata.labels.{key}")));
    let own = std::ptr::eq(pod.workload, pod.template);
    let of_pods = keys.iter().filter(|key| !own && lacks(pod.template, key));
    of_workload.chain(of_pods.map(|key| Breach::missing(None, &format!("template.metadata.labels.{key}")))).collect()
}
