//! The files that the parts read.

use super::{SandboxError, folder::Folder, nodes::Node, ports::Ports};
use crate::provider::{CUSTOM_METRICS, files::write_private};

/// The API server reaches Pods, Services and kubelets through the hub's socket. The path is relative to the
/// environment's folder, since the API server shows it in its error messages.
const EGRESS: &str = "\
apiVersion: apiserver.k8s.io/v1beta1
kind: EgressSelectorConfiguration
egressSelections:
- name: cluster
  connection: {proxyProtocol: HTTPConnect, transport: {uds: {udsName: pod-network}}}
";

/// Who changed what and when, without what the system itself does all the time. Bodies are not kept: they may hold
/// secrets.
const AUDIT: &str = "\
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: None
  verbs: [get, list, watch]
- level: None
  userGroups: ['system:nodes', 'system:serviceaccounts:kube-system']
- level: None
  users: ['system:apiserver', 'system:kube-controller-manager', 'system:kube-scheduler', 'kubedrill:pod-network', 'kubedrill:metrics-server', 'kubedrill:custom-metrics']
- level: None
  resources: [{group: '', resources: [events]}, {group: events.k8s.io, resources: [events]}, {group: coordination.k8s.io, resources: [leases]}]
- level: None
  resources: [{group: authentication.k8s.io}, {group: authorization.k8s.io}]
- level: Metadata
";

/// Writes everything that the parts read, for these ports.
pub fn write(folder: &Folder, ports: &Ports, nodes: &[Node]) -> Result<(), SandboxError> {
    write_private(&folder.file("egress.yaml"), EGRESS)?;
    write_private(&folder.file("audit-policy.yaml"), AUDIT)?;
    let socket = folder.file("pod-network");
    match std::os::unix::fs::symlink("sockets/hub.sock", &socket) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(SandboxError::file("link", socket)(error)),
        _ => {}
    }
    if !folder.file("load.json").exists() {
        write_private(&folder.file("load.json"), "[]\n")?;
    }
    if !folder.file("hub.secret").exists() {
        let secret: [u8; 16] = rand::random();
        let password: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        write_private(&folder.file("hub.secret"), password)?;
    }
    let server = ports.get("kube-apiserver").copied().unwrap_or_default();
    let identities = ["admin", "learner", "kube-controller-manager", "kube-scheduler", "hub", "metrics-server", CUSTOM_METRICS, "addons"];
    for identity in identities.into_iter().chain(nodes.iter().map(|node| node.name.as_str())) {
        write_private(&folder.kubeconfig(identity), kubeconfig(folder, identity, server))?;
    }
    Ok(())
}

fn kubeconfig(folder: &Folder, identity: &str, port: u16) -> String {
    let quoted = |path: std::path::PathBuf| serde_json::Value::from(path.display().to_string()).to_string();
    let (authority, certificate, key) =
        (quoted(folder.pki("ca.crt")), quoted(folder.pki(&format!("{identity}.crt"))), quoted(folder.pki(&format!("{identity}.key"))));
    format!(
        "\
apiVersion: v1
kind: Config
clusters:
- name: kubedrill
  cluster: {{server: 'https://127.0.0.1:{port}', certificate-authority: {authority}}}
users:
- name: {identity}
  user: {{client-certificate: {certificate}, client-key: {key}}}
contexts:
- name: kubedrill
  context: {{cluster: kubedrill, user: {identity}}}
current-context: kubedrill
"
    )
}
