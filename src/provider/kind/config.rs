use std::path::Path;

use serde_json::{Map, Value, json};

use super::KindError;
use crate::provider::files::FileError;

/// Where the mark is mounted in a node.
const MOUNT: &str = "/kubedrill";
/// Makes containerd read the settings of registries from files, which later nodes do by themselves.
const REGISTRIES: &str = "[plugins.\"io.containerd.grpc.v1.cri\".registry]\n  config_path = \"/etc/containerd/certs.d\"\n";
/// The kubelet of Kubernetes 1.35 and later refuses to run on control groups of version 1 unless it is told to.
const CGROUP_1: &str = "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nfailCgroupV1: false\n";

/// What a configuration must have.
pub struct Wanted<'a> {
    /// Worker nodes at least; those of the file, or none, when nobody says.
    pub workers: Option<u32>,
    /// The folder that shows whose the nodes are.
    pub mark: &'a Path,
    /// The engine's machine has control groups of version 1.
    pub cgroup_1: bool,
}

/// Reads a configuration of kind.
pub fn read(path: &Path) -> Result<Value, KindError> {
    let unusable = |why: String| KindError::Config { path: path.to_owned(), why };
    let text = std::fs::read_to_string(path).map_err(FileError::new("read", path))?;
    let config: Value = serde_saphyr::from_str(&text).map_err(|error| unusable(error.to_string()))?;
    let kind = config["kind"].as_str().unwrap_or_default();
    let version = config["apiVersion"].as_str().unwrap_or_default();
    if kind != "Cluster" || !version.starts_with("kind.x-k8s.io/") {
        return Err(unusable("it does not begin with `kind: Cluster` and `apiVersion: kind.x-k8s.io/v1alpha4`".into()));
    }
    Ok(config)
}

/// The configuration of a cluster of ours: the given one, or kind's own, with what we need added. Gives the number of worker nodes too.
pub fn complete(base: Option<Value>, wanted: &Wanted<'_>) -> (Value, u32) {
    let mut config = match base {
        Some(Value::Object(config)) => config,
        _ => Map::from_iter([("kind".to_owned(), json!("Cluster")), ("apiVersion".to_owned(), json!("kind.x-k8s.io/v1alpha4"))]),
    };
    // The name is ours to choose.
    config.remove("name");
    let mut nodes = match config.remove("nodes") {
        Some(Value::Array(nodes)) if !nodes.is_empty() => nodes,
        _ => vec![json!({"role": "control-plane"})],
    };
    let is_worker = |node: &Value| node["role"] == "worker";
    let count = |nodes: &[Value]| u32::try_from(nodes.iter().filter(|node| is_worker(node)).count()).unwrap_or(u32::MAX);
    for _ in count(&nodes)..wanted.workers.unwrap_or_default() {
        nodes.push(json!({"role": "worker"}));
    }
    for node in &mut nodes {
        push(node, "extraMounts", json!({"hostPath": wanted.mark, "containerPath": MOUNT, "readOnly": true}));
    }
    let workers = count(&nodes);
    config.insert("nodes".into(), nodes.into());
    let mut config = Value::Object(config);
    push(&mut config, "containerdConfigPatches", json!(REGISTRIES));
    if wanted.cgroup_1 {
        push(&mut config, "kubeadmConfigPatches", json!(CGROUP_1));
    }
    (config, workers)
}

fn push(object: &mut Value, list: &str, item: Value) {
    match object.get_mut(list).and_then(Value::as_array_mut) {
        Some(items) => items.push(item),
        None => object[list] = json!([item]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(workers: Option<u32>) -> Wanted<'static> {
        Wanted { workers, mark: Path::new("/s/mark-1"), cgroup_1: false }
    }

    #[test]
    fn a_cluster_has_the_workers_that_are_asked_for_and_the_mark_on_every_node() {
        let (config, workers) = complete(None, &wanted(Some(2)));
        assert_eq!(workers, 2);
        let roles: Vec<_> = config["nodes"].as_array().expect("nodes").iter().map(|node| node["role"].clone()).collect();
        assert_eq!(roles, ["control-plane", "worker", "worker"]);
        assert!(config["nodes"].as_array().expect("nodes").iter().all(|node| node["extraMounts"][0]["hostPath"] == "/s/mark-1"));
        assert!(config.get("kubeadmConfigPatches").is_none());
    }

    #[test]
    fn a_file_of_the_user_keeps_its_own_settings() {
        let base = json!({"kind": "Cluster", "apiVersion": "kind.x-k8s.io/v1alpha4", "name": "mine", "networking": {"ipFamily": "dual"},
            "kubeadmConfigPatches": ["mine"],
            "nodes": [{"role": "control-plane", "extraMounts": [{"hostPath": "/a", "containerPath": "/a"}]}, {"role": "worker", "labels": {"zone": "a"}}]});
        let (config, workers) = complete(Some(base), &Wanted { cgroup_1: true, ..wanted(Some(2)) });
        assert_eq!(workers, 2);
        assert_eq!(config["networking"]["ipFamily"], "dual");
        assert_eq!(config["nodes"][1]["labels"]["zone"], "a");
        assert_eq!(config["nodes"][0]["extraMounts"].as_array().map(Vec::len), Some(2));
        assert_eq!((&config["kubeadmConfigPatches"][0], &config["kubeadmConfigPatches"][1]), (&json!("mine"), &json!(CGROUP_1)));
        assert!(config.get("name").is_none(), "the name is ours to choose");
    }

    #[test]
    fn another_file_is_refused_with_what_it_should_be() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), "kind: Pod\napiVersion: v1\n").expect("it can be written");
        assert!(read(file.path()).expect_err("it is no configuration").to_string().contains("kind: Cluster"));
    }
}
