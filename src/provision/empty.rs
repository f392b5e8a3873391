use std::time::Duration;

use futures::{StreamExt, TryStreamExt, future::try_join_all, stream};
use serde_json::Value;

use super::{
    marker::core,
    object::{list, name, text},
};
use crate::cluster::{Cluster, ClusterError, DeleteOptions, Freshness, KindId};

/// How many calls run at a time.
const CALLS_AT_ONCE: usize = 8;
/// How long what is left in a namespace may hold on to it.
const EMPTY_WITHIN: Duration = Duration::from_secs(15);
/// How long the namespace controller may take.
const GONE_WITHIN: Duration = Duration::from_secs(180);

/// Who empties a namespace on a cluster with one API server: we do, in a fraction of a second. The namespace controller begins only
/// five seconds after the deletion, and would go on deleting by name in a successor of the same name; without its own finalizer
/// it leaves a namespace alone.
const EMPTYING: &str = "kubedrill.dev/emptying";
/// The namespace controller's own finalizer.
const CONTROLLER: &str = "kubernetes";

/// Deletes a namespace with all that is in it and waits until it is gone. May be interrupted and done again.
pub(super) async fn remove_namespace(cluster: &Cluster, namespace: &str) -> Result<(), ClusterError> {
    let kind = core("Namespace", "namespaces", false);
    let Some(live) = cluster.get(&kind, None, namespace).await? else { return Ok(()) };
    let deleted = live.pointer("/metadata/deletionTimestamp").is_some();
    let one_server = has_one_server(cluster).await?;
    if one_server && !deleted {
        cluster.set_namespace_finalizers(&kind, namespace, &[], &[EMPTYING]).await?;
    }
    cluster.delete(&kind, None, namespace, DeleteOptions::default()).await?;
    let emptied = one_server && empty(cluster, namespace).await?;
    if one_server && (!deleted || list(&live, "/metadata/finalizers").iter().any(|f| f == EMPTYING)) {
        // What holds on longer is for the controller, which says what it is.
        let controller: &[&str] = if emptied { &[] } else { &[CONTROLLER] };
        cluster.set_namespace_finalizers(&kind, namespace, controller, &[]).await?;
    }
    cluster.wait_gone(&kind, None, namespace, None, GONE_WITHIN).await
}

/// Nothing new can come into a deleted namespace as far as one API server knows; only with several might one not know yet.
async fn has_one_server(cluster: &Cluster) -> Result<bool, ClusterError> {
    let slices = KindId {
        group: "discovery.k8s.io".into(),
        version: "v1".into(),
        kind: "EndpointSlice".into(),
        plural: "endpointslices".into(),
        namespaced: true,
    };
    let slice = cluster.get(&slices, Some("default"), "kubernetes").await?;
    Ok(slice.is_some_and(|s| list(&s, "/endpoints").iter().map(|e| list(e, "/addresses").len()).sum::<usize>() == 1))
}

/// Deletes everything in a namespace that is being deleted; says whether it is empty then.
async fn empty(cluster: &Cluster, namespace: &str) -> Result<bool, ClusterError> {
    let served = cluster.served().await?;
    let can = |verbs: &[String], verb: &str| verbs.iter().any(|v| v == verb);
    let kinds: Vec<KindId> =
        served.into_iter().filter(|k| k.id.namespaced && can(&k.verbs, "list") && can(&k.verbs, "delete")).map(|k| k.id).collect();
    stream::iter(&kinds)
        .map(|kind| async move {
            let grace = (kind.kind == "Pod").then_some(0);
            match cluster.delete_all(kind, namespace, grace).await {
                // Some kinds can only be deleted one by one; what is left is seen below.
                Err(error) if error.is_rejected() => Ok(()),
                other => other,
            }
        })
        .buffer_unordered(CALLS_AT_ONCE)
        .try_collect::<()>()
        .await?;
    for _ in 0..3 {
        let left = left(cluster, &kinds, namespace).await?;
        if left.is_empty() {
            return Ok(true);
        }
        let ends = left.iter().map(|(kind, object)| end(cluster, kind, namespace, object));
        match try_join_all(ends).await {
            Err(ClusterError::NotYet { .. }) => return Ok(false),
            other => other?,
        };
    }
    Ok(false)
}

async fn left<'a>(
    cluster: &Cluster,
    kinds: &'a [KindId],
    namespace: &str,
) -> Result<Vec<(&'a KindId, std::sync::Arc<Value>)>, ClusterError> {
    let lists: Vec<Vec<_>> = stream::iter(kinds)
        .map(|kind| async move {
            match cluster.list(kind, Some(namespace), Freshness::Consistent).await {
                Ok(listed) => Ok(listed.objects.into_iter().map(|o| (kind, o)).collect()),
                Err(error) if error.is_not_found() => Ok(Vec::new()),
                Err(error) => Err(error),
            }
        })
        .buffer_unordered(CALLS_AT_ONCE)
        .try_collect()
        .await?;
    Ok(lists.into_iter().flatten().collect())
}

async fn end(cluster: &Cluster, kind: &KindId, namespace: &str, object: &Value) -> Result<(), ClusterError> {
    if object.pointer("/metadata/deletionTimestamp").is_none() {
        cluster.delete(kind, Some(namespace), name(object), DeleteOptions::default()).await?;
    }
    cluster.wait_gone(kind, Some(namespace), name(object), Some(text(object, "/metadata/uid")), EMPTY_WITHIN).await
}
