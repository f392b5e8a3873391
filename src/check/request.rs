use std::collections::BTreeMap;

use super::{kinds, live, object::is_workload, readings};
use crate::{
    cluster::SnapshotRequest,
    scenario::{Access, Assert, Autoscale, Disturbance, History, ObjectRef, Parse, Reach, ReachEnd, Recorded, Scenario, Since, Survives},
};

/// Everything that a scenario's checks read: their kinds with the namespaces, and the questions to the authorizer.
#[must_use]
pub fn request(scenario: &Scenario) -> SnapshotRequest {
    let mut collector = Collector { scenario, request: SnapshotRequest::default() };
    for check in scenario.checks() {
        collector.assert(&check.assert);
    }
    collector.request.live = live::questions(scenario);
    collector.request.readings = readings::questions(scenario);
    collector.request
}

/// What a trial reads: what must be true under the load.
#[must_use]
pub fn trial_request(scenario: &Scenario, spec: &Autoscale) -> SnapshotRequest {
    let mut collector = Collector { scenario, request: SnapshotRequest::default() };
    collector.trial(spec);
    collector.request
}

/// What a survival reads: what must hold, as any check of its own would, and what is disturbed.
#[must_use]
pub(super) fn survival_request(alone: &Scenario, spec: &Survives) -> SnapshotRequest {
    let mut collector = Collector { scenario: alone, request: request(alone) };
    collector.survives(spec);
    collector.request
}

struct Collector<'a> {
    scenario: &'a Scenario,
    request: SnapshotRequest,
}

/// Kinds that only lead from a workload to its pods.
const FOLLOWED: [&str; 3] = ["Pod", "ReplicaSet", "ControllerRevision"];

