use std::{collections::BTreeMap, time::Duration};

use futures::{StreamExt, TryStreamExt, stream};
use serde_json::{Map, Value};

use super::{
    ProvisionError,
    actions::rank,
    claims,
    compare::{Change, Difference, compare, is_about_pods},
    empty,
    normalise::{is_condition_taint, normalise},
    object::{list, name, namespace, reference, text},
    world::World,
};
use crate::cluster::{Cluster, ClusterError, DeleteOptions, Propagation};

/// How many objects are changed at a time.
const CHANGES_AT_ONCE: usize = 8;
/// How long a deleted object may take to be gone.
const GONE_WITHIN: Duration = Duration::from_secs(120);
/// How often a change is tried that somebody else interferes with.
const TRIES: usize = 5;

/// What is never deleted to be made anew: more than the object itself would go with it.
const IRREPLACEABLE: [&str; 4] = ["Node", "Namespace", "CustomResourceDefinition", "PersistentVolume"];

/// What pods hold on to: it ends only after the pods that the restored workloads let go of.
const HELD_BY_PODS: [&str; 2] = ["PersistentVolumeClaim", "PersistentVolume"];

/// Makes the cluster's objects what `wanted` says: deletes what is new, creates what is missing, replaces what differs.
/// Returns the differences that it found.
pub(super) async fn restore(cluster: &Cluster, world: &World, wanted: &[Value]) -> Result<Vec<Difference>, ProvisionError> {
    let differences = compare(wanted, &world.dump(wanted));
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
    let (held, free): (Vec<_>, Vec<_>) = added.into_iter().partition(|object| HELD_BY_PODS.contains(&text(object, "/kind")));
    if !(free.is_empty() && others.is_empty()) {
        let back = hooks(world, wanted);
        delete_hooks(cluster, world, wanted).await?;
        others.retain(|object| !back.contains(object));
        others.extend(back);
    }
    for_each(free, |object| delete(cluster, object)).await?;
    let bound = claims::bound_otherwise(world, &others);
    let again = claims::with_volumes(&bound, wanted);
    others.retain(|object| !again.contains(object));
    others.extend(again);
    others.sort_by_key(|o| rank(o));
    for group in others.chunk_by(|a, b| rank(a) == rank(b)) {
        let gone = bound.iter().copied().filter(|claim| group.first().is_some_and(|object| rank(object) == rank(claim)));
        for_each(gone.collect(), |claim| delete(cluster, claim)).await?;
        for_each(group.to_vec(), |object| set(cluster, object)).await?;
    }
    let freed = claims::with_volumes(&held, wanted);
    for_each(held, |object| delete(cluster, object)).await?;
    for_each(freed, |volume| set(cluster, volume)).await?;
    Ok(differences)
}

/// Deletes the hooks of the scenario: one that answers nobody refuses whatever is put back. Whoever calls this puts them back last.
pub(super) async fn delete_hooks(cluster: &Cluster, world: &World, wanted: &[Value]) -> Result<(), ProvisionError> {
    let live = hooks(world, wanted).into_iter().filter_map(|hook| world.live(&reference(hook)));
    for_each(live.collect(), |hook| delete(cluster, hook)).await
}

/// The hooks that are wanted and that are there.
fn hooks<'a>(world: &World, wanted: &'a [Value]) -> Vec<&'a Value> {
    let is_hook = |object: &&Value| matches!(text(object, "/kind"), "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration");
    wanted.iter().filter(is_hook).filter(|hook| world.live(&reference(hook)).is_some()).collect()
}

