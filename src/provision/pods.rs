use std::{sync::Arc, time::Duration};

use futures::future::try_join_all;
use serde_json::Value;
use tokio::time::Instant;

use super::{
    ProvisionError,
    compare::{compare, pod_revisions},
    health::lacking,
    object::{controller, name, namespace, number, text},
    restore,
};
use crate::cluster::{Cluster, KindState, Plane, SnapshotRequest, SnapshotSource};

/// How long pods may be on their way; what stops them for longer (a quota, a scheduler that is down) is part of the state.
const SETTLED_WITHIN: Duration = Duration::from_secs(20);
/// A rollout that is neither complete nor moves for so long is stuck; a new pod that becomes ready would move it.
const STUCK_AFTER: Duration = Duration::from_secs(2);

/// Watches the pods of namespaces, and what makes them, until they stand still.
pub(super) struct Pods<'a> {
    cluster: &'a Cluster,
    plane: Plane,
}

impl<'a> Pods<'a> {
    pub(super) fn of(cluster: &'a Cluster, namespaces: &[String]) -> Self {
        let scope = Some(namespaces.to_vec());
        let kinds =
            ["Pod", "ReplicaSet", "Deployment", "StatefulSet", "HorizontalPodAutoscaler"].map(|kind| (kind.to_owned(), scope.clone()));
        Self { cluster, plane: cluster.plane(SnapshotRequest { kinds: kinds.into(), ..SnapshotRequest::default() }).consistent() }
    }

    /// Waits until no workload is about to make or end pods. Pods that are ending do so at once.
    pub(super) async fn settle(&mut self) -> Result<(), ProvisionError> {
        self.until(|_| false).await.map(drop)
    }

    /// Waits until the pods of each workload stand at these revisions. `false` when they stand still elsewhere.
    pub(super) async fn stand_at(&mut self, revisions: &[Value]) -> Result<bool, ProvisionError> {
        self.until(|objects| compare(revisions, &pod_revisions(objects.iter().map(Arc::as_ref))).is_empty()).await
    }

    async fn until(&mut self, reached: impl Fn(&[Arc<Value>]) -> bool) -> Result<bool, ProvisionError> {
        let deadline = Instant::now() + SETTLED_WITHIN;
        let (mut last, mut since) = (Vec::new(), Instant::now());
        loop {
            let snapshot = self.plane.snapshot().await;
            let read =
                snapshot.kinds.into_values().map(|state| if let KindState::Read { objects, .. } = state { objects } else { Vec::new() });
            let objects: Vec<Arc<Value>> = read.flatten().collect();
            if reached(&objects) {
                return Ok(true);
            }
            let ending = objects.iter().filter(|o| is_pod(o) && is_ending(o));
            try_join_all(ending.map(|pod| restore::delete(self.cluster, pod))).await?;
            let (now, revisions) = (Instant::now(), pod_revisions(objects.iter().map(Arc::as_ref)));
            if revisions != last {
                (last, since) = (revisions, now);
            }
            let stuck = is_complete(&objects) || now - since >= STUCK_AFTER;
            let left = deadline.saturating_duration_since(now);
            if is_settled(&objects) && stuck || left.is_zero() {
                return Ok(false);
            }
            self.plane.changed(left.min(STUCK_AFTER)).await;
        }
    }
}

/// Whether every workload is rolled out as it should be: then nothing moves it any more.
fn is_complete(objects: &[Arc<Value>]) -> bool {
    objects.iter().filter(|o| matches!(text(o, "/kind"), "Deployment" | "StatefulSet")).all(|o| lacking(o).is_none())
}

/// Whether every controller has seen its object and made the pods that it is going to make.
fn is_settled(objects: &[Arc<Value>]) -> bool {
    objects.iter().all(|object| match text(object, "/kind") {
        "Pod" => !is_ending(object),
        "ReplicaSet" => has_seen(object) && number(object, "/spec/replicas") == Some(pods_of(object, objects)),
        "StatefulSet" => has_seen(object) && number(object, "/spec/replicas").unwrap_or(1) == pods_of(object, objects),
        "Deployment" => has_seen(object) && wanted_by_sets(object, objects) >= number(object, "/spec/replicas").unwrap_or(1),
        _ => true,
    })
}

fn is_pod(object: &Value) -> bool {
    text(object, "/kind") == "Pod"
}

fn is_ending(object: &Value) -> bool {
    object.pointer("/metadata/deletionTimestamp").is_some()
}

fn has_seen(object: &Value) -> bool {
    number(object, "/status/observedGeneration") >= number(object, "/metadata/generation")
}

fn owned<'a>(owner: &'a Value, objects: &'a [Arc<Value>]) -> impl Iterator<Item = &'a Value> {
    let owns = move |object: &&Value| {
        controller(object).is_some_and(|o| text(o, "/kind") == text(owner, "/kind") && text(o, "/name") == name(owner))
            && namespace(object) == namespace(owner)
    };
    objects.iter().map(Arc::as_ref).filter(owns)
}

fn pods_of(set: &Value, objects: &[Arc<Value>]) -> i64 {
    i64::try_from(owned(set, objects).filter(|o| is_pod(o)).count()).unwrap_or(i64::MAX)
}

fn wanted_by_sets(deployment: &Value, objects: &[Arc<Value>]) -> i64 {
    owned(deployment, objects).filter_map(|set| number(set, "/spec/replicas")).sum()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn deployment(generation: i64, observed: i64) -> Arc<Value> {
        Arc::new(json!({"kind": "Deployment", "metadata": {"name": "web", "namespace": "shop", "generation": generation},
            "spec": {"replicas": 1}, "status": {"observedGeneration": observed}}))
    }

    fn set(replicas: i64) -> Arc<Value> {
        Arc::new(json!({"kind": "ReplicaSet", "metadata": {"name": "web-1", "namespace": "shop", "generation": 1,
            "ownerReferences": [{"kind": "Deployment", "name": "web", "controller": true}]}, "spec": {"replicas": replicas}, "status": {"observedGeneration": 1}}))
    }

    fn pod(ending: bool) -> Arc<Value> {
        let mut pod = json!({"kind": "Pod", "metadata": {"name": "web-1-a", "namespace": "shop", "ownerReferences": [{"kind": "ReplicaSet", "name": "web-1", "controller": true}]}});
        if ending {
            pod["metadata"]["deletionTimestamp"] = json!("t");
        }
        Arc::new(pod)
    }

    #[test]
    fn a_recreated_workload_moves_until_its_new_pods_are_there() {
        assert!(is_settled(&[deployment(2, 2), set(1), pod(false)]));
        assert!(!is_settled(&[deployment(2, 1), set(1), pod(false)]), "nobody has seen the change");
        assert!(!is_settled(&[deployment(2, 2), set(0), pod(true)]), "the old pod is ending");
        assert!(!is_settled(&[deployment(2, 2), set(0)]), "the new set is not scaled up yet");
        assert!(!is_settled(&[deployment(2, 2), set(1)]), "the new pod is not there yet");
    }
}
