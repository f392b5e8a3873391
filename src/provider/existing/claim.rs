//! Taking up namespaces: those that are missing are made where that is allowed, those that were given are taken when they are
//! empty, and nothing is written before all of them are known to be ours.

use std::{sync::Arc, time::Duration};

use futures::future::try_join_all;
use serde_json::Value;

use super::{
    ExistingError, Share, objects,
    state::{State, allowed},
};
use crate::cluster::{Cluster, ClusterError, DeleteOptions, Freshness, KindId, Scope};

/// How long the default service account of a new namespace may take.
const ACCOUNT_WITHIN: Duration = Duration::from_secs(30);
/// How long a deleted namespace may take.
const GONE_WITHIN: Duration = Duration::from_secs(240);
/// What an administrator, not a learner's neighbour, puts into a namespace.
const FURNITURE: [&str; 5] = ["ResourceQuota", "LimitRange", "NetworkPolicy", "Role", "RoleBinding"];
/// What tells of the state rather than being it.
const PASSING: [&str; 4] = ["Event", "PodMetrics", "Lease", "EndpointSlice"];

pub fn core(kind: &str, plural: &str, namespaced: bool) -> KindId {
    KindId { group: String::new(), version: "v1".into(), kind: kind.into(), plural: plural.into(), namespaced }
}

/// What is to become of the namespaces that are not held yet.
#[derive(Debug, Default)]
pub struct Plan {
    make: Vec<String>,
    take: Vec<String>,
}

/// One access to the cluster, and the environment that it is for.
pub struct Claim<'a> {
    pub cluster: &'a Cluster,
    pub environment: &'a str,
    pub failed: &'a (dyn Fn(ClusterError) -> ExistingError + Sync),
}

