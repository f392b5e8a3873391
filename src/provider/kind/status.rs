use super::{
    cluster::cluster_name,
    engine::Engine,
    node::Node,
    record::{Record, Stage},
};
use crate::{
    provider::{EnvironmentStatus, PartStatus},
    text::Text,
};

/// How a cluster is, node by node.
pub async fn status(name: &str, record: Option<&Record>, engine: Engine, nodes: Vec<Node>) -> EnvironmentStatus {
    let ours: Vec<Node> = if record.is_some_and(|record| record.owns(&nodes)) { nodes } else { Vec::new() };
    let mut parts: Vec<PartStatus> = futures::future::join_all(ours.iter().map(|node| part(engine, node))).await;
    let missing = record.map(|record| record.missing(&ours)).unwrap_or_default();
    parts.extend(missing.iter().map(|name| PartStatus { name: name.clone(), running: false, pid: None, memory_bytes: 0, log: None }));
    let stage = record.map(|record| record.stage);
    let problem = match stage {
        Some(Stage::Creating) | None => Some(Text::new(
            "클러스터를 만들다가 끊겼습니다. 다시 start 하면 치우고 새로 만듭니다",
            "its making was interrupted; the next start cleans up and makes it anew",
        )),
        Some(_) if !missing.is_empty() => Some(Text::new(
            format!(
                "kind 클러스터 `{}`가 누군가에 의해 지워졌습니다. `kubedrill stop --env {name}` 후 다시 시작하세요",
                cluster_name(name)
            ),
            format!("somebody deleted the kind cluster `{}`; run `kubedrill stop --env {name}`, then start again", cluster_name(name)),
        )),
        Some(_) => None,
    };
    let usable = problem.is_none() && stage == Some(Stage::Ready) && parts.iter().all(|part| part.running) && answers(engine, &ours).await;
    EnvironmentStatus {
        name: name.to_owned(),
        usable,
        problem,
        memory_bytes: parts.iter().map(|part| part.memory_bytes).sum(),
        peak_memory_bytes: 0,
        parts,
    }
}

async fn part(engine: Engine, node: &Node) -> PartStatus {
    let memory_bytes = if node.running { memory(engine, node).await } else { 0 };
    PartStatus { name: node.name.clone(), running: node.running, pid: None, memory_bytes, log: None }
}

/// The anonymous memory of a node's processes, by its control group of version 1 or 2.
async fn memory(engine: Engine, node: &Node) -> u64 {
    let script = "cat /sys/fs/cgroup/memory.stat /sys/fs/cgroup/memory/memory.stat 2>/dev/null || true";
    let stat = engine.exec(node, &["sh", "-c", script]).await.unwrap_or_default();
    anonymous(&stat)
}

fn anonymous(stat: &str) -> u64 {
    let value = |key: &str| stat.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' ')?.trim().parse().ok());
    value("anon").or_else(|| value("total_rss")).unwrap_or_default()
}

async fn answers(engine: Engine, nodes: &[Node]) -> bool {
    let Some(node) = nodes.iter().find(|node| node.is_control_plane()) else { return false };
    engine.exec(node, &["kubectl", "--kubeconfig=/etc/kubernetes/admin.conf", "get", "--raw=/readyz"]).await.is_ok()
}

#[cfg(test)]
mod tests {
    use super::anonymous;

    #[test]
    fn memory_is_read_under_either_version_of_control_groups() {
        assert_eq!(anonymous("anon 4096\nfile 8192\nanon_thp 1\n"), 4096);
        assert_eq!(anonymous("cache 1\nrss 2\ntotal_cache 3\ntotal_rss 8192\n"), 8192);
        assert_eq!(anonymous(""), 0);
    }
}
