use std::{path::Path, time::Duration};

use futures::{StreamExt, TryStreamExt, stream};
use serde_json::Value;

use super::{
    Components, ProvisionError, loads,
    object::{self, text},
    target::{self, Targets},
    waiting,
};
use crate::{
    cluster::{Cluster, ClusterError, DeleteOptions, Scope},
    diagnostic::Diagnostic,
    scenario::{Action, ComponentState, Scenario, read_manifests},
};

/// How many objects are applied at a time.
const APPLIES_AT_ONCE: usize = 4;
/// How long a CRD may take to be served.
const ESTABLISHED_WITHIN: Duration = Duration::from_secs(30);
/// How long a deleted object may take to be gone.
const GONE_WITHIN: Duration = Duration::from_secs(120);

/// Carries out actions, in order, with the rights of the given cluster access.
pub struct Actor<'a, C> {
    /// Whose access: kubedrill's own, or the learner's.
    pub cluster: &'a Cluster,
    /// The scenario that the actions belong to.
    pub scenario: &'a Scenario,
    /// Where `apply` paths start.
    pub dir: &'a Path,
    /// What list of actions this is, for messages: `stage`, `solution fix-selector`.
    pub list: &'a str,
    /// Stops and starts parts of the control plane.
    pub components: &'a C,
}

impl<C: Components> Actor<'_, C> {
    /// Carries them out; the first failure ends it. Returns the objects that were applied.
    ///
    /// # Errors
    /// The action that failed, with its object and file; [`ProvisionError::Refused`] when RBAC refused it.
    pub async fn run(&self, actions: &[Action]) -> Result<Vec<Value>, ProvisionError> {
        let mut applied = Vec::new();
        for (index, action) in actions.iter().enumerate() {
            let place = format!("{} action {} ({})", self.list, index + 1, title(action));
            applied.extend(self.act(&place, action).await?);
        }
        Ok(applied)
    }

    /// Applies objects one after the other as they are written, and goes on past those that are refused.
    ///
    /// # Errors
    /// Each that could not be applied.
    pub async fn apply_each(&self, place: &str, objects: &[Value]) -> Vec<ProvisionError> {
        let mut failed = Vec::new();
        for object in objects {
            match self.apply_one(place, object.clone()).await {
                Ok(made) if text(&made, "/kind") == "CustomResourceDefinition" => failed.extend(self.established(place, &made).await.err()),
                Ok(_) => {}
                Err(error) => failed.push(error),
            }
        }
        failed
    }

    /// Carries out one action; `place` names it in messages. Returns the objects that were applied.
    ///
    /// # Errors
    /// As [`Actor::run`].
    pub async fn act(&self, place: &str, action: &Action) -> Result<Vec<Value>, ProvisionError> {
        let failed = |source: ClusterError| failure(place, source);
        match action {
            Action::Apply(apply) => return self.apply(place, &apply.path).await,
            Action::Patch(patch) => {
                let targets = self.targets(place, &patch.on).await?;
                for name in &targets.names {
                    let namespace = targets.namespace_of(name);
                    self.cluster.patch(&targets.kind, namespace, &name.1, patch.patch_type, &patch.patch).await.map_err(failed)?;
                }
            }
            Action::Delete(delete) => {
                let targets = self.targets(place, &delete.on).await?;
                for name in &targets.names {
                    let namespace = targets.namespace_of(name);
                    self.cluster
                        .delete_and_wait(&targets.kind, namespace, &name.1, DeleteOptions::default(), GONE_WITHIN)
                        .await
                        .map_err(failed)?;
                }
            }
            Action::Scale(scale) => {
                let targets = self.targets(place, &scale.on).await?;
                for name in &targets.names {
                    let namespace = targets.namespace_of(name);
                    self.cluster.scale(&targets.kind, namespace, &name.1, scale.replicas).await.map_err(failed)?;
                }
            }
            Action::Restart(restart) => {
                let targets = self.targets(place, &restart.on).await?;
                for name in &targets.names {
                    self.cluster.restart(&targets.kind, targets.namespace_of(name), &name.1).await.map_err(failed)?;
                }
            }
            Action::Taint(taint) => {
                let targets = self.targets(place, &taint.on).await?;
                for name in &targets.names {
                    self.cluster.taint(&targets.kind, &name.1, taint).await.map_err(failed)?;
                }
            }
            Action::Component(component) => {
                let running = component.state == ComponentState::Running;
                self.components
                    .set(&component.name, running)
                    .await
                    .map_err(|message| ProvisionError::Component { place: place.to_owned(), message })?;
            }
            Action::Load(load) => {
                let demand = loads::demand(self.scenario, place, load)?;
                self.components.demand(&demand).await.map_err(|message| ProvisionError::Component { place: place.to_owned(), message })?;
            }
            Action::Wait(wait) => waiting::wait(self.cluster, self.scenario, place, wait).await?,
        }
        Ok(Vec::new())
    }

    /// The objects that an action is about; there must be at least one.
    async fn targets(&self, place: &str, on: &crate::scenario::ObjectRef) -> Result<Targets, ProvisionError> {
        let targets = target::resolve(self.cluster, self.scenario, place, on).await?;
        if targets.names.is_empty() {
            let why = format!("there is no {} that it could be about", target::describe(on));
            return Err(ProvisionError::Target { place: place.to_owned(), why });
        }
        Ok(targets)
    }

    async fn apply(&self, place: &str, path: &str) -> Result<Vec<Value>, ProvisionError> {
        let mut objects = read_manifests(self.scenario, self.dir, path).map_err(|found| unreadable(place, &self.dir.join(path), &found))?;
        objects.sort_by_key(rank);
        let mut applied: Vec<Value> = Vec::new();
        for group in objects.chunk_by(|a, b| rank(a) == rank(b)) {
            let made: Vec<Value> =
                stream::iter(group.to_vec()).map(|object| self.apply_one(place, object)).buffered(APPLIES_AT_ONCE).try_collect().await?;
            for crd in made.iter().filter(|o| text(o, "/kind") == "CustomResourceDefinition") {
                self.established(place, crd).await?;
            }
            applied.extend(made);
        }
        Ok(applied)
    }

    async fn apply_one(&self, place: &str, mut object: Value) -> Result<Value, ProvisionError> {
        let place = format!("{place}: {}", object::reference(&object));
        let failed = |source| failure(&place, source);
        let kind = self.cluster.kind_of(&object).await.map_err(failed)?;
        if kind.namespaced
            && object::namespace(&object).is_none()
            && let (Some(metadata), Some(first)) = (object.get_mut("metadata"), self.scenario.file.spec.namespaces.first())
        {
            metadata["namespace"] = first.as_str().into();
        }
        let mut tries = 0;
        loop {
            match self.cluster.apply(&object).await {
                // A CRD that was established just now is served a moment later than it is discovered.
                Err(error) if error.is_not_found() && kind.group.contains('.') && tries < 50 => {
                    tries += 1;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                other => return other.map_err(failed),
            }
        }
    }

    async fn established(&self, place: &str, crd: &Value) -> Result<(), ProvisionError> {
        let kind = self.cluster.kind_of(crd).await?;
        let scope = Scope { kind: &kind, namespace: None, name: Some(object::name(crd)) };
        let what = format!("the establishing of {}", object::reference(crd));
        self.cluster
            .wait(scope, &what, ESTABLISHED_WITHIN, |objects| match objects.first().map(|o| super::health::lacking(o)) {
                Some(None) => Ok(()),
                Some(Some(missing)) => Err(missing),
                None => Err("it is gone".into()),
            })
            .await
            .map_err(|source| failure(place, source))
    }
}

