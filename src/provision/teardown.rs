use futures::future::try_join_all;
use serde_json::Value;

use super::{
    ProvisionError, empty,
    marker::{self, config_map, core, had_namespace},
    names,
    object::{name, reference},
    restore,
    world::World,
};
use crate::{
    cluster::{Cluster, DeleteOptions, Freshness, KindId},
    territory::{Holding, Territory},
};

/// How often namespaces are looked at again until controllers have ended what depends on what was deleted.
const ROUNDS: usize = 6;

/// Removes everything that an attempt, finished or interrupted, has left in its territory: its namespaces and those that the
/// learner made, cluster-scoped objects, the learner's rights, the marker. In somebody else's cluster the namespaces themselves
/// stay, with what was in them before. Idempotent.
///
/// # Errors
/// The cluster cannot be asked, or something holds an object.
pub async fn teardown(cluster: &Cluster, territory: &Territory) -> Result<(), ProvisionError> {
    sweep(cluster, territory).await?;
    if territory.holding().is_some() {
        return Ok(());
    }
    let namespace = core("Namespace", "namespaces", false);
    let own = cluster.get(&namespace, None, names::SYSTEM_NAMESPACE).await?;
    if own.is_some_and(|o| o.pointer("/metadata/labels").and_then(|l| l.get(names::OWNED)).is_some()) {
        empty::remove_namespace(cluster, names::SYSTEM_NAMESPACE).await?;
    }
    Ok(())
}

/// Like [`teardown`], and leaves kubedrill's own empty namespace for the attempt that follows.
pub(super) async fn sweep(cluster: &Cluster, territory: &Territory) -> Result<(), ProvisionError> {
    let before = marker::before(cluster, territory).await?;
    match territory {
        Territory::WholeCluster => sweep_cluster(cluster, before.as_deref()).await?,
        Territory::Namespaces(holding) => sweep_namespaces(cluster, territory, holding, before.as_deref()).await?,
    }
    // The record goes last: while it is there, an interrupted sweep can be done again.
    for name in [names::MARKER, names::BEFORE] {
        cluster.delete(&config_map(), Some(territory.home()), name, DeleteOptions::default()).await?;
    }
    Ok(())
}

/// Brings the namespaces back to what was in them before. Without a record of it, nothing was made.
async fn sweep_namespaces(
    cluster: &Cluster,
    territory: &Territory,
    holding: &Holding,
    before: Option<&[Value]>,
) -> Result<(), ProvisionError> {
    let Some(before) = before else { return Ok(()) };
    // Others of the learner's namespaces took no part in the attempt that the record is of.
    let namespaces: Vec<String> = holding.namespaces.iter().filter(|namespace| had_namespace(before, namespace)).cloned().collect();
    for kind in [rbac("RoleBinding", "rolebindings", true), rbac("Role", "roles", true)] {
        for namespace in &namespaces {
            cluster.delete(&kind, Some(namespace), names::LEARNER_EDIT, DeleteOptions::default()).await?;
        }
    }
    let mut left = Vec::new();
    for _ in 0..ROUNDS {
        let world = World::read(cluster, territory, &namespaces).await?;
        let found = restore::restore(cluster, &world, before).await?;
        let dependents = world.dependents();
        try_join_all(dependents.iter().map(|object| restore::delete(cluster, object))).await?;
        if found.is_empty() && dependents.is_empty() {
            return Ok(());
        }
        left = found.iter().map(ToString::to_string).chain(dependents.iter().map(|o| reference(o))).collect();
    }
    Err(ProvisionError::Left { left })
}

async fn sweep_cluster(cluster: &Cluster, before: Option<&[Value]>) -> Result<(), ProvisionError> {
    let namespace = core("Namespace", "namespaces", false);
    let listed = cluster.list(&namespace, None, Freshness::Consistent).await?;
    let ours = |object: &Value| {
        let labelled = object.pointer("/metadata/labels").and_then(|l| l.get(names::OWNED)).is_some();
        // Without a record only the label tells; with one, whatever was not there before came with the attempt.
        labelled || before.is_some_and(|before| !had_namespace(before, name(object)))
    };
    let doomed: Vec<&str> = listed.objects.iter().filter(|o| ours(o)).map(|o| name(o)).filter(|n| *n != names::SYSTEM_NAMESPACE).collect();
    try_join_all(doomed.iter().map(|name| empty::remove_namespace(cluster, name))).await?;
    if let Some(before) = before {
        restore::restore(cluster, &World::read(cluster, &Territory::WholeCluster, &[]).await?, before).await?;
    }
    let (roles, bindings) = (rbac("ClusterRole", "clusterroles", false), rbac("ClusterRoleBinding", "clusterrolebindings", false));
    for (kind, name) in [(&bindings, names::LEARNER_VIEW), (&roles, names::LEARNER_VIEW), (&roles, names::LEARNER_EDIT)] {
        cluster.delete(kind, None, name, DeleteOptions::default()).await?;
    }
    Ok(())
}

fn rbac(kind: &str, plural: &str, namespaced: bool) -> KindId {
    KindId { group: "rbac.authorization.k8s.io".into(), version: "v1".into(), kind: kind.into(), plural: plural.into(), namespaced }
}
