//! Pod Security's level `baseline`, as Kubernetes 1.36 judges it: nothing that is known to lead out of a container.

use super::{
    Breach,
    pack::Rule,
    pod::{Container, Pod},
};
use crate::check::object;

/// The rules. Those named in [`super::restricted`] give way there to stricter ones.
pub(super) const RULES: [Rule; 12] = [
    ("host-namespaces", host_namespaces),
    ("privileged", privileged),
    ("capabilities", capabilities),
    ("host-path", host_path),
    ("host-ports", host_ports),
    ("host-probes", host_probes),
    ("app-armor", app_armor),
    ("se-linux", se_linux),
    ("proc-mount", proc_mount),
    ("seccomp", seccomp),
    ("sysctls", sysctls),
    ("windows-host-process", windows_host_process),
];

const CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

const SYSCTLS: [&str; 12] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];

const SE_LINUX_TYPES: [&str; 5] = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

/// A field of security contexts, of the pod's and of each container's, where it says something bad.
pub(super) fn in_contexts(pod: &Pod, field: &str, bad: impl Fn(&serde_json::Value) -> bool) -> Vec<Breach> {
    let name = format!("securityContext{}", field.replace('/', "."));
    let of_pod = pod.spec(&format!("/securityContext{field}")).filter(|value| bad(value)).map(|value| Breach::found(None, &name, value));
    let of_containers = pod.containers().filter_map(|c| c.own(field).filter(|v| bad(v)).map(|v| Breach::found(Some(c.name()), &name, v)));
    of_pod.into_iter().chain(of_containers).collect()
}

/// A field of containers' own security contexts, where it says something bad.
pub(super) fn in_containers(pod: &Pod, field: &str, bad: impl Fn(&serde_json::Value) -> bool) -> Vec<Breach> {
    in_contexts(pod, field, bad).into_iter().filter(|breach| breach.container.is_some()).collect()
}

/// Capabilities that are added and not among those allowed.
pub(super) fn added(pod: &Pod, allowed: &[&str]) -> Vec<Breach> {
    let of = |c: Container<'_>| {
        let added = object::list(c.value, "/securityContext/capabilities/add");
        let bad = added.iter().filter(|name| name.as_str().is_none_or(|name| !allowed.contains(&name)));
        bad.map(|name| Breach::found(Some(c.name()), "securityContext.capabilities.add", name)).collect::<Vec<_>>()
    };
    pod.containers().flat_map(of).collect()
}

fn host_namespaces(pod: &Pod) -> Vec<Breach> {
    let shared =
        ["hostNetwork", "hostPID", "hostIPC"].into_iter().filter(|field| pod.spec(&format!("/{field}")).is_some_and(|v| v == true));
    shared.map(|field| Breach::found(None, field, &true.into())).collect()
}

fn privileged(pod: &Pod) -> Vec<Breach> {
    in_containers(pod, "/privileged", |value| value == true)
}

fn capabilities(pod: &Pod) -> Vec<Breach> {
    added(pod, &CAPABILITIES)
}

fn host_path(pod: &Pod) -> Vec<Breach> {
    let volumes = object::list(pod.template, "/spec/volumes").iter();
    volumes
        .filter_map(|v| {
            v.pointer("/hostPath/path").map(|path| Breach::found(None, &format!("volumes[{}].hostPath", object::text(v, "/name")), path))
        })
        .collect()
}

fn host_ports(pod: &Pod) -> Vec<Breach> {
    let of = |c: Container<'_>| {
        let ports = object::list(c.value, "/ports").iter().filter_map(|port| port.get("hostPort"));
        ports
            .filter(|port| port.as_i64().is_some_and(|n| n != 0))
            .map(|port| Breach::found(Some(c.name()), "ports.hostPort", port))
            .collect::<Vec<_>>()
    };
    pod.containers().flat_map(of).collect()
}

fn host_probes(pod: &Pod) -> Vec<Breach> {
    const HANDLERS: [&str; 5] = ["/livenessProbe", "/readinessProbe", "/startupProbe", "/lifecycle/postStart", "/lifecycle/preStop"];
    let of = |c: Container<'_>| {
        let places = HANDLERS.iter().flat_map(|handler| ["httpGet", "tcpSocket"].map(|how| format!("{handler}/{how}/host")));
        let found = places.filter_map(|place| Some((c.field(&place).filter(|host| host.as_str() != Some(""))?, place)));
        found
            .map(|(host, place)| Breach::found(Some(c.name()), place.trim_start_matches('/').replace('/', ".").as_str(), host))
            .collect::<Vec<_>>()
    };
    pod.containers().flat_map(of).collect()
}

fn app_armor(pod: &Pod) -> Vec<Breach> {
    const ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";
    let mut found = in_contexts(pod, "/appArmorProfile/type", |kind| kind != "RuntimeDefault" && kind != "Localhost");
    let annotations = object::pairs(pod.template, "/metadata/annotations").filter(|(key, _)| key.starts_with(ANNOTATION));
    let bad = annotations.filter(|(_, profile)| !profile.is_empty() && *profile != "runtime/default" && !profile.starts_with("localhost/"));
    found.extend(bad.map(|(key, profile)| Breach::found(None, &format!("annotations.{key}"), &profile.into())));
    found
}

fn se_linux(pod: &Pod) -> Vec<Breach> {
    let mut found = in_contexts(pod, "/seLinuxOptions/type", |kind| kind.as_str().is_none_or(|kind| !SE_LINUX_TYPES.contains(&kind)));
    for field in ["/seLinuxOptions/user", "/seLinuxOptions/role"] {
        found.extend(in_contexts(pod, field, |value| value.as_str() != Some("")));
    }
    found
}

fn proc_mount(pod: &Pod) -> Vec<Breach> {
    if pod.has_own_users() {
        return Vec::new();
    }
    in_containers(pod, "/procMount", |value| value != "Default")
}

pub(super) fn seccomp(pod: &Pod) -> Vec<Breach> {
    in_contexts(pod, "/seccompProfile/type", |kind| kind != "RuntimeDefault" && kind != "Localhost")
}

fn sysctls(pod: &Pod) -> Vec<Breach> {
    let set = object::list(pod.template, "/spec/securityContext/sysctls").iter().filter_map(|sysctl| sysctl.get("name"));
    let bad = set.filter(|name| name.as_str().is_none_or(|name| !SYSCTLS.contains(&name)));
    bad.map(|name| Breach::found(None, "securityContext.sysctls", name)).collect()
}

fn windows_host_process(pod: &Pod) -> Vec<Breach> {
    in_contexts(pod, "/windowsOptions/hostProcess", |value| value == true)
}
