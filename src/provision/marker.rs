use serde_json::{Value, json};

use super::{
    ProvisionError, names,
    object::{name, text},
};
use crate::{attempt::AttemptId, cluster::Cluster};

/// What an attempt leaves in its cluster: proves that this is the attempt's cluster, and holds what a later command needs to
/// clean up after an interrupted one. The learner can read it and cannot write it.
#[derive(Debug, Clone, PartialEq)]
pub struct Marker {
    /// The attempt's random word.
    pub nonce: String,
    /// The attempt.
    pub attempt: AttemptId,
    /// The scenario's id.
    pub scenario: String,
    /// The scenario's namespaces.
    pub namespaces: Vec<String>,
    /// Every cluster-scoped object as it was before the attempt.
    pub(super) before: Vec<Value>,
}

impl Marker {
    /// Reads it; `None` when no attempt is in this cluster.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn read(cluster: &Cluster) -> Result<Option<Self>, ProvisionError> {
        let found = cluster.get(&config_map(), Some(names::SYSTEM_NAMESPACE), names::MARKER).await?;
        Ok(found.map(|object| Self::of(&object)))
    }

    pub(super) async fn write(&self, cluster: &Cluster) -> Result<(), ProvisionError> {
        let owned = json!({names::OWNED: self.attempt.0});
        cluster
            .apply(&json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": names::SYSTEM_NAMESPACE, "labels": owned}}))
            .await?;
        let marker = json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": names::MARKER, "namespace": names::SYSTEM_NAMESPACE, "labels": owned},
            "data": {
                "nonce": self.nonce,
                "attempt": self.attempt.0,
                "scenario": self.scenario,
                "namespaces": json!(self.namespaces).to_string(),
                "before": Value::from(self.before.clone()).to_string(),
            },
        });
        cluster.apply(&marker).await?;
        Ok(())
    }

    fn of(object: &Value) -> Self {
        let data = |key: &str| text(object, &format!("/data/{key}")).to_owned();
        let parsed = |key: &str| serde_json::from_str::<Value>(&data(key)).unwrap_or_default();
        Self {
            nonce: data("nonce"),
            attempt: AttemptId(data("attempt")),
            scenario: data("scenario"),
            namespaces: serde_json::from_value(parsed("namespaces")).unwrap_or_default(),
            before: serde_json::from_value(parsed("before")).unwrap_or_default(),
        }
    }

    /// Whether there was a namespace of this name before the attempt.
    pub(super) fn had_namespace(&self, namespace: &str) -> bool {
        self.before.iter().any(|o| text(o, "/kind") == "Namespace" && name(o) == namespace)
    }
}

/// Makes sure that this is the cluster of an attempt, before anything is read or changed for it.
///
/// # Errors
/// [`ProvisionError::WrongCluster`], or the cluster cannot be asked.
pub async fn verify_marker(cluster: &Cluster, nonce: &str, uid: &str) -> Result<Marker, ProvisionError> {
    let (found_uid, marker) = futures::join!(cluster.uid(), Marker::read(cluster));
    let found_uid = found_uid?;
    if found_uid != uid {
        return Err(ProvisionError::WrongCluster { why: format!("its kube-system has the uid {found_uid}, not {uid}") });
    }
    match marker? {
        Some(marker) if marker.nonce == nonce => Ok(marker),
        Some(marker) => {
            Err(ProvisionError::WrongCluster { why: format!("it holds the attempt {} of {}", marker.attempt, marker.scenario) })
        }
        None => Err(ProvisionError::WrongCluster { why: "it holds no attempt".into() }),
    }
}

pub(super) fn config_map() -> crate::cluster::KindId {
    core("ConfigMap", "configmaps", true)
}

pub(super) fn core(kind: &str, plural: &str, namespaced: bool) -> crate::cluster::KindId {
    crate::cluster::KindId { group: String::new(), version: "v1".into(), kind: kind.into(), plural: plural.into(), namespaced }
}
