//! Whether Kubernetes can tell when a long-running container serves, and when it hangs.

use serde_json::Value;

use super::{
    Breach,
    pack::Rule,
    pod::{Container, Part, Pod},
};
use crate::check::object;

pub(super) const RULES: [Rule; 3] = [("readiness", readiness), ("liveness", liveness), ("probe-ports", probe_ports)];

/// An annotation by which a team says why a workload has no liveness probe.
pub(crate) const WAIVER: &str = "kubedrill.dev/no-liveness";

const PROBES: [&str; 3] = ["livenessProbe", "readinessProbe", "startupProbe"];

fn without(pod: &Pod, probe: &str) -> Vec<Breach> {
    if pod.ends() {
        return Vec::new();
    }
    let main = pod.containers().filter(|c| c.part == Part::Main && c.field(&format!("/{probe}")).is_none());
    main.map(|c| Breach::missing(Some(c.name()), probe)).collect()
}

fn readiness(pod: &Pod) -> Vec<Breach> {
    without(pod, "readinessProbe")
}

fn liveness(pod: &Pod) -> Vec<Breach> {
    let said = |object: &Value| object::pairs(object, "/metadata/annotations").any(|(key, why)| key == WAIVER && !why.trim().is_empty());
    if said(pod.workload) || said(pod.template) { Vec::new() } else { without(pod, "livenessProbe") }
}

/// A port by name leads nowhere when the container declares none of that name. A number may be undeclared and open all the same.
fn probe_ports(pod: &Pod) -> Vec<Breach> {
    let of = |c: Container<'_>| {
        let places = PROBES.iter().flat_map(|probe| ["httpGet", "tcpSocket"].map(|how| format!("/{probe}/{how}/port")));
        let named = places.filter_map(|place| Some((c.field(&place)?.as_str()?, place)));
        let declared = |name: &str| object::list(c.value, "/ports").iter().any(|port| object::text(port, "/name") == name);
        let lost = named.filter(|(name, _)| !declared(name));
        lost.map(|(name, place)| Breach::found(Some(c.name()), &place.trim_start_matches('/').replace('/', "."), &name.into()))
            .collect::<Vec<_>>()
    };
    pod.containers().flat_map(of).collect()
}

/// Containers that are restarted by the answer to the very question that decides whether they get requests, below the root of what
/// they serve: such an answer often depends on others.
pub(crate) fn shared_deep_probe(pod: &Pod) -> Vec<Breach> {
    let of = |c: Container<'_>| {
        let (liveness, readiness) = (c.field("/livenessProbe/httpGet")?, c.field("/readinessProbe/httpGet")?);
        let path = object::text(liveness, "/path");
        let deep = path.trim_matches('/').split('/').count() > 1;
        (deep && path == object::text(readiness, "/path") && liveness.get("port") == readiness.get("port"))
            .then(|| Breach::found(Some(c.name()), "livenessProbe.httpGet.path", &path.into()))
    };
    pod.containers().filter_map(of).collect()
}
