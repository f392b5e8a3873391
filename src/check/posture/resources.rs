//! Whether the scheduler knows what a container needs, and the node what it may take.

use serde_json::Value;

use super::{
    Breach,
    pod::{Container, Part, Pod},
};
use crate::check::object;

/// A request for CPU and memory, and a limit of memory, as containers have them once admitted: a limit is a request where there is none,
/// a LimitRange of the namespace fills in the rest, and what is said for the whole pod counts for each of its containers.
pub(crate) fn judge(pod: &Pod, limit_ranges: &[&Value]) -> Vec<Breach> {
    let wanted = [("requests", "cpu"), ("requests", "memory"), ("limits", "memory")];
    let lacking = |c: Container<'_>| {
        let lacks = wanted.into_iter().filter(move |(part, what)| !is_set(pod, &c, limit_ranges, part, what));
        lacks.map(|(part, what)| Breach::missing(Some(c.name()), &format!("resources.{part}.{what}"))).collect::<Vec<_>>()
    };
    // What is put in by hand can have no resources of its own.
    pod.containers().filter(|c| c.part != Part::Ephemeral).flat_map(lacking).collect()
}

/// Whether one of them is set in effect.
pub(crate) fn is_set(pod: &Pod, c: &Container<'_>, limit_ranges: &[&Value], part: &str, what: &str) -> bool {
    let of_pod = |part: &str| pod.spec(&format!("/resources/{part}/{what}")).is_some();
    let own = |part: &str| c.field(&format!("/resources/{part}/{what}")).is_some();
    let by_default = |field: &str| {
        let limits = limit_ranges.iter().flat_map(|range| object::list(range, "/spec/limits"));
        limits.filter(|limit| object::text(limit, "/type") == "Container").any(|limit| limit.pointer(&format!("/{field}/{what}")).is_some())
    };
    let limited = own("limits") || of_pod("limits") || by_default("default");
    match part {
        "limits" => limited,
        _ => own("requests") || of_pod("requests") || by_default("defaultRequest") || limited,
    }
}