impl Claim<'_> {
    /// Looks at the namespaces; changes nothing.
    pub async fn plan(&self, state: &State, wanted: &[String]) -> Result<Plan, ExistingError> {
        let mut plan = Plan::default();
        let may_make = self.cluster.may("create", "", "namespaces", None).await.map_err(self.failed)?;
        for namespace in wanted.iter().filter(|n| !state.holds(n)) {
            allowed(namespace)?;
            let found = match self.cluster.get(&core("Namespace", "namespaces", false), None, namespace).await {
                // Nobody may read a namespace that is not there and that no role lies in.
                Err(ClusterError::Forbidden { .. }) => None,
                found => found.map_err(self.failed)?,
            };
            match found {
                Some(object) if object.pointer("/metadata/deletionTimestamp").is_some() => {
                    return Err(ExistingError::Leaving(namespace.clone()));
                }
                Some(object) => {
                    let label = |key: &str| object.pointer("/metadata/labels").and_then(|l| l.get(key)).and_then(Value::as_str);
                    if label(objects::HOLDER) == Some(&state.holder) {
                        plan.make.push(namespace.clone());
                    } else if label(objects::PREPARED).is_some() || state.names.others.values().any(|given| given == namespace) {
                        if *namespace == state.names.home() {
                            self.is_free(state).await?;
                        }
                        self.is_empty(namespace).await?;
                        plan.take.push(namespace.clone());
                    } else {
                        if label(objects::HOLDER).is_some() {
                            self.is_free(state).await?;
                        }
                        return Err(ExistingError::NotOurs { namespace: namespace.clone() });
                    }
                }
                None if may_make => plan.make.push(namespace.clone()),
                None => return Err(ExistingError::NotPrepared { namespace: namespace.clone(), learner: state.names.learner.clone() }),
            }
        }
        Ok(plan)
    }

    /// Refuses a namespace that holds what somebody else made.
    async fn is_empty(&self, namespace: &str) -> Result<(), ExistingError> {
        let served = self.cluster.served().await.map_err(self.failed)?;
        let listed =
            served.iter().filter(|k| k.id.namespaced && k.verbs.iter().any(|v| v == "list") && !PASSING.contains(&k.id.kind.as_str()));
        for kind in listed {
            let objects = match self.cluster.list(&kind.id, Some(namespace), Freshness::Consistent).await {
                Ok(listed) => listed.objects,
                Err(error) if error.is_not_found() || matches!(error, ClusterError::Forbidden { .. } | ClusterError::Rejected { .. }) => {
                    continue;
                }
                Err(error) => return Err((self.failed)(error)),
            };
            if let Some(foreign) = objects.iter().find(|object| !is_furniture(object)) {
                let name = foreign.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
                return Err(ExistingError::NotEmpty { namespace: namespace.to_owned(), object: format!("{} {name}", kind.id) });
            }
        }
        Ok(())
    }

    /// Refuses a home that another environment works in.
    pub async fn is_free(&self, state: &State) -> Result<bool, ExistingError> {
        let home = state.names.home();
        let claim = self.cluster.get(&core("ConfigMap", "configmaps", true), Some(&home), objects::CLAIM).await.map_err(self.failed)?;
        let Some(claim) = claim else { return Ok(true) };
        let data = |key: &str| claim.pointer(&format!("/data/{key}")).and_then(Value::as_str).unwrap_or_default().to_owned();
        if data("holder") == state.holder {
            return Ok(false);
        }
        Err(ExistingError::Taken { learner: state.names.learner.clone(), environment: data("environment"), home, claim: objects::CLAIM })
    }

    /// Notes what will be held; to be stored before anything is made.
    pub fn note(plan: &Plan, state: &mut State) {
        state.made.extend(plan.make.iter().cloned());
        state.prepared.extend(plan.take.iter().cloned());
    }

    /// Makes what was planned, and claims the home for this environment alone.
    pub async fn carry_out(&self, plan: &Plan, state: &State) -> Result<(), ExistingError> {
        let learner = &state.names.learner;
        try_join_all(plan.make.iter().map(async |namespace| {
            self.cluster.apply(&objects::namespace(namespace, learner, (objects::HOLDER, &state.holder))).await?;
            let accounts = core("ServiceAccount", "serviceaccounts", true);
            let scope = Scope { kind: &accounts, namespace: Some(namespace), name: Some("default") };
            let there = |found: &[Arc<Value>]| if found.is_empty() { Err("there is none".to_owned()) } else { Ok(()) };
            self.cluster.wait(scope, &format!("the default service account of namespace {namespace}"), ACCOUNT_WITHIN, there).await
        }))
        .await
        .map_err(self.failed)?;
        let home = state.names.home();
        match self.cluster.create(&objects::claim(&home, learner, &state.holder, self.environment)).await {
            Err(error) if error.is_conflict() => self.is_free(state).await.map(drop)?,
            created => created.map(drop).map_err(self.failed)?,
        }
        self.cluster.apply(&objects::account(&home, learner)).await.map(drop).map_err(self.failed)
    }

    /// Fences the namespaces that we made in, for what a scenario needs.
    pub async fn fence(&self, state: &State, share: &Share) -> Result<(), ExistingError> {
        let home = state.names.home();
        for namespace in state.made.iter().filter(|n| **n != home) {
            let fences = objects::fences(namespace, &state.names.learner, share);
            for kind in ["LimitRange", "NetworkPolicy"].iter().filter(|kind| !fences.iter().any(|fence| fence["kind"] == **kind)) {
                let Some(id) = self.cluster.kind(kind).await.map_err(self.failed)? else { continue };
                self.cluster
                    .delete(&id, Some(namespace), objects::fence_name(kind), DeleteOptions::default())
                    .await
                    .map_err(self.failed)?;
            }
            try_join_all(fences.iter().map(|fence| self.cluster.apply(fence))).await.map_err(self.failed)?;
            // Until the quota has been counted, every pod is refused.
            if let Some(kind) = self.cluster.kind("ResourceQuota").await.map_err(self.failed)? {
                let scope = Scope { kind: &kind, namespace: Some(namespace), name: Some(objects::QUOTA) };
                let counted = |found: &[Arc<Value>]| match found.first().and_then(|quota| quota.pointer("/status/used")) {
                    Some(_) => Ok(()),
                    None => Err("nobody has counted yet".to_owned()),
                };
                let what = format!("the count for the quota of namespace {namespace}");
                self.cluster.wait(scope, &what, ACCOUNT_WITHIN, counted).await.map_err(self.failed)?;
            }
        }
        Ok(())
    }

    /// Lets the learner read what belongs to all, where we may grant that; says whether we could.
    pub async fn view(&self, state: &State) -> Result<bool, ExistingError> {
        for resource in ["clusterroles", "clusterrolebindings"] {
            if !self.cluster.may("create", "rbac.authorization.k8s.io", resource, None).await.map_err(self.failed)? {
                return Ok(false);
            }
        }
        for object in objects::view(&state.names.home(), &state.names.learner) {
            match self.cluster.apply(&object).await {
                // Nobody can grant more than they have.
                Err(ClusterError::Forbidden { .. }) => return Ok(false),
                applied => applied.map(drop).map_err(self.failed)?,
            }
        }
        Ok(true)
    }

    /// Removes what we made: whole namespaces where they are ours, and our own objects where they were given.
    pub async fn release(&self, state: &State) -> Result<(), ExistingError> {
        if state.view {
            let name = objects::view_name(&state.names.learner);
            for (kind, plural) in [("ClusterRoleBinding", "clusterrolebindings"), ("ClusterRole", "clusterroles")] {
                let kind =
                    KindId { group: "rbac.authorization.k8s.io".into(), kind: kind.into(), plural: plural.into(), ..core("", "", false) };
                self.cluster.delete(&kind, None, &name, DeleteOptions::default()).await.map_err(self.failed)?;
            }
        }
        let home = state.names.home();
        if state.prepared.contains(&home) && matches!(self.is_free(state).await, Ok(false)) {
            for (kind, name) in [
                (core("ServiceAccount", "serviceaccounts", true), objects::ACCOUNT),
                (core("ConfigMap", "configmaps", true), objects::CLAIM),
            ] {
                self.cluster.delete(&kind, Some(&home), name, DeleteOptions::default()).await.map_err(self.failed)?;
            }
        }
        let namespaces = core("Namespace", "namespaces", false);
        try_join_all(state.made.iter().map(async |namespace| {
            let found = self.cluster.get(&namespaces, None, namespace).await?;
            let ours = |object: &Value| {
                object.pointer("/metadata/labels").and_then(|l| l.get(objects::HOLDER)).and_then(Value::as_str) == Some(&state.holder)
            };
            let Some(object) = found.filter(ours) else { return Ok(()) };
            let uid = object.pointer("/metadata/uid").and_then(Value::as_str);
            self.cluster.delete(&namespaces, None, namespace, DeleteOptions { uid, ..DeleteOptions::default() }).await?;
            self.cluster.wait_gone(&namespaces, None, namespace, uid, GONE_WITHIN).await
        }))
        .await
        .map(drop)
        .map_err(self.failed)
    }
}

