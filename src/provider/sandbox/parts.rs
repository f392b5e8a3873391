//! The programs of a sandbox, with every flag.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use super::{
    addons::{AddonProgram, InstalledAddon, Values, proxy},
    desired::Desired,
    folder::Folder,
    nodes::{folder_name, nodes},
};
use crate::provider::CUSTOM_METRICS;

/// A program of the sandbox.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// What must be there before it is started.
    pub needs: Needs,
    /// The program.
    pub program: PathBuf,
    /// Its arguments. Some name the environment's folder by its absolute path, which is how leftovers are found.
    pub args: Vec<OsString>,
    /// Its whole environment.
    pub env: Vec<(String, OsString)>,
}

/// What must be there before a part is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: what needs the API server waits for it by itself, loaded and ready.
    Nothing,
    /// The nodes are ready.
    Nodes,
    /// What the add-on of this name needs in the cluster is there: operators look for their definitions once.
    Addon(String),
}

/// The parts of a control plane.
const COMPONENTS: [&str; 4] = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"];

/// The parts that a scenario may stop and start by themselves: those of the control plane, and the workers.
pub fn components(desired: &Desired) -> Vec<String> {
    let workers = nodes(desired.workers).into_iter().filter(|node| node.role.is_none()).map(|node| node.name);
    COMPONENTS.map(str::to_owned).into_iter().chain(workers).collect()
}

/// The names of all ports that an environment uses.
pub fn port_names(desired: &Desired) -> Vec<String> {
    let fixed =
        ["etcd", "etcd-peer", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "hub", "metrics-server", CUSTOM_METRICS]
            .map(str::to_owned);
    let nodes = nodes(desired.workers).into_iter().map(|node| node.name);
    let addons = desired.addons.values().flat_map(|installed| installed.addon.ports());
    fixed.into_iter().chain(nodes).chain(addons).collect()
}

/// Control plane, hub, nodes, metrics-server and add-ons, in the order of their start. The reverse is the order of their end: an
/// API server whose etcd went first hangs and keeps its port.
pub fn parts(folder: &Folder, desired: &Desired) -> Vec<Part> {
    let make = Maker { folder, desired };
    let mut parts = vec![make.etcd(), make.apiserver(), make.controller_manager(), make.scheduler(), make.hub()];
    parts.extend(nodes(desired.workers).iter().map(|node| make.node(node)));
    parts.push(make.metrics_server());
    if desired.custom_metrics {
        parts.push(make.custom_metrics());
    }
    parts.extend(desired.addons.values().flat_map(|addon| make.addon(addon)));
    parts.into_iter().map(on_few_cores).collect()
}

/// A program's command line belongs to a part of some environment; people's own tools that look into an environment's
/// folder do not.
pub fn is_part(args: &[String]) -> bool {
    let program = args.first().and_then(|program| Path::new(program).file_name()).and_then(|name| name.to_str());
    let first = args.get(1).map_or("", String::as_str);
    match program {
        Some("control-plane") => COMPONENTS.contains(&first) || matches!(first, "metrics-server" | CUSTOM_METRICS),
        Some("node") => matches!(first, "hub" | "kubelet"),
        // An add-on's arguments are its own, but its program lies where we built it.
        _ => args.iter().any(|arg| arg == "supervise") || args.first().is_some_and(|program| is_addon(Path::new(program))),
    }
}

/// Collects garbage more often than by default (100): the figures are in docs/sandbox.md.
fn with_small_heap(mut part: Part, percent: &str) -> Part {
    part.env.push(("GOGC".into(), percent.into()));
    part
}

/// Nearly all that an idle sandbox costs is Go's scheduler, which wakes threads that then find nothing to do; with one thread of Go
/// code a part has nobody to wake. Only the API server has work for more, and gets half of the machine.
fn on_few_cores(mut part: Part) -> Part {
    let half = std::thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).max(1));
    let threads = if part.name == "kube-apiserver" { half } else { 1 };
    part.env.push(("GOMAXPROCS".into(), threads.to_string().into()));
    part
}

/// Where [`super::programs`] puts an add-on's programs, and where people put them who build for others.
fn is_addon(program: &Path) -> bool {
    let names: Vec<_> = program.ancestors().skip(1).filter_map(|path| path.file_name()?.to_str()).collect();
    let is_key =
        |folder: &str| folder.rsplit_once('-').is_some_and(|(_, key)| key.len() == 16 && key.bytes().all(|b| b.is_ascii_hexdigit()));
    matches!(names[..], ["bin", folder, above, ..] if is_key(folder) || above == "addons")
}

struct Maker<'a> {
    folder: &'a Folder,
    desired: &'a Desired,
}

