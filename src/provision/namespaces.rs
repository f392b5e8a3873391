use std::time::Duration;

use futures::future::try_join_all;
use serde_json::{Value, json};

use super::{
    ProvisionError,
    marker::{Marker, core, had_namespace},
    names,
};
use crate::cluster::{Cluster, Scope};

/// How long the default service account of a new namespace may take.
const ACCOUNT_WITHIN: Duration = Duration::from_secs(30);

/// Makes the scenario's namespaces, each with its default service account: no pod starts without one.
///
/// # Errors
/// One of them is somebody else's, or the cluster refuses.
pub(super) async fn make(cluster: &Cluster, marker: &Marker, before: &[Value]) -> Result<(), ProvisionError> {
    if let Some(foreign) = marker.namespaces.iter().find(|n| had_namespace(before, n)) {
        return Err(ProvisionError::NotOurs { namespace: foreign.clone() });
    }
    let accounts = core("ServiceAccount", "serviceaccounts", true);
    try_join_all(marker.namespaces.iter().map(async |namespace| {
        let labels = json!({names::OWNED: marker.attempt.0});
        cluster.apply(&json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace, "labels": labels}})).await?;
        let scope = Scope { kind: &accounts, namespace: Some(namespace), name: Some("default") };
        let what = format!("the default service account of namespace {namespace}");
        let there = |objects: &[std::sync::Arc<Value>]| {
            if objects.is_empty() { Err("there is none; kube-controller-manager makes it".to_owned()) } else { Ok(()) }
        };
        cluster.wait(scope, &what, ACCOUNT_WITHIN, there).await?;
        Ok(())
    }))
    .await
    .map(drop)
}