impl Collector<'_> {
    fn assert(&mut self, assert: &Assert) {
        match assert {
            Assert::All(parts) | Assert::Any(parts) | Assert::None(parts) => parts.iter().for_each(|part| self.assert(part)),
            Assert::AtLeast(spec) => spec.of.iter().for_each(|part| self.assert(part)),
            Assert::Exists(spec) | Assert::Absent(spec) => self.object(&spec.on),
            Assert::Field(spec) => self.with_pods(&spec.on),
            Assert::Condition(spec) => self.with_pods(&spec.on),
            Assert::Rollout(spec) => self.with_pods(&spec.on),
            Assert::Expr(spec) => spec.bindings.values().for_each(|on| self.with_pods(on)),
            Assert::Endpoints(spec) => {
                self.with_pods(&spec.backed_by);
                self.object(&spec.service);
                self.companions(&["EndpointSlice", "Pod"], &spec.service);
            }
            Assert::Resolves(spec) => self.leads_to(&spec.backed_by),
            Assert::Reach(spec) => self.reach(spec),
            Assert::Access(spec) => self.access(spec),
            Assert::Config(spec) => {
                self.with_pods(&spec.on);
                self.companions(&["ConfigMap", "Secret", "PersistentVolumeClaim"], &spec.on);
            }
            Assert::Posture(spec) => self.object(&spec.on),
            Assert::Selects(spec) => {
                self.object(&spec.by);
                spec.objects.iter().for_each(|on| self.object(on));
                self.add("Namespace", None);
            }
            Assert::Parse(spec) => self.parse(spec),
            Assert::Promql(spec) => self.object(&spec.on),
            Assert::Probe(spec) => self.with_pods(&spec.from),
            Assert::Logs(spec) => self.with_pods(&spec.on),
            Assert::Exec(spec) => self.with_pods(&spec.on),
            Assert::Admits(_) | Assert::Answer(_) | Assert::Artifact(_) | Assert::Manual(_) | Assert::Script(_) => {}
            Assert::Disruption(spec) => {
                self.with_pods(&spec.on);
                self.companions(&["PodDisruptionBudget"], &spec.on);
            }
            Assert::Survives(spec) => self.survives(spec),
            Assert::History(spec) => self.history(spec),
            Assert::Events(spec) => self.events(spec),
            Assert::Autoscale(spec) => self.trial(spec),
            Assert::Preserved(spec) => self.object(&aliased(&spec.subject)),
            Assert::Untouched(spec) => spec.subjects.iter().for_each(|alias| self.object(&aliased(alias))),
            Assert::Footprint(spec) => spec.watch.iter().for_each(|on| self.object(on)),
        }
    }

    fn parse(&mut self, spec: &Parse) {
        spec.from.iter().for_each(|from| self.object(from));
        if let Some(mounted) = &spec.mounted {
            self.with_pods(&mounted.by);
            self.companions(&["ConfigMap", "Secret"], &mounted.by);
        }
        spec.hosts.iter().for_each(|hosts| self.leads_to(&hosts.backed_by));
    }

    /// A workload, and what leads to it by name from anywhere in the scenario.
    fn leads_to(&mut self, backed_by: &ObjectRef) {
        self.with_pods(backed_by);
        let everywhere = self.scenario.file.spec.namespaces.clone();
        for kind in ["Service", "EndpointSlice", "Pod"] {
            self.add(kind, Some(everywhere.clone()));
        }
    }

    /// The objects, what they own, and the events about them.
    fn events(&mut self, spec: &Recorded) {
        if spec.owned {
            self.with_pods(&spec.on)
        } else {
            self.object(&spec.on)
        }
        if let Since::Change(on) = &spec.since {
            self.object(on);
        }
        let cluster_scoped = self.meant(&spec.on).bare_kind().is_some_and(is_cluster_scoped);
        if cluster_scoped {
            self.add("Event", Some(vec!["default".into()]));
        } else {
            self.companions(&["Event"], &spec.on);
        }
    }

    /// What must hold, and what is disturbed.
    fn survives(&mut self, spec: &Survives) {
        self.assert(&spec.then);
        for disturbance in &spec.after {
            match disturbance {
                Disturbance::DeletePods(on) | Disturbance::Restart(on) => self.with_pods(on),
                Disturbance::Tick(tick) => self.object(&tick.on),
            }
        }
    }

    fn history(&mut self, spec: &History) {
        match spec {
            History::Kept(aliases) => aliases.iter().for_each(|alias| self.object(&aliased(alias))),
            History::RolledBack(alias) => {
                self.with_pods(&aliased(alias));
                self.companions(&["ControllerRevision"], &aliased(alias));
            }
            History::NeverBelow(floor) => self.with_pods(&aliased(&floor.subject)),
        }
    }

    fn trial(&mut self, spec: &Autoscale) {
        spec.phases.iter().filter_map(|phase| phase.until.as_deref()).for_each(|until| self.assert(until));
    }

    fn object(&mut self, on: &ObjectRef) {
        let on = self.meant(on);
        if let Some(kind) = on.kind.clone() {
            let namespaces = self.namespaces(&on);
            self.add(&kind, if is_cluster_scoped(on.bare_kind().unwrap_or_default()) { None } else { namespaces });
        }
    }

    /// The object and, for a workload, what leads to its pods: they tell whether anything still moves.
    fn with_pods(&mut self, on: &ObjectRef) {
        self.object(on);
        let meant = self.meant(on);
        let wanted: &[&str] = match meant.bare_kind() {
            Some("Deployment") => &FOLLOWED[..2],
            Some("DaemonSet") => &["Pod", "ControllerRevision"],
            Some(kind) if is_workload(kind) => &FOLLOWED[..1],
            _ => &[],
        };
        self.companions(wanted, on);
    }

    fn companions(&mut self, kinds: &[&str], on: &ObjectRef) {
        let namespaces = self.namespaces(&self.meant(on));
        for kind in kinds {
            self.add(kind, namespaces.clone());
        }
    }

    /// The ends' templates, and every policy where they live.
    fn reach(&mut self, spec: &Reach) {
        for end in spec.rows.iter().flat_map(|row| [&row.from, &row.to]) {
            let namespaces = match end {
                ReachEnd::Pods(on) => {
                    self.object(on);
                    self.namespaces(&self.meant(on))
                }
                ReachEnd::Like(shape) => Some(vec![shape.namespace.clone()]),
                ReachEnd::Address(_) => continue,
            };
            self.add("NetworkPolicy", namespaces);
        }
        self.add("Namespace", None);
    }

    fn access(&mut self, spec: &Access) {
        for row in &spec.rows {
            let review = kinds::review_of(spec, row);
            if !self.request.reviews.contains(&review) {
                self.request.reviews.push(review);
            }
        }
    }

    fn meant(&self, on: &ObjectRef) -> ObjectRef {
        meant(self.scenario, on)
    }

    fn namespaces(&self, on: &ObjectRef) -> Option<Vec<String>> {
        match on.namespace.as_deref() {
            Some("*") => None,
            Some(namespace) => Some(vec![namespace.to_owned()]),
            None => Some(self.scenario.file.spec.namespaces.iter().take(1).cloned().collect()),
        }
    }

    fn add(&mut self, kind: &str, namespaces: Option<Vec<String>>) {
        merge(&mut self.request.kinds, kind, namespaces);
    }
}