impl Maker<'_> {
    fn port(&self, name: &str) -> u16 {
        self.desired.ports.get(name).copied().unwrap_or_default()
    }

    fn pki(&self, file: &str) -> String {
        self.folder.pki(file).display().to_string()
    }

    fn file(&self, name: &str) -> String {
        self.folder.file(name).display().to_string()
    }

    fn kubeconfig(&self, identity: &str) -> String {
        self.folder.kubeconfig(identity).display().to_string()
    }

    fn control_plane(&self, name: &str, needs: Needs, flags: &[(&str, &str)]) -> Part {
        self.part(name, needs, "control-plane", name, flags)
    }

    fn part(&self, name: &str, needs: Needs, program: &str, first: &str, flags: &[(&str, &str)]) -> Part {
        let args = std::iter::once(first.into()).chain(flags.iter().map(|(flag, value)| format!("--{flag}={value}").into())).collect();
        Part { name: name.to_owned(), needs, program: self.desired.programs.join(program), args, env: self.env() }
    }

    /// Nothing of the user's own environment reaches a part: no proxy, no kubeconfig.
    fn env(&self) -> Vec<(String, OsString)> {
        vec![
            ("PATH".to_owned(), "/usr/bin:/bin".into()),
            ("HOME".to_owned(), self.folder.path().into()),
            ("TMPDIR".to_owned(), self.folder.file("tmp").into()),
        ]
    }

    fn addon(&self, installed: &InstalledAddon) -> Vec<Part> {
        let values = Values::new(self.folder, &self.desired.ports);
        let part = |program: &AddonProgram| {
            let values = values.of(&program.name);
            let mut env = self.env();
            env.extend(program.env.iter().map(|(name, value)| (name.clone(), values.fill(value).into())));
            Part {
                name: program.name.clone(),
                needs: Needs::Addon(installed.addon.name.clone()),
                program: installed.folder.join("bin").join(&program.name),
                args: program.args.iter().map(|arg| values.fill(arg).into()).collect(),
                env,
            }
        };
        installed.addon.programs.iter().map(part).collect()
    }

    fn etcd(&self) -> Part {
        let client = format!("https://127.0.0.1:{}", self.port("etcd"));
        let peer = format!("https://127.0.0.1:{}", self.port("etcd-peer"));
        let (certificate, key, authority) = (self.pki("etcd/server.crt"), self.pki("etcd/server.key"), self.pki("etcd/ca.crt"));
        let part = self.control_plane(
            "etcd",
            Needs::Nothing,
            &[
                ("name", "kubedrill"),
                ("data-dir", &self.file("etcd")),
                ("listen-client-urls", &client),
                ("advertise-client-urls", &client),
                ("listen-peer-urls", &peer),
                ("initial-advertise-peer-urls", &peer),
                ("initial-cluster", &format!("kubedrill={peer}")),
                ("cert-file", &certificate),
                ("key-file", &key),
                ("trusted-ca-file", &authority),
                ("client-cert-auth", "true"),
                ("peer-cert-file", &certificate),
                ("peer-key-file", &key),
                ("peer-trusted-ca-file", &authority),
                ("peer-client-cert-auth", "true"),
                // A member without peers waits for its own vote for up to an election timeout, which is a second by default. A heart
                // that beats faster costs an idle sandbox more than it gains.
                ("heartbeat-interval", "50"),
                ("election-timeout", "250"),
                // A crash of the machine may cost a sandbox its data, a crash of a process does not.
                ("unsafe-no-fsync", "true"),
                ("log-level", "warn"),
            ],
        );
        with_small_heap(part, "60")
    }

    fn apiserver(&self) -> Part {
        let port = self.port("kube-apiserver").to_string();
        let part = self.control_plane(
            "kube-apiserver",
            Needs::Nothing,
            &[
                ("etcd-servers", &format!("https://127.0.0.1:{}", self.port("etcd"))),
                ("etcd-cafile", &self.pki("etcd/ca.crt")),
                ("etcd-certfile", &self.pki("etcd/client.crt")),
                ("etcd-keyfile", &self.pki("etcd/client.key")),
                ("bind-address", "127.0.0.1"),
                ("secure-port", &port),
                // Endpoints may not be loopback addresses.
                ("advertise-address", "172.18.0.2"),
                ("cert-dir", &self.file("pki")),
                ("tls-cert-file", &self.pki("apiserver.crt")),
                ("tls-private-key-file", &self.pki("apiserver.key")),
                ("client-ca-file", &self.pki("ca.crt")),
                ("service-account-issuer", "https://kubernetes.default.svc.cluster.local"),
                ("service-account-key-file", &self.pki("sa.pub")),
                ("service-account-signing-key-file", &self.pki("sa.key")),
                ("service-cluster-ip-range", "10.96.0.0/16"),
                ("authorization-mode", "Node,RBAC"),
                // As every installer sets it; whether a namespace takes privileged containers is for Pod Security to say.
                ("allow-privileged", "true"),
                ("enable-admission-plugins", "NodeRestriction"),
                ("requestheader-client-ca-file", &self.pki("front-proxy-ca.crt")),
                ("requestheader-allowed-names", "front-proxy-client"),
                ("requestheader-extra-headers-prefix", "X-Remote-Extra-"),
                ("requestheader-group-headers", "X-Remote-Group"),
                ("requestheader-username-headers", "X-Remote-User"),
                ("proxy-client-cert-file", &self.pki("front-proxy-client.crt")),
                ("proxy-client-key-file", &self.pki("front-proxy-client.key")),
                ("kubelet-client-certificate", &self.pki("apiserver-kubelet-client.crt")),
                ("kubelet-client-key", &self.pki("apiserver-kubelet-client.key")),
                ("kubelet-certificate-authority", &self.pki("ca.crt")),
                ("kubelet-preferred-address-types", "InternalIP"),
                ("egress-selector-config-file", &self.file("egress.yaml")),
                ("audit-policy-file", &self.file("audit-policy.yaml")),
                ("audit-log-path", &self.folder.log("audit").display().to_string()),
                ("audit-log-maxsize", "20"),
                ("audit-log-maxbackup", "3"),
                ("profiling", "false"),
            ],
        );
        with_small_heap(part, "75")
    }

    fn controller_manager(&self) -> Part {
        let kubeconfig = self.kubeconfig("kube-controller-manager");
        let part = self.control_plane(
            "kube-controller-manager",
            Needs::Nothing,
            &[
                ("kubeconfig", &kubeconfig),
                ("authentication-kubeconfig", &kubeconfig),
                ("authorization-kubeconfig", &kubeconfig),
                ("bind-address", "127.0.0.1"),
                ("secure-port", &self.port("kube-controller-manager").to_string()),
                ("tls-cert-file", &self.pki("kube-controller-manager.crt")),
                ("tls-private-key-file", &self.pki("kube-controller-manager.key")),
                ("leader-elect", "false"),
                // A service account and a token for each controller would cost half a second of every start.
                ("use-service-account-credentials", "false"),
                ("kube-api-qps", "500"),
                ("kube-api-burst", "1000"),
                ("service-account-private-key-file", &self.pki("sa.key")),
                ("root-ca-file", &self.pki("ca.crt")),
                ("cluster-signing-cert-file", &self.pki("ca.crt")),
                ("cluster-signing-key-file", &self.pki("ca.key")),
                ("requestheader-client-ca-file", &self.pki("front-proxy-ca.crt")),
                ("client-ca-file", &self.pki("ca.crt")),
                ("cluster-cidr", "10.244.0.0/16"),
                ("allocate-node-cidrs", "true"),
                // Autoscaling at its real pace would bore: docs/sandbox.md has the defaults.
                ("horizontal-pod-autoscaler-sync-period", "5s"),
                ("horizontal-pod-autoscaler-downscale-stabilization", "30s"),
                ("horizontal-pod-autoscaler-cpu-initialization-period", "10s"),
                ("horizontal-pod-autoscaler-initial-readiness-delay", "5s"),
                ("profiling", "false"),
            ],
        );
        with_small_heap(part, "60")
    }

    fn scheduler(&self) -> Part {
        let kubeconfig = self.kubeconfig("kube-scheduler");
        self.control_plane(
            "kube-scheduler",
            Needs::Nothing,
            &[
                ("kubeconfig", &kubeconfig),
                ("authentication-kubeconfig", &kubeconfig),
                ("authorization-kubeconfig", &kubeconfig),
                ("bind-address", "127.0.0.1"),
                ("secure-port", &self.port("kube-scheduler").to_string()),
                ("tls-cert-file", &self.pki("kube-scheduler.crt")),
                ("tls-private-key-file", &self.pki("kube-scheduler.key")),
                ("client-ca-file", &self.pki("ca.crt")),
                ("leader-elect", "false"),
                ("profiling", "false"),
            ],
        )
    }

    fn catalogue(&self) -> String {
        let file = self.folder.file("images.yaml");
        if file.exists() { file.display().to_string() } else { String::new() }
    }

    fn hub(&self) -> Part {
        self.part(
            "hub",
            Needs::Nothing,
            "node",
            "hub",
            &[
                ("kubeconfig", &self.kubeconfig("hub")),
                // Relative, since the path of a socket may have 100 characters only.
                ("sockets", "sockets"),
                ("storage", &self.file("storage")),
                ("catalogue", &self.catalogue()),
                ("load", &self.file("load.json")),
                ("http-proxy", &format!("127.0.0.1:{}", self.port("hub"))),
                ("http-proxy-secret-file", &self.file("hub.secret")),
            ],
        )
    }

    fn node(&self, node: &super::nodes::Node) -> Part {
        let labels: Vec<_> = node.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
        self.part(
            &node.name,
            Needs::Nothing,
            "node",
            "kubelet",
            &[
                ("kubeconfig", &self.kubeconfig(&node.name)),
                ("name", &node.name),
                ("port", &self.port(&node.name).to_string()),
                ("ip", &node.address.to_string()),
                ("dir", &self.file(&folder_name(&node.name))),
                ("sockets", "sockets"),
                ("storage", &self.file("storage")),
                ("ca", &self.pki("ca.crt")),
                ("cert", &self.pki(&format!("{}.crt", node.name))),
                ("key", &self.pki(&format!("{}.key", node.name))),
                ("catalogue", &self.catalogue()),
                ("cpus", "4"),
                ("memory", &(8_u64 << 30).to_string()),
                ("labels", &labels.join(",")),
                ("taints", node.taints),
            ],
        )
    }

    fn metrics_server(&self) -> Part {
        let kubeconfig = self.kubeconfig("metrics-server");
        let mut part = self.control_plane(
            "metrics-server",
            Needs::Nodes,
            &[
                ("kubeconfig", &kubeconfig),
                ("authentication-kubeconfig", &kubeconfig),
                ("authorization-kubeconfig", &kubeconfig),
                ("bind-address", "127.0.0.1"),
                ("secure-port", &self.port("metrics-server").to_string()),
                ("tls-cert-file", &self.pki("metrics-server.crt")),
                ("tls-private-key-file", &self.pki("metrics-server.key")),
                ("kubelet-certificate-authority", &self.pki("ca.crt")),
                ("kubelet-preferred-address-types", "InternalIP"),
                ("kubelet-use-node-status-port", "true"),
                // The shortest that it takes, and more than the time that a request may take.
                ("metric-resolution", "10s"),
                ("kubelet-request-timeout", "8s"),
            ],
        );
        // It asks the kubelets itself, at addresses that only the hub knows.
        part.env.push(("HTTPS_PROXY".into(), proxy(self.folder, &self.desired.ports).into()));
        part.env.push(("NO_PROXY".into(), "127.0.0.1,localhost".into()));
        part
    }

    fn custom_metrics(&self) -> Part {
        let kubeconfig = self.kubeconfig(CUSTOM_METRICS);
        self.control_plane(
            CUSTOM_METRICS,
            Needs::Nodes,
            &[
                ("lister-kubeconfig", &kubeconfig),
                ("authentication-kubeconfig", &kubeconfig),
                ("authorization-kubeconfig", &kubeconfig),
                ("bind-address", "127.0.0.1"),
                ("secure-port", &self.port(CUSTOM_METRICS).to_string()),
                ("tls-cert-file", &self.pki(&format!("{CUSTOM_METRICS}.crt"))),
                ("tls-private-key-file", &self.pki(&format!("{CUSTOM_METRICS}.key"))),
                ("profiling", "false"),
                ("hub", "sockets/hub.sock"),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::sandbox::programs;

    fn args(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn a_learners_own_tools_are_no_part() {
        assert!(is_part(&args("/cache/bin/control-plane etcd --data-dir=/s/a/etcd")));
        assert!(is_part(&args("/cache/bin/node kubelet --dir=/s/a/nodes/worker-1")));
        assert!(is_part(&args("/cache/sandbox/some-operator-0123456789abcdef/bin/some-updater --ca=/s/a/pki/ca.crt")));
        assert!(is_part(&args("/built/addons/some-operator/bin/some-updater --ca=/s/a/pki/ca.crt")));
        assert!(!is_part(&args("/usr/local/bin/some-tool --ca=/s/a/pki/ca.crt")));
        assert!(is_part(&args("/usr/bin/kubedrill internal supervise /s/a")));
        assert!(!is_part(&args("/cache/bin/control-plane kubectl --kubeconfig=/s/a/learner.kubeconfig get pods -w")));
        assert!(!is_part(&args("tail -f /s/a/log/etcd.log")));
    }

    #[test]
    fn a_worker_can_be_stopped_like_a_part_of_the_control_plane() {
        let mut desired = Desired::new("/programs".into());
        desired.workers = 2;
        assert_eq!(components(&desired)[4..], ["worker-1", "worker-2"]);
    }

    #[test]
    fn every_part_names_the_folder() {
        let folder = Folder::at("/s/a");
        let mut desired = Desired::new("/programs".into());
        (desired.workers, desired.custom_metrics) = (3, true);
        for addon in programs::catalogue().expect("it is inside") {
            let installed = InstalledAddon { folder: "/cache".into(), addon };
            desired.addons.insert(installed.addon.name.clone(), installed);
        }
        for part in parts(&folder, &desired) {
            let named = part.args.iter().any(|arg| arg.to_str().is_some_and(|arg| arg.contains("/s/a/")));
            assert!(named, "{} could not be found again", part.name);
        }
    }
}
