use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    ProvisionError,
    actions::failure,
    object::{self, text},
};
use crate::{
    cluster::{Cluster, ClusterError, DeleteOptions, FIELD_MANAGER, Freshness, KindId},
    scenario::Scenario,
};

/// How long a deleted object may take to be gone.
const GONE_WITHIN: std::time::Duration = std::time::Duration::from_secs(60);

/// An environment as somebody exported it.
#[derive(Clone, Copy)]
pub struct Exported<'a> {
    /// Its name, for messages.
    pub place: &'a str,
    /// The objects that are to be as they are in it.
    pub objects: &'a [Value],
    /// Whether it shows an object of the cluster, in whatever state.
    pub shows: &'a (dyn Fn(&Value) -> bool + Send + Sync),
    /// Whether controllers or the cluster itself made an object.
    pub is_made: &'a (dyn Fn(&Value) -> bool + Send + Sync),
}

/// Makes a cluster's objects be as an export shows them: replaces and makes those that it shows, then deletes what else there is of
/// the same kinds in the scenario's namespaces; outside of namespaces, only what the scenario brought. Goes on past what is refused.
///
/// # Errors
/// Each that was refused.
pub async fn put_back(cluster: &Cluster, scenario: &Scenario, exported: Exported<'_>) -> Vec<ProvisionError> {
    let (mut failed, mut covered) = (Vec::new(), BTreeSet::new());
    for object in exported.objects {
        let object = &in_namespace(cluster, scenario, object).await;
        let place = format!("{}: {}", exported.place, object::reference(object));
        match cluster.kind_of(object).await {
            Ok(kind) => {
                covered.insert((
                    text(object, "/apiVersion").to_owned(),
                    text(object, "/kind").to_owned(),
                    object::namespace(object).map(str::to_owned),
                ));
                failed.extend(put(cluster, &kind, object).await.err().map(|error| failure(&place, error)));
            }
            Err(error) => failed.push(failure(&place, error)),
        }
    }
    for (api_version, kind, namespace) in covered {
        if namespace.as_ref().is_some_and(|namespace| !scenario.file.spec.namespaces.contains(namespace)) {
            continue;
        }
        let gone = take_away(cluster, &exported, &api_version, &kind, namespace.as_deref()).await;
        failed.extend(gone.err().map(|error| failure(exported.place, error)));
    }
    failed
}

/// The object with the scenario's first namespace, where it belongs to one and names none.
async fn in_namespace(cluster: &Cluster, scenario: &Scenario, object: &Value) -> Value {
    let mut object = object.clone();
    if object::namespace(&object).is_none()
        && cluster.kind_of(&object).await.is_ok_and(|kind| kind.namespaced)
        && let (Some(metadata), Some(first)) = (object.get_mut("metadata"), scenario.file.spec.namespaces.first())
    {
        metadata["namespace"] = first.as_str().into();
    }
    object
}

async fn put(cluster: &Cluster, kind: &KindId, object: &Value) -> Result<(), ClusterError> {
    let (namespace, name) = (object::namespace(object), object::name(object));
    let Some(live) = cluster.get(kind, namespace, name).await? else { return cluster.create(object).await.map(drop) };
    let mut wanted = object.clone();
    wanted["metadata"]["resourceVersion"] = text(&live, "/metadata/resourceVersion").into();
    if let ("PersistentVolumeClaim", Some(volume)) = (kind.kind.as_str(), live.pointer("/spec/volumeName")) {
        wanted["spec"]["volumeName"] = volume.clone();
    }
    match cluster.replace(&wanted).await {
        // Whom a binding gives what cannot be changed: people delete it and make it anew.
        Err(error) if error.is_rejected() && object.get("roleRef").is_some() && object["roleRef"] != live["roleRef"] => {
            cluster.delete_and_wait(kind, namespace, name, DeleteOptions::default(), GONE_WITHIN).await?;
            cluster.create(object).await.map(drop)
        }
        other => other.map(drop),
    }
}

async fn take_away(
    cluster: &Cluster,
    exported: &Exported<'_>,
    api_version: &str,
    kind: &str,
    namespace: Option<&str>,
) -> Result<(), ClusterError> {
    let kind = cluster.kind_of(&serde_json::json!({"apiVersion": api_version, "kind": kind})).await?;
    let listed = cluster.list(&kind, namespace, Freshness::Consistent).await?;
    for object in &listed.objects {
        let object: &Value = object;
        let stays = (exported.shows)(object) || (exported.is_made)(object) || namespace.is_none() && !is_the_scenarios(object);
        if !stays {
            cluster.delete_and_wait(&kind, namespace, object::name(object), DeleteOptions::default(), GONE_WITHIN).await?;
        }
    }
    Ok(())
}

fn is_the_scenarios(object: &Value) -> bool {
    let managers = object.pointer("/metadata/managedFields").and_then(Value::as_array);
    managers.is_some_and(|managers| managers.iter().any(|entry| entry["manager"] == FIELD_MANAGER))
}