/// The reference that a baseline alias stands for.
pub(super) fn meant(scenario: &Scenario, on: &ObjectRef) -> ObjectRef {
    let alias = on.baseline.as_deref();
    let subject = alias.and_then(|alias| scenario.file.spec.baseline.iter().find(|b| b.alias == alias));
    subject.map_or_else(|| on.clone(), |subject| subject.on.clone())
}

fn merge(kinds: &mut BTreeMap<String, Option<Vec<String>>>, kind: &str, namespaces: Option<Vec<String>>) {
    match (kinds.get_mut(kind), namespaces) {
        (None, namespaces) => drop(kinds.insert(kind.to_owned(), namespaces)),
        (Some(have), None) => *have = None,
        (Some(Some(have)), Some(more)) => {
            have.extend(more);
            have.sort();
            have.dedup();
        }
        (Some(None), Some(_)) => {}
    }
}

fn aliased(alias: &str) -> ObjectRef {
    ObjectRef { baseline: Some(alias.to_owned()), ..ObjectRef::default() }
}

/// Built-in kinds whose objects live in no namespace.
pub(super) fn is_cluster_scoped(kind: &str) -> bool {
    matches!(
        kind,
        "APIService"
            | "CSIDriver"
            | "ClusterRole"
            | "ClusterRoleBinding"
            | "CustomResourceDefinition"
            | "IngressClass"
            | "MutatingWebhookConfiguration"
            | "Namespace"
            | "Node"
            | "PersistentVolume"
            | "PriorityClass"
            | "RuntimeClass"
            | "StorageClass"
            | "ValidatingAdmissionPolicy"
            | "ValidatingAdmissionPolicyBinding"
            | "ValidatingWebhookConfiguration"
            | "VolumeAttachment"
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::request;
    use crate::check::fixture::scenario;

    #[test]
    fn each_kind_is_read_once_where_it_is_needed() {
        let mut scenario = scenario(vec![
            json!({"id": "up", "title": {"ko": "", "en": ""}, "assert": {"rollout": {"on": {"kind": "Deployment", "name": "web"}}}}),
            json!({"id": "ep", "title": {"ko": "", "en": ""}, "assert": {"endpoints": {"service": {"kind": "Service", "name": "web", "namespace": "pay"}, "backedBy": {"baseline": "web"}}}}),
            json!({"id": "nodes", "title": {"ko": "", "en": ""}, "assert": {"all": [{"exists": {"on": {"kind": "Node"}}}, {"exists": {"on": {"kind": "ConfigMap", "namespace": "*"}}}]}}),
            json!({"id": "kept", "title": {"ko": "", "en": ""}, "assert": {"preserved": {"subject": "web"}}}),
        ]);
        scenario.file.spec.baseline =
            serde_json::from_value(json!([{"alias": "web", "on": {"kind": "StatefulSet", "name": "web", "namespace": "pay"}}])).unwrap();
        let kinds: Vec<String> = request(&scenario)
            .kinds
            .iter()
            .map(|(kind, ns)| format!("{kind}: {}", ns.as_ref().map_or("*".into(), |ns| ns.join(","))))
            .collect();
        assert_eq!(
            kinds,
            [
                "ConfigMap: *",
                "Deployment: shop",
                "EndpointSlice: pay",
                "Node: *",
                "Pod: pay,shop",
                "ReplicaSet: shop",
                "Service: pay",
                "StatefulSet: pay"
            ]
        );
    }

    #[test]
    fn the_same_question_is_asked_once() {
        let row = json!({"verb": "list", "resource": "pods", "namespace": "shop", "allowed": true});
        let check = |id: &str| json!({"id": id, "title": {"ko": "", "en": ""}, "assert": {"access": {"subject": {"serviceAccount": "shop/ci"}, "rows": [row, row]}}});
        assert_eq!(request(&scenario(vec![check("a"), check("b")])).reviews.len(), 1);
    }
}
