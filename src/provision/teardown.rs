use futures::future::try_join_all;
use serde_json::Value;

use super::{
    ProvisionError, empty,
    marker::{self, config_map, core, had_namespace},
    names,
    object::name,
    restore,
    world::{World, cluster_scoped},
};
use crate::cluster::{Cluster, DeleteOptions, Freshness, KindId};

/// Removes everything that an attempt, finished or interrupted, has left in the cluster: its namespaces and those that the
/// learner made, cluster-scoped objects, the learner's rights, the marker. Idempotent.
///
/// # Errors
/// The cluster cannot be asked, or something holds an object.
pub async fn teardown(cluster: &Cluster) -> Result<(), ProvisionError> {
    sweep(cluster).await?;
    let namespace = core("Namespace", "namespaces", false);
    let own = cluster.get(&namespace, None, names::SYSTEM_NAMESPACE).await?;
    if own.is_some_and(|o| o.pointer("/metadata/labels").and_then(|l| l.get(names::OWNED)).is_some()) {
        empty::remove_namespace(cluster, names::SYSTEM_NAMESPACE).await?;
    }
    Ok(())
}

/// Like [`teardown`], and leaves kubedrill's own empty namespace for the attempt that follows.
pub(super) async fn sweep(cluster: &Cluster) -> Result<(), ProvisionError> {
    let before = marker::before(cluster).await?;
    let namespace = core("Namespace", "namespaces", false);
    let listed = cluster.list(&namespace, None, Freshness::Consistent).await?;
    let ours = |object: &Value| {
        let labelled = object.pointer("/metadata/labels").and_then(|l| l.get(names::OWNED)).is_some();
        // Without a record only the label tells; with one, whatever was not there before came with the attempt.
        labelled || before.as_ref().is_some_and(|before| !had_namespace(before, name(object)))
    };
    let doomed: Vec<&str> = listed.objects.iter().filter(|o| ours(o)).map(|o| name(o)).filter(|n| *n != names::SYSTEM_NAMESPACE).collect();
    try_join_all(doomed.iter().map(|name| empty::remove_namespace(cluster, name))).await?;
    if let Some(before) = &before {
        let world = World::read(cluster, &[]).await?;
        let known =
            World { objects: world.objects.into_iter().filter(|o| cluster_scoped(std::slice::from_ref(o)).next().is_some()).collect() };
        restore::restore(cluster, &known, before).await?;
    }
    let rbac = |kind: &str, plural: &str| KindId {
        group: "rbac.authorization.k8s.io".into(),
        version: "v1".into(),
        kind: kind.into(),
        plural: plural.into(),
        namespaced: false,
    };
    let (roles, bindings) = (rbac("ClusterRole", "clusterroles"), rbac("ClusterRoleBinding", "clusterrolebindings"));
    for (kind, name) in [(&bindings, names::LEARNER_VIEW), (&roles, names::LEARNER_VIEW), (&roles, names::LEARNER_EDIT)] {
        cluster.delete(kind, None, name, DeleteOptions::default()).await?;
    }
    // The record goes last: while it is there, an interrupted sweep can be done again.
    for name in [names::MARKER, names::BEFORE] {
        cluster.delete(&config_map(), Some(names::SYSTEM_NAMESPACE), name, DeleteOptions::default()).await?;
    }
    Ok(())
}