/// What is in a namespace before anybody works in it: what Kubernetes itself puts there, what its owner did, and what goes with
/// something else that is looked at by itself.
fn is_furniture(object: &Value) -> bool {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let label = |key: &str| object.pointer("/metadata/labels").and_then(|l| l.get(key)).is_some();
    if object.pointer("/metadata/ownerReferences").is_some() {
        return true;
    }
    match text("/kind") {
        "ConfigMap" => ["kube-root-ca.crt", objects::CLAIM].contains(&text("/metadata/name")) || label(objects::PREPARED),
        "ServiceAccount" => ["default", objects::ACCOUNT].contains(&text("/metadata/name")) || label(objects::PREPARED),
        kind => FURNITURE.contains(&kind) || label(objects::PREPARED),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::is_furniture;

    #[test]
    fn what_an_owner_puts_into_a_namespace_is_told_from_what_somebody_works_on() {
        let object = |kind: &str, name: &str| json!({"kind": kind, "metadata": {"name": name}});
        for (kind, name) in [("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default"), ("ResourceQuota", "q"), ("RoleBinding", "r")]
        {
            assert!(is_furniture(&object(kind, name)), "{kind} {name}");
        }
        for (kind, name) in [("ConfigMap", "app"), ("Pod", "web"), ("Secret", "s"), ("ServiceAccount", "web")] {
            assert!(!is_furniture(&object(kind, name)), "{kind} {name}");
        }
        let mut given = object("Secret", "registry");
        given["metadata"]["labels"] = json!({"kubedrill.dev/prepared": "true"});
        assert!(is_furniture(&given));
    }
}
