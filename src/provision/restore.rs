use std::{collections::BTreeMap, time::Duration};

use futures::{StreamExt, TryStreamExt, stream};
use serde_json::Value;

use super::{
    ProvisionError,
    actions::rank,
    compare::{Change, Difference, compare, is_about_pods},
    object::{name, namespace, reference, text},
    world::World,
};
use crate::cluster::{Cluster, ClusterError, DeleteOptions, Propagation};

/// How many objects are changed at a time.
const CHANGES_AT_ONCE: usize = 8;
/// How long a deleted object may take to be gone.
const GONE_WITHIN: Duration = Duration::from_secs(120);
/// How often a change is tried that somebody else interferes with.
const TRIES: usize = 5;

/// Makes the cluster's objects what `wanted` says: deletes what is new, creates what is missing, replaces what differs.
/// Returns the differences that it found.
pub(super) async fn restore(cluster: &Cluster, world: &World, wanted: &[Value]) -> Result<Vec<Difference>, ProvisionError> {
    let differences = compare(wanted, &world.dump());
    let by_reference: BTreeMap<String, &Value> = wanted.iter().map(|o| (reference(o), o)).collect();
    let (mut added, mut others) = (Vec::new(), Vec::new());
    for difference in differences.iter().filter(|d| !is_about_pods(d)) {
        match (&difference.change, by_reference.get(&difference.object)) {
            (Change::Added, _) => added.extend(world.live(&difference.object)),
            (_, Some(object)) => others.push(*object),
            (_, None) => {}
        }
    }
    // Hooks and namespaces of the learner go first: a hook might refuse the rest, a namespace takes its objects along.
    added.sort_by_key(|o| std::cmp::Reverse(rank(o)));
    for_each(added, |object| delete(cluster, object)).await?;
    others.sort_by_key(|o| rank(o));
    for group in others.chunk_by(|a, b| rank(a) == rank(b)) {
        for_each(group.to_vec(), |object| set(cluster, object)).await?;
    }
    Ok(differences)
}

async fn for_each<'a, F>(objects: Vec<&'a Value>, work: impl Fn(&'a Value) -> F) -> Result<(), ProvisionError>
where
    F: Future<Output = Result<(), ClusterError>>,
{
    stream::iter(objects).map(work).buffer_unordered(CHANGES_AT_ONCE).try_collect().await.map_err(ProvisionError::from)
}

/// Deletes an object without waiting for its processes' own grace.
pub(super) async fn delete(cluster: &Cluster, object: &Value) -> Result<(), ClusterError> {
    let kind = match cluster.kind_of(object).await {
        Ok(kind) => kind,
        // Its kind went with its CRD, and it with its kind.
        Err(ClusterError::UnknownKind { .. }) => return Ok(()),
        Err(error) => return Err(error),
    };
    let uid = Some(text(object, "/metadata/uid")).filter(|uid| !uid.is_empty());
    let options = DeleteOptions { propagation: Propagation::Background, grace_seconds: Some(1), uid };
    if cluster.delete(&kind, namespace(object), name(object), options).await? {
        match cluster.wait_gone(&kind, namespace(object), name(object), uid, GONE_WITHIN).await {
            Err(error) if error.is_not_found() => {}
            other => other?,
        }
    }
    Ok(())
}

/// Deletes a workload together with its pods.
pub(super) async fn delete_with_pods(cluster: &Cluster, workload: &Value) -> Result<(), ClusterError> {
    let kind = cluster.kind_of(workload).await?;
    let options = DeleteOptions { propagation: Propagation::Foreground, ..DeleteOptions::default() };
    cluster.delete_and_wait(&kind, namespace(workload), name(workload), options, GONE_WITHIN).await
}

/// Makes an object what it was: replaces it, or creates it where it is missing or cannot be changed.
async fn set(cluster: &Cluster, wanted: &Value) -> Result<(), ClusterError> {
    let kind = cluster.kind_of(wanted).await?;
    let mut last = None;
    for _ in 0..TRIES {
        let Some(live) = cluster.get(&kind, namespace(wanted), name(wanted)).await? else {
            match cluster.create(wanted).await {
                Ok(_) => return Ok(()),
                Err(error) if error.is_conflict() => last = Some(error),
                Err(error) => return Err(error),
            }
            continue;
        };
        let mut next = wanted.clone();
        for field in ["resourceVersion", "uid"] {
            next["metadata"][field] = live["metadata"][field].clone();
        }
        if let Some(owners) = live.pointer("/spec/finalizers").filter(|_| kind.kind == "Namespace") {
            next["spec"]["finalizers"] = owners.clone();
        }
        match cluster.replace(&next).await {
            Ok(_) => return Ok(()),
            Err(error) if error.is_conflict() => last = Some(error),
            // An immutable field differs: only a new object can have the old value.
            Err(error) if error.is_rejected() => {
                delete(cluster, &live).await?;
                last = Some(error);
            }
            Err(error) => return Err(error),
        }
    }
    Err(last.unwrap_or_else(|| ClusterError::Conflict {
        what: format!("restore {}", kind.describe(namespace(wanted), name(wanted))),
        message: "it changes faster than it can be set".into(),
    }))
}
