//! Disruption budgets whose count may be out of date: their controller tells only one of the budgets that cover a pod of what the
//! pod did, any of them, so another keeps the count that it had. Knows nothing of what else differs.

use futures::future::try_join_all;
use serde_json::{Value, json};

use super::object::{name, namespace};
use crate::{
    cluster::{Cluster, ClusterError, Freshness, KindId},
    scenario::PatchType,
};

/// Is written and taken away again: an object that is written as it was is no change.
const RECOUNT: &str = "kubedrill.dev/recount";

/// Has the budgets that share a namespace counted anew.
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
        match budgets.len() {
            // One that is alone is told of everything.
            0 | 1 => Ok(()),
            _ => try_join_all(budgets.iter().map(|budget| touch(cluster, &kind, budget))).await.map(drop),
        }
    }))
    .await
    .map(drop)
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