async fn for_each<'a, F>(objects: Vec<&'a Value>, work: impl Fn(&'a Value) -> F) -> Result<(), ProvisionError>
where
    F: Future<Output = Result<(), ClusterError>>,
{
    stream::iter(objects).map(work).buffer_unordered(CHANGES_AT_ONCE).try_collect().await.map_err(ProvisionError::from)
}

/// Deletes an object, its processes at once.
pub(super) async fn delete(cluster: &Cluster, object: &Value) -> Result<(), ClusterError> {
    if text(object, "/kind") == "Namespace" {
        return empty::remove_namespace(cluster, name(object)).await;
    }
    let kind = match cluster.kind_of(object).await {
        Ok(kind) => kind,
        // Its kind went with its CRD, and it with its kind.
        Err(ClusterError::UnknownKind { .. }) => return Ok(()),
        Err(error) => return Err(error),
    };
    let uid = Some(text(object, "/metadata/uid")).filter(|uid| !uid.is_empty());
    let options = DeleteOptions { propagation: Propagation::Background, grace_seconds: Some(0), uid };
    if cluster.delete(&kind, namespace(object), name(object), options).await? {
        if text(object, "/kind") == "PersistentVolumeClaim" {
            claims::end_pods_using(cluster, object).await?;
        }
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
        let next = with_server_fields(wanted, &live);
        match cluster.replace(&next).await {
            Ok(_) => return Ok(()),
            Err(error) if error.is_conflict() => last = Some(error),
            // An immutable field differs: only a new object can have the old value.
            Err(error) if error.is_rejected() && !IRREPLACEABLE.contains(&kind.kind.as_str()) => {
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

/// A wanted object with what the server has made of the live one, so that it can replace it: its version, the node of a pod,
/// the volume of a claim, a node's address range.
fn with_server_fields(wanted: &Value, live: &Value) -> Value {
    let mut next = wanted.clone();
    let mut seen = live.clone();
    // The claim that a volume still shows is on its way out: it must not come along.
    if text(live, "/kind") == "PersistentVolume"
        && let Some(fields) = seen.as_object_mut()
    {
        fields.remove("status");
    }
    take_over(&mut next, live, &normalise(&seen));
    if text(live, "/kind") == "Node" {
        let conditions = list(live, "/spec/taints").iter().filter(|t| is_condition_taint(t)).cloned();
        let taints: Vec<Value> = list(wanted, "/spec/taints").iter().cloned().chain(conditions).collect();
        next["spec"]["taints"] = taints.into();
    }
    next
}

/// Copies what `live` has, what its normal form lacks, and what nobody asks for.
fn take_over(next: &mut Value, live: &Value, normal: &Value) {
    let (Some(fields), Some(live)) = (next.as_object_mut(), live.as_object()) else { return };
    for (key, value) in live {
        match (fields.get_mut(key), normal.get(key)) {
            (None, None) => {
                fields.insert(key.clone(), value.clone());
            }
            (Some(field), normal) => take_over(field, value, normal.unwrap_or(&Value::Null)),
            (None, Some(normal)) => {
                let mut field = Value::Object(Map::new());
                take_over(&mut field, value, normal);
                if field.as_object().is_some_and(|f| !f.is_empty()) {
                    fields.insert(key.clone(), field);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::with_server_fields;

    #[test]
    fn a_node_is_replaced_without_losing_its_address_range_or_its_conditions() {
        let live = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n", "uid": "u", "resourceVersion": "7", "annotations": {"a": "b"}, "labels": {"x": "new"}},
            "spec": {"podCIDR": "10.0.0.0/24", "taints": [{"key": "node.kubernetes.io/not-ready"}]}});
        let wanted = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n", "labels": {"x": "old"}}, "spec": {"taints": [{"key": "team"}]}});
        let next = with_server_fields(&wanted, &live);
        assert_eq!(next["spec"], json!({"taints": [{"key": "team"}, {"key": "node.kubernetes.io/not-ready"}], "podCIDR": "10.0.0.0/24"}));
        assert_eq!(
            next["metadata"],
            json!({"name": "n", "labels": {"x": "old"}, "uid": "u", "resourceVersion": "7", "annotations": {"a": "b"}})
        );
    }

    #[test]
    fn a_node_that_had_no_spec_of_its_own_keeps_its_address_range() {
        let live = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}, "spec": {"podCIDR": "10.0.0.0/24", "taints": [{"key": "team"}]}});
        let wanted = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}});
        assert_eq!(with_server_fields(&wanted, &live)["spec"], json!({"podCIDR": "10.0.0.0/24", "taints": []}));
    }

    #[test]
    fn a_volume_lets_go_of_a_claim_that_it_still_shows() {
        let live = json!({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "d", "annotations": {"pv.kubernetes.io/bound-by-controller": "yes"}},
            "spec": {"capacity": {"storage": "1Gi"}, "claimRef": {"name": "c", "uid": "u"}}, "status": {"phase": "Bound"}});
        let wanted =
            json!({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "d"}, "spec": {"capacity": {"storage": "1Gi"}}});
        assert_eq!(with_server_fields(&wanted, &live)["spec"], wanted["spec"]);
    }

    #[test]
    fn what_the_learner_added_does_not_come_along() {
        let live = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "labels": {"mine": "1"}}, "data": {"a": "2", "b": "3"}});
        let wanted = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": "1"}});
        assert_eq!(with_server_fields(&wanted, &live), wanted);
    }
}