pub(super) fn failure(place: &str, source: ClusterError) -> ProvisionError {
    match source {
        ClusterError::Forbidden { what, message } => {
            ProvisionError::Refused { place: place.to_owned(), message: format!("cannot {what}: {message}") }
        }
        source => ProvisionError::Action { place: place.to_owned(), source },
    }
}

fn unreadable(place: &str, path: &Path, found: &[Diagnostic]) -> ProvisionError {
    let first = found.first();
    let file = first.map_or_else(|| path.to_owned(), |d| d.file.clone());
    let line = first.and_then(|d| d.span).map(|span| format!("line {}, column {}: ", span.line, span.column)).unwrap_or_default();
    let message = first.map(|d| d.message.en.as_str()).unwrap_or_default();
    ProvisionError::Manifest { place: place.to_owned(), file, message: format!("{line}{message}") }
}

/// What others need comes first: kinds before their objects, settings before the workloads that read them, hooks that
/// might stop the rest last.
pub(super) fn rank(object: &Value) -> u8 {
    match text(object, "/kind") {
        "CustomResourceDefinition" => 0,
        // The default class is written into claims that name none, when they are made.
        "Namespace" | "StorageClass" => 1,
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Pod" | "Job" | "CronJob" => 3,
        "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration" => 5,
        _ if object::group(object).contains('.') && !object::group(object).ends_with(".k8s.io") => 4,
        _ => 2,
    }
}

/// An action in words.
pub fn title(action: &Action) -> String {
    match action {
        Action::Apply(apply) => format!("apply {}", apply.path),
        Action::Patch(a) => format!("patch {}", target::describe(&a.on)),
        Action::Delete(a) => format!("delete {}", target::describe(&a.on)),
        Action::Scale(a) => format!("scale {}", target::describe(&a.on)),
        Action::Restart(a) => format!("restart {}", target::describe(&a.on)),
        Action::Taint(a) => format!("taint {}", target::describe(&a.on)),
        Action::Component(a) => format!("component {}", a.name),
        Action::Load(a) => format!("load {}", a.of),
        Action::Wait(a) => format!("wait for {}", target::describe(&a.on)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::rank;

    #[test]
    fn kinds_come_before_their_objects_and_settings_before_workloads() {
        let of = |api: &str, kind: &str| json!({"apiVersion": api, "kind": kind});
        let mut objects = [
            of("monitoring.coreos.com/v1", "Prometheus"),
            of("apps/v1", "Deployment"),
            of("rbac.authorization.k8s.io/v1", "Role"),
            of("v1", "Namespace"),
            of("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
            of("v1", "Secret"),
        ];
        objects.sort_by_key(rank);
        let kinds: Vec<&str> = objects.iter().map(|o| o["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["CustomResourceDefinition", "Namespace", "Role", "Secret", "Deployment", "Prometheus"]);
    }
}
