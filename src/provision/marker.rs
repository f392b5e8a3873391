use serde_json::{Value, json};

use super::{
    ProvisionError, names,
    object::{name, text},
};
use crate::{attempt::AttemptId, cluster::Cluster, territory::Territory};

/// What an attempt leaves in its cluster: proves that this is the attempt's cluster, and says which namespaces are its own. The
/// learner can read it and cannot write it.
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
}

impl Marker {
    /// Reads it; `None` when no attempt is in this cluster.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn read(cluster: &Cluster, territory: &Territory) -> Result<Option<Self>, ProvisionError> {
        let found = cluster.get(&config_map(), Some(territory.home()), names::MARKER).await?;
        Ok(found.map(|object| Self::of(&object)))
    }

    /// Writes it, after `before`: what was there before the attempt, which a later command needs to clean up after this one,
    /// however it ends.
    pub(super) async fn write(&self, cluster: &Cluster, territory: &Territory, before: &[Value]) -> Result<(), ProvisionError> {
        let owned = json!({names::OWNED: self.attempt.0});
        let home = territory.home();
        if *territory == Territory::WholeCluster {
            cluster.apply(&json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": home, "labels": owned}})).await?;
        }
        let config_map = |name: &str, data: Value| {
            let metadata = json!({"name": name, "namespace": home, "labels": owned});
            json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data})
        };
        cluster.apply(&config_map(names::BEFORE, json!({"objects": Value::from(before).to_string()}))).await?;
        let marker = json!({
            "nonce": self.nonce,
            "attempt": self.attempt.0,
            "scenario": self.scenario,
            "namespaces": json!(self.namespaces).to_string(),
        });
        cluster.apply(&config_map(names::MARKER, marker)).await?;
        Ok(())
    }

    fn of(object: &Value) -> Self {
        let data = |key: &str| text(object, &format!("/data/{key}")).to_owned();
        Self {
            nonce: data("nonce"),
            attempt: AttemptId(data("attempt")),
            scenario: data("scenario"),
            namespaces: serde_json::from_str(&data("namespaces")).unwrap_or_default(),
        }
    }
}

/// What was there before the attempt; `None` when no attempt has got so far.
pub(super) async fn before(cluster: &Cluster, territory: &Territory) -> Result<Option<Vec<Value>>, ProvisionError> {
    let found = cluster.get(&config_map(), Some(territory.home()), names::BEFORE).await?;
    Ok(found.and_then(|object| serde_json::from_str(text(&object, "/data/objects")).ok()))
}

/// Whether there was a namespace of this name before the attempt.
pub(super) fn had_namespace(before: &[Value], namespace: &str) -> bool {
    before.iter().any(|o| text(o, "/kind") == "Namespace" && name(o) == namespace)
}

/// Makes sure that this is the cluster of an attempt, before anything is read or changed for it.
///
/// # Errors
/// [`ProvisionError::WrongCluster`], or the cluster cannot be asked.
pub async fn verify_marker(cluster: &Cluster, territory: &Territory, nonce: &str, uid: &str) -> Result<Marker, ProvisionError> {
    let (found_uid, marker) = futures::join!(cluster.uid(), Marker::read(cluster, territory));
    let found_uid = found_uid?;
    if found_uid != uid {
        return Err(ProvisionError::WrongCluster { why: format!("it has the uid {found_uid}, not {uid}") });
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
