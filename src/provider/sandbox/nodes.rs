use std::{net::Ipv4Addr, path::Path};

/// The most worker nodes that a sandbox has.
pub const MOST_WORKERS: u32 = 9;

/// A node of the sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Its address, as the API shows it. No interface of this machine has it.
    pub address: Ipv4Addr,
    /// What it tells of itself.
    pub labels: Vec<(&'static str, &'static str)>,
    /// What only an administrator may say of a node: the API server refuses such labels from a kubelet.
    pub role: Option<&'static str>,
    /// Its taints.
    pub taints: &'static str,
}

/// One control-plane node and as many workers as asked for, over three zones.
pub fn nodes(workers: u32) -> Vec<Node> {
    let zone = |index: u32| ("topology.kubernetes.io/zone", ["zone-a", "zone-b", "zone-c"][index as usize % 3]);
    let address = |index: u32| Ipv4Addr::new(172, 18, 0, u8::try_from(2 + index).unwrap_or(u8::MAX));
    let control_plane = Node {
        name: "control-plane-1".into(),
        address: address(0),
        labels: vec![zone(0)],
        role: Some("node-role.kubernetes.io/control-plane"),
        taints: "node-role.kubernetes.io/control-plane:NoSchedule",
    };
    let worker = |index: u32| Node {
        name: format!("worker-{index}"),
        address: address(index),
        labels: vec![zone(index - 1)],
        role: None,
        taints: "",
    };
    std::iter::once(control_plane).chain((1..=workers).map(worker)).collect()
}

/// A node's folder in the environment's, such as `n/w1` for `worker-1`. Short, since the kubelet makes Unix sockets below it and
/// the path of one may have no more than 107 bytes.
pub fn folder_name(node: &str) -> String {
    let (role, number) = node.rsplit_once('-').unwrap_or((node, ""));
    format!("n/{}{number}", &role[..role.len().min(1)])
}

/// Whether the kubelets' sockets of an environment in this folder would have paths that are too long; says by how many bytes.
pub fn path_excess(environment: &Path) -> usize {
    // The longest: the socket of the pod resources, under a temporary name of ten digits.
    let socket = environment.join(folder_name(&format!("worker-{MOST_WORKERS}"))).join("k/pod-resources/0123456789");
    socket.as_os_str().len().saturating_sub(LONGEST_SOCKET)
}

/// Bytes of a Unix socket's path on every platform that we run on; macOS has a few less than Linux.
const LONGEST_SOCKET: usize = 103;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nodes_folder_is_short_and_its_own() {
        assert_eq!(["control-plane-1", "worker-1", "worker-12"].map(folder_name), ["n/c1", "n/w1", "n/w12"]);
        assert_eq!(path_excess(Path::new("/home/somebody/.local/state/kubedrill/environments/prove-1234567-0")), 0);
        assert!(path_excess(Path::new(&format!("/{}", "x".repeat(90)))) > 0);
    }

    #[test]
    fn workers_lie_in_three_zones_with_addresses_of_their_own() {
        let nodes = nodes(3);
        let seen: Vec<_> = nodes.iter().map(|node| (node.name.as_str(), node.address.to_string(), node.labels[0].1)).collect();
        assert_eq!(seen[0], ("control-plane-1", "172.18.0.2".into(), "zone-a"));
        assert_eq!(
            seen[1..],
            [
                ("worker-1", "172.18.0.3".into(), "zone-a"),
                ("worker-2", "172.18.0.4".into(), "zone-b"),
                ("worker-3", "172.18.0.5".into(), "zone-c"),
            ]
        );
    }
}
