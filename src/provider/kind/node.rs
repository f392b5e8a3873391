use serde_json::Value;

/// A container of a kind cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The engine's id of it.
    pub id: String,
    /// Its name, which is also that of the Kubernetes node.
    pub name: String,
    /// What it is for, in kind's words.
    pub role: String,
    /// It runs.
    pub running: bool,
    /// The paths of this machine that are mounted in it.
    mounts: Vec<String>,
}

impl Node {
    /// The label by which kind tells whose a container is.
    pub const CLUSTER_LABEL: &'static str = "io.x-k8s.kind.cluster";
    const ROLE_LABEL: &'static str = "io.x-k8s.kind.role";

    /// Reads what the engine says about containers, in the order of their names.
    pub fn read(printed: &str) -> Result<Vec<Self>, String> {
        let listed: Vec<Value> = serde_json::from_str(printed).map_err(|error| format!("its answer cannot be read: {error}"))?;
        let mut nodes: Vec<_> = listed.iter().map(Self::of).collect();
        nodes.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(nodes)
    }

    fn of(container: &Value) -> Self {
        let text = |pointer: &str| container.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mounts = container["Mounts"].as_array().into_iter().flatten();
        Self {
            id: text("/Id"),
            name: text("/Name").trim_start_matches('/').to_owned(),
            role: container["Config"]["Labels"][Self::ROLE_LABEL].as_str().unwrap_or_default().to_owned(),
            running: container["State"]["Running"].as_bool().unwrap_or_default(),
            mounts: mounts.filter_map(|mount| mount["Source"].as_str().map(str::to_owned)).collect(),
        }
    }

    /// It runs a part of the control plane.
    pub fn is_control_plane(&self) -> bool {
        self.role == "control-plane"
    }

    /// It runs pods. kind's load balancer for several control planes does not, and takes no mounts.
    pub fn is_kubernetes(&self) -> bool {
        self.role != "external-load-balancer"
    }

    /// It was made with a folder of this name mounted. Docker Desktop puts folders of its own before the path.
    pub fn carries(&self, mark: &str) -> bool {
        self.mounts.iter().any(|path| path.rsplit('/').next() == Some(mark))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_is_known_by_the_mark_that_it_carries() {
        let printed = r#"[{"Id":"abc","Name":"/kubedrill-kind-control-plane","State":{"Running":true},
            "Config":{"Labels":{"io.x-k8s.kind.cluster":"kubedrill-kind","io.x-k8s.kind.role":"control-plane"}},
            "Mounts":[{"Type":"bind","Source":"/host_mnt/home/me/state/kind/kind/mark-0a1b","Destination":"/kubedrill"}]}]"#;
        let nodes = Node::read(printed).expect("it can be read");
        assert_eq!(nodes[0].name, "kubedrill-kind-control-plane");
        assert!(nodes[0].is_control_plane() && nodes[0].running && nodes[0].carries("mark-0a1b"));
        assert!(!nodes[0].carries("mark-0a") && !nodes[0].carries("a1b"));
    }
}
