//! Disruption budgets that share pods: their controller tells only one of the budgets that cover a pod of what the pod did, any of
//! them, so another keeps the count that it had. Knows nothing of what else differs.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures::future::try_join_all;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::object::{carries, list, name, namespace, text};
use crate::{
    cluster::{Cluster, ClusterError, Freshness, KindId, KindState, SnapshotRequest, SnapshotSource},
    scenario::PatchType,
};

/// Is written and taken away again: an object that is written as it was is no change.
const RECOUNT: &str = "kubedrill.dev/recount";
/// How long pods may take to become ready; what keeps them from it for longer is part of the state.
const READY_WITHIN: Duration = Duration::from_secs(15);

/// Has the budgets that share pods counted anew, once these pods are ready.
pub(super) async fn recount(cluster: &Cluster, namespaces: &[String]) -> Result<(), ClusterError> {
    let kind = KindId {
        group: "policy".into(),
        version: "v1".into(),
        kind: "PodDisruptionBudget".into(),
        plural: "poddisruptionbudgets".into(),
        namespaced: true,
    };
    try_join_all(namespaces.iter().map(async |within| {
        let budgets = match cluster.list(&kind, Some(within), Freshness::Consistent).await {
            Ok(list) => list.objects,
            // In somebody else's cluster where we may not see budgets, nothing of ours has any.
            Err(ClusterError::Forbidden { .. }) => return Ok(()),
            Err(error) => return Err(error),
        };
        if budgets.len() < 2 {
            return Ok(());
        }
        let sharing = sharing_when_ready(cluster, within, &budgets).await;
        try_join_all(sharing.into_iter().map(|budget| touch(cluster, &kind, budget))).await.map(drop)
    }))
    .await
    .map(drop)
}

/// The budgets that cover a pod which another covers too, when every such pod is ready.
async fn sharing_when_ready<'a>(cluster: &Cluster, within: &str, budgets: &'a [Arc<Value>]) -> Vec<&'a Value> {
    let pods = [("Pod".to_owned(), Some(vec![within.to_owned()]))];
    let mut plane = cluster.plane(SnapshotRequest { kinds: pods.into(), ..SnapshotRequest::default() }).consistent();
    let deadline = Instant::now() + READY_WITHIN;
    loop {
        let kinds = plane.snapshot().await.kinds.into_values();
        let read = kinds.map(|state| if let KindState::Read { objects, .. } = state { objects } else { Vec::new() });
        let pods: Vec<Arc<Value>> = read.flatten().collect();
        let (sharing, ready) = sharing(budgets, &pods);
        let left = deadline.saturating_duration_since(Instant::now());
        if ready || left.is_zero() {
            return sharing;
        }
        plane.changed(left).await;
    }
}

/// The budgets that share pods, and whether all of these pods are ready.
fn sharing<'a>(budgets: &'a [Arc<Value>], pods: &[Arc<Value>]) -> (Vec<&'a Value>, bool) {
    let (mut sharing, mut ready) = (BTreeMap::new(), true);
    for pod in pods {
        let covering: Vec<&Value> = budgets.iter().map(AsRef::as_ref).filter(|budget| covers(budget, pod)).collect();
        if covering.len() > 1 {
            ready &= list(pod, "/status/conditions").iter().any(|c| text(c, "/type") == "Ready" && text(c, "/status") == "True");
            sharing.extend(covering.into_iter().map(|budget| (name(budget), budget)));
        }
    }
    (sharing.into_values().collect(), ready)
}

/// By its plain labels: a budget that is counted once too often does no harm.
fn covers(budget: &Value, pod: &Value) -> bool {
    let Some(selector) = budget.pointer("/spec/selector") else { return false };
    let labels = selector.get("matchLabels").cloned().unwrap_or_else(|| json!({}));
    serde_json::from_value(labels).is_ok_and(|labels| carries(pod, &labels))
}

async fn touch(cluster: &Cluster, kind: &KindId, budget: &Value) -> Result<(), ClusterError> {
    for value in [json!("now"), Value::Null] {
        let patch = json!({"metadata": {"annotations": {RECOUNT: value}}});
        match cluster.patch(kind, namespace(budget), name(budget), PatchType::Merge, &patch).await {
            Err(error) if !error.is_not_found() => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(name: &str, labels: &Value) -> Arc<Value> {
        Arc::new(
            json!({"kind": "PodDisruptionBudget", "metadata": {"name": name, "namespace": "shop"}, "spec": {"selector": {"matchLabels": labels}}}),
        )
    }

    fn pod(app: &str, ready: &str) -> Arc<Value> {
        let status = json!({"conditions": [{"type": "Ready", "status": ready}]});
        Arc::new(json!({"kind": "Pod", "metadata": {"name": app, "labels": {"app": app, "tier": "front"}}, "status": status}))
    }

    #[test]
    fn only_budgets_that_share_pods_are_counted_anew_and_only_when_these_are_ready() {
        let budgets =
            [budget("web", &json!({"app": "web"})), budget("api", &json!({"app": "api"})), budget("front", &json!({"tier": "front"}))];
        let names = |pods: &[Arc<Value>]| {
            let (sharing, ready) = sharing(&budgets, pods);
            (sharing.into_iter().map(|budget| name(budget).to_owned()).collect::<Vec<_>>(), ready)
        };
        assert_eq!(names(&[pod("web", "True"), pod("other", "False")]), (vec!["front".into(), "web".into()], true));
        assert!(!names(&[pod("web", "False")]).1);
        assert_eq!(names(&[pod("other", "False")]), (Vec::new(), true), "one budget alone is told of everything");
    }
}
