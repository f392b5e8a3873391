use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use serde_json::Value;
use tokio::time::Instant;

use super::{
    ProvisionError, health,
    object::{group, reference, text},
};
use crate::cluster::{Cluster, KindState, SnapshotRequest, SnapshotSource};

/// The kinds that say whether a namespace is healthy.
const WORKLOADS: [&str; 7] = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod", "Job", "PersistentVolumeClaim"];

/// Waits until every workload, and every custom resource among the applied objects, is ready on its current revision.
///
/// # Errors
/// The time is over: the error says which object lacks what.
pub(super) async fn wait(cluster: &Cluster, namespaces: &[String], applied: &[Value], within: Duration) -> Result<(), ProvisionError> {
    let custom: BTreeSet<String> = applied
        .iter()
        .filter(|o| group(o).contains('.') && !group(o).ends_with(".k8s.io"))
        .map(|o| format!("{}.{}", text(o, "/kind"), group(o)))
        .collect();
    let mut reporting = BTreeSet::new();
    for name in &custom {
        if runs_pods(cluster, name).await? {
            reporting.insert(name.clone());
        }
    }
    let kinds = WORKLOADS.iter().map(ToString::to_string).chain(custom);
    let scopes: BTreeMap<String, Option<Vec<String>>> = kinds.map(|kind| (kind, Some(namespaces.to_vec()))).collect();
    let mut plane = cluster.plane(SnapshotRequest { kinds: scopes, ..SnapshotRequest::default() }).consistent();
    let deadline = Instant::now() + within;
    loop {
        let snapshot = plane.snapshot().await;
        let mut missing = Vec::new();
        let mut objects: Vec<Arc<Value>> = Vec::new();
        for (kind, state) in snapshot.kinds {
            match state {
                KindState::Read { objects: read, .. } => {
                    let silent = read.iter().filter(|o| reporting.contains(&kind) && o.get("status").is_none());
                    missing.extend(silent.map(|o| format!("{}: its operator has not reported yet", reference(o))));
                    objects.extend(read);
                }
                KindState::Unreadable(why) => missing.push(why),
                KindState::Unknown => {}
            }
        }
        missing.extend(health::unhealthy(objects.iter().map(Arc::as_ref)));
        if missing.is_empty() {
            return Ok(());
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ProvisionError::Unhealthy { after: within, missing });
        }
        plane.changed(left).await;
    }
}

/// Whether a custom kind scales, that is: an operator runs pods for it, and reports on them.
async fn runs_pods(cluster: &Cluster, kind: &str) -> Result<bool, ProvisionError> {
    let Some(id) = cluster.kind(kind).await? else { return Ok(false) };
    let served = cluster.resource(&format!("{}.{}", id.plural, id.group)).await?;
    Ok(served.is_some_and(|s| s.subresources.iter().any(|(name, _)| name == "scale")))
}
