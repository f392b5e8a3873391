use serde_json::Value;

use super::object::{self, reference};
use crate::{
    cluster::{Cluster, ClusterError, KindId, SnapshotRequest},
    scenario::{Action, ObjectRef, Scenario, Solution, read_manifests},
    territory::Territory,
};

/// Why a scenario cannot be run in a territory, a line each; empty when it can. Asks what the cluster serves and allows, and
/// changes nothing.
///
/// # Errors
/// The cluster cannot be asked.
pub async fn misfits(
    cluster: &Cluster,
    territory: &Territory,
    scenario: &Scenario,
    request: &SnapshotRequest,
) -> Result<Vec<String>, ClusterError> {
    let Some(holding) = territory.holding() else { return Ok(Vec::new()) };
    let mut fit = Fit { cluster, scenario, namespaces: &holding.namespaces, found: Vec::new() };
    let spec = &scenario.file.spec;
    if !spec.learner.cluster_rules.is_empty() {
        fit.found.push("it gives the learner rights in the whole cluster".into());
    }
    fit.actions("the stage", &scenario.dir, &spec.stage).await?;
    fit.actions("the fault", &scenario.dir, &spec.fault).await?;
    let has_addons = |solution: &&Solution| solution.file.with.iter().all(|addon| spec.environment.addons.contains(addon));
    for solution in scenario.solutions.iter().filter(has_addons) {
        fit.actions(&format!("the solution {}", solution.name), &solution.dir, &solution.file.actions).await?;
    }
    fit.reads(request).await?;
    fit.found.dedup();
    Ok(fit.found)
}

struct Fit<'a> {
    cluster: &'a Cluster,
    scenario: &'a Scenario,
    namespaces: &'a [String],
    found: Vec<String>,
}

impl Fit<'_> {
    async fn actions(&mut self, list: &str, dir: &std::path::Path, actions: &[Action]) -> Result<(), ClusterError> {
        for action in actions {
            match action {
                Action::Component(component) => {
                    self.found.push(format!("{list} stops or starts {}, a part of the control plane", component.name))
                }
                Action::Taint(_) => self.found.push(format!("{list} taints nodes")),
                Action::Patch(patch) => self.change(list, &patch.on).await?,
                Action::Delete(delete) => self.change(list, &delete.on).await?,
                Action::Scale(scale) => self.change(list, &scale.on).await?,
                Action::Restart(restart) => self.change(list, &restart.on).await?,
                Action::Load(load) => self.found.push(format!("{list} drives the load {}", load.of)),
                // What is waited for is only read; the checks' kinds are looked at below.
                Action::Wait(_) => {}
                // A manifest that cannot be read is reported where it is applied.
                Action::Apply(apply) => {
                    for object in read_manifests(self.scenario, dir, &apply.path).unwrap_or_default() {
                        self.object(list, &object).await?;
                    }
                }
            }
        }
        Ok(())
    }

    async fn change(&mut self, list: &str, on: &ObjectRef) -> Result<(), ClusterError> {
        let subject = on.baseline.as_ref().and_then(|alias| self.scenario.file.spec.baseline.iter().find(|b| b.alias == *alias));
        let on = subject.map_or(on, |subject| &subject.on);
        let Some(name) = &on.kind else { return Ok(()) };
        match self.cluster.kind(name).await? {
            None => self.found.push(format!("{list} changes {name}, which the cluster does not serve: an add-on is missing")),
            Some(kind) if !kind.namespaced => {
                let named = on.name.as_deref().unwrap_or_default();
                self.cluster_scoped(list, &kind, named).await?;
            }
            Some(_) => {
                if let Some(namespace) = on.namespace.as_ref().filter(|n| !self.namespaces.contains(n)) {
                    self.found.push(format!("{list} changes {name} in the namespace {namespace}"));
                }
            }
        }
        Ok(())
    }

    async fn object(&mut self, list: &str, object: &Value) -> Result<(), ClusterError> {
        match self.cluster.kind_of(object).await {
            Err(ClusterError::UnknownKind { kind, .. }) => {
                self.found.push(format!("{list} applies {kind}, which the cluster does not serve: an add-on is missing"));
            }
            Err(error) => return Err(error),
            Ok(kind) if !kind.namespaced => self.cluster_scoped(list, &kind, object::name(object)).await?,
            Ok(_) => {
                if object::namespace(object).is_some_and(|n| !self.namespaces.iter().any(|own| own == n)) {
                    self.found.push(format!("{list} applies {}", reference(object)));
                }
            }
        }
        Ok(())
    }

    /// Only our own namespaces may be changed of what lies outside of namespaces, and only by whoever may.
    async fn cluster_scoped(&mut self, list: &str, kind: &KindId, name: &str) -> Result<(), ClusterError> {
        let own = kind.kind == "Namespace" && kind.group.is_empty() && self.namespaces.iter().any(|n| n == name);
        if !own || !self.cluster.may("update", "", "namespaces", Some(name)).await? {
            self.found.push(format!("{list} changes {kind} {name}, which lies outside of the learner's namespaces"));
        }
        Ok(())
    }

    async fn reads(&mut self, request: &SnapshotRequest) -> Result<(), ClusterError> {
        for (name, namespaces) in &request.kinds {
            let Some(kind) = self.cluster.kind(name).await? else {
                self.found.push(format!("its checks read {name}, which the cluster does not serve: an add-on is missing"));
                continue;
            };
            match namespaces {
                None if kind.namespaced => self.found.push(format!("its checks read {name} in all namespaces")),
                None if !self.cluster.may("list", &kind.group, &kind.plural, None).await? => {
                    self.found.push(format!("its checks read {name}, which these credentials may not list"));
                }
                None => {}
                Some(namespaces) => {
                    let foreign = namespaces.iter().filter(|n| !self.namespaces.contains(n));
                    self.found.extend(foreign.map(|namespace| format!("its checks read {name} in the namespace {namespace}")));
                }
            }
        }
        let wide = request.reviews.iter().any(|review| review.namespace.is_none());
        if wide && !self.cluster.may("create", "authorization.k8s.io", "subjectaccessreviews", None).await? {
            self.found.push("its checks ask for rights in the whole cluster, which these credentials may not".into());
        }
        Ok(())
    }
}
