use crate::{
    capability::Capability,
    cluster::{Cluster, ClusterError, Freshness},
};

/// Marks nodes whose containers are played.
const PLAYED: &str = "kubedrill://";

/// What a cluster can do, as far as these credentials can see. What cannot be seen, such as who enforces NetworkPolicies, is not
/// claimed; that pods run is taken as given where nodes are out of sight, since the stage waits until they do.
pub async fn capabilities(cluster: &Cluster) -> Result<Vec<Capability>, ClusterError> {
    let mut found = vec![Capability::Api];
    let Some(kind) = cluster.kind("Node").await? else { return Ok(found) };
    match cluster.list(&kind, None, Freshness::Cached).await {
        Ok(nodes) => {
            let ready = |node: &serde_json::Value| {
                let conditions = node.pointer("/status/conditions").and_then(serde_json::Value::as_array);
                conditions.into_iter().flatten().any(|c| c["type"] == "Ready" && c["status"] == "True")
            };
            let ready: Vec<_> = nodes.objects.iter().filter(|node| ready(node)).collect();
            if !ready.is_empty() {
                found.push(Capability::Nodes);
                let real = |node: &serde_json::Value| {
                    !node.pointer("/spec/providerID").and_then(serde_json::Value::as_str).unwrap_or_default().starts_with(PLAYED)
                };
                if ready.iter().all(|node| real(node)) {
                    found.extend([Capability::Containers, Capability::Network]);
                }
            }
        }
        Err(ClusterError::Forbidden { .. }) => found.push(Capability::Nodes),
        Err(error) => return Err(error),
    }
    if cluster.kind("PodMetrics").await?.is_some() {
        found.push(Capability::Metrics);
    }
    Ok(found)
}
