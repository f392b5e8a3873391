//! Pod Security's level `restricted`, as Kubernetes 1.36 judges it: `baseline`, and what hardening asks for besides.

use super::{
    Breach, baseline,
    baseline::in_contexts,
    pack::Rule,
    pod::{Container, Pod},
};
use crate::check::object;

const OWN: [Rule; 7] = [
    ("volume-types", volume_types),
    ("privilege-escalation", privilege_escalation),
    ("run-as-non-root", run_as_non_root),
    ("run-as-user", run_as_user),
    ("seccomp", seccomp),
    ("capabilities", capabilities),
    ("proc-mount", proc_mount),
];

/// Rules of `baseline` that a stricter one stands in for.
const REPLACED: [&str; 4] = ["host-path", "seccomp", "capabilities", "proc-mount"];

const VOLUMES: [&str; 9] =
    ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"];

pub(super) fn rules() -> impl Iterator<Item = &'static Rule> {
    baseline::RULES.iter().filter(|(rule, _)| !REPLACED.contains(rule)).chain(&OWN)
}

fn volume_types(pod: &Pod) -> Vec<Breach> {
    let kind = |volume: &serde_json::Value| {
        let fields = volume.as_object().into_iter().flatten();
        fields.filter(|(key, value)| *key != "name" && !value.is_null()).map(|(key, _)| key.clone()).next().unwrap_or_default()
    };
    let volumes = object::list(pod.template, "/spec/volumes").iter();
    let bad = volumes.map(|v| (object::text(v, "/name"), kind(v))).filter(|(_, kind)| !VOLUMES.contains(&kind.as_str()));
    bad.map(|(name, kind)| Breach::found(None, &format!("volumes[{name}]"), &kind.into())).collect()
}

/// What neither a container nor its pod says, or what either says wrongly.
fn demanded(pod: &Pod, field: &str, good: impl Fn(&serde_json::Value) -> bool) -> Vec<Breach> {
    let wrong = in_contexts(pod, field, |value| !good(value));
    if pod.spec(&format!("/securityContext{field}")).is_some_and(&good) {
        return wrong;
    }
    let name = format!("securityContext{}", field.replace('/', "."));
    let silent = pod.containers().filter(|c| c.own(field).is_none()).map(|c| Breach::missing(Some(c.name()), &name));
    wrong.into_iter().chain(silent).collect()
}

fn privilege_escalation(pod: &Pod) -> Vec<Breach> {
    if pod.is_windows() {
        return Vec::new();
    }
    let of = |c: Container<'_>| match c.own("/allowPrivilegeEscalation") {
        Some(value) if value == false => None,
        Some(value) => Some(Breach::found(Some(c.name()), "securityContext.allowPrivilegeEscalation", value)),
        None => Some(Breach::missing(Some(c.name()), "securityContext.allowPrivilegeEscalation")),
    };
    pod.containers().filter_map(of).collect()
}

fn run_as_non_root(pod: &Pod) -> Vec<Breach> {
    if pod.has_own_users() { Vec::new() } else { demanded(pod, "/runAsNonRoot", |value| value == true) }
}

fn run_as_user(pod: &Pod) -> Vec<Breach> {
    if pod.has_own_users() { Vec::new() } else { in_contexts(pod, "/runAsUser", |value| value == 0) }
}

fn seccomp(pod: &Pod) -> Vec<Breach> {
    if pod.is_windows() {
        return baseline::seccomp(pod);
    }
    demanded(pod, "/seccompProfile/type", |kind| kind == "RuntimeDefault" || kind == "Localhost")
}

fn capabilities(pod: &Pod) -> Vec<Breach> {
    if pod.is_windows() {
        return Vec::new();
    }
    let keeps = |c: &Container<'_>| !object::list(c.value, "/securityContext/capabilities/drop").iter().any(|name| name == "ALL");
    let kept = pod.containers().filter(keeps).map(|c| Breach::missing(Some(c.name()), "securityContext.capabilities.drop: ALL"));
    kept.chain(baseline::added(pod, &["NET_BIND_SERVICE"])).collect()
}

fn proc_mount(pod: &Pod) -> Vec<Breach> {
    baseline::in_containers(pod, "/procMount", |value| value != "Default")
}
