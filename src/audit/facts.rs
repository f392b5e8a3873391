use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value;

use super::{Scope, found::Unread};
use crate::{
    check::{object, posture::Pod},
    cluster::Snapshot,
};

/// Everything that an audit looks at. What could not be had says why.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Which namespaces it is about.
    pub scope: Scope,
    /// What was read of the scope, and outside of namespaces.
    pub own: Snapshot,
    /// What watches over the cluster, wherever it lives.
    pub tools: Snapshot,
    /// The API server's version.
    pub version: Result<String, String>,
    /// The API server's metrics.
    pub metrics: Result<String, String>,
    /// Certificates in DER, by whose they are.
    pub certificates: Vec<(String, Vec<u8>)>,
    /// Whose certificates could not be read, and why.
    pub uncertified: Vec<(String, String)>,
    /// Alertmanagers' configurations, by the object that they belong to.
    pub routes: BTreeMap<String, Result<String, String>>,
}

impl Facts {
    pub(super) fn now(&self) -> Timestamp {
        self.own.taken
    }

    /// The objects of a kind in the scope.
    pub(super) fn in_scope(&self, kind: &str) -> Result<Vec<&Value>, Unread> {
        let objects = self.own.objects(kind)?.iter().map(AsRef::as_ref);
        Ok(objects.filter(|o| self.scope.holds(object::namespace(o)) && !object::terminating(o)).collect())
    }

    /// The objects of a kind outside of namespaces.
    pub(super) fn of_cluster(&self, kind: &str) -> Result<Vec<&Value>, Unread> {
        Ok(self.own.objects(kind)?.iter().map(AsRef::as_ref).collect())
    }

    /// The objects of a kind anywhere.
    pub(super) fn anywhere(&self, kind: &str) -> Result<Vec<&Value>, Unread> {
        Ok(self.tools.objects(kind)?.iter().map(AsRef::as_ref).filter(|object| !object::terminating(object)).collect())
    }

    /// The workloads in the scope: whatever has a template for pods, or is a pod, and belongs to no other.
    pub(super) fn workloads(&self) -> Result<Vec<Pod<'_>>, Unread> {
        let mut found = Vec::new();
        for kind in ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "CronJob", "Job", "Pod"] {
            let own = self.in_scope(kind)?.into_iter().filter(|object| object::controller(object).is_none());
            let ended = |object: &&Value| matches!(object::text(object, "/status/phase"), "Succeeded" | "Failed");
            found.extend(own.filter(|object| !ended(object)).filter_map(Pod::of));
        }
        Ok(found)
    }

    /// The namespaces in the scope that have workloads.
    pub(super) fn populated(&self) -> Result<BTreeSet<&str>, Unread> {
        Ok(self.workloads()?.iter().map(|pod| object::namespace(pod.workload)).collect())
    }

    /// The labels of a namespace.
    pub(super) fn namespace_labels(&self, namespace: &str) -> Result<BTreeMap<String, String>, Unread> {
        let found = self.of_cluster("Namespace")?.into_iter().find(|object| object::name(object) == namespace);
        let labels = found.into_iter().flat_map(|object| object::pairs(object, "/metadata/labels"));
        Ok(labels.map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
    }
}
