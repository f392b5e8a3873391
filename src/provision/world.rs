use std::{collections::BTreeMap, sync::Arc};

use futures::{StreamExt, TryStreamExt, future::try_join_all, stream};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    compare::pod_revisions,
    marker::core,
    names,
    normalise::normalise,
    object::{controller, group, list, name, namespace, reference, text},
};
use crate::{
    cluster::{Cluster, ClusterError, Freshness, ServedKind},
    territory::Territory,
};

/// How many lists run at a time: enough to hide latency, few enough to share their connections.
const LISTS_AT_ONCE: usize = 8;

/// Kinds that tell of the state rather than being it, or that the control plane keeps for itself.
const PASSING: [&str; 17] = [
    "Event",
    "Lease",
    "LeaseCandidate",
    "CSINode",
    "CSIStorageCapacity",
    "VolumeAttachment",
    "IPAddress",
    "FlowSchema",
    "PriorityLevelConfiguration",
    "ComponentStatus",
    "StorageVersion",
    "StorageVersionMigration",
    "ResourceSlice",
    "ControllerRevision",
    "NodeMetrics",
    "PodMetrics",
    "VerticalPodAutoscalerCheckpoint",
];

/// Kinds of what an environment brings that a scenario may break, and that nobody else changes meanwhile.
const BREAKABLE: [&str; 2] = ["APIService", "StorageClass"];

/// Every object of the scenario's namespaces, and every cluster-scoped object where the cluster is ours, as the server has them.
pub(super) struct World {
    pub(super) objects: Vec<Arc<Value>>,
}

impl World {
    /// Reads it: one list per kind and namespace.
    pub(super) async fn read(cluster: &Cluster, territory: &Territory, namespaces: &[String]) -> Result<Self, ClusterError> {
        let served = cluster.served().await?;
        let shared = territory.holding().is_some();
        let kinds = served.iter().filter(|k| is_state(k)).flat_map(|kind| {
            let scopes = match kind.id.namespaced {
                true => namespaces.iter().cloned().map(Some).collect(),
                false if shared => Vec::new(),
                false => vec![None],
            };
            scopes.into_iter().map(move |namespace| (kind, namespace))
        });
        let lists: Vec<Vec<Arc<Value>>> = stream::iter(kinds)
            .map(async |(kind, namespace)| match read_kind(cluster, kind, namespace).await {
                // What we may not see in somebody else's cluster, the learner, whose rights come from ours, cannot have changed.
                Err(ClusterError::Forbidden { .. }) if shared => Ok(Vec::new()),
                read => read,
            })
            .buffer_unordered(LISTS_AT_ONCE)
            .try_collect()
            .await?;
        let mut objects: Vec<Arc<Value>> = lists.into_iter().flatten().collect();
        if shared {
            let kind = core("Namespace", "namespaces", false);
            let read = try_join_all(namespaces.iter().map(|namespace| cluster.get(&kind, None, namespace))).await?;
            objects.extend(read.into_iter().flatten().map(Arc::new));
        }
        Ok(Self { objects })
    }

    /// What is there before an attempt makes anything of its own.
    pub(super) async fn read_before(cluster: &Cluster, territory: &Territory) -> Result<Self, ClusterError> {
        Self::read(cluster, territory, territory.holding().map_or(&[], |holding| &holding.namespaces)).await
    }

    /// What controllers made for other objects, and would end with them in their own time.
    pub(super) fn dependents(&self) -> Vec<&Value> {
        self.objects.iter().map(Arc::as_ref).filter(|object| !list(object, "/metadata/ownerReferences").is_empty()).collect()
    }

    /// What a person or a scenario made, without server-made fields, and how the pods stand. What the environment itself made
    /// counts where `before` has it.
    pub(super) fn dump(&self, before: &[Value]) -> Vec<Value> {
        self.dump_with(|provided| {
            let named = reference(provided);
            before.iter().any(|known| reference(known) == named)
        })
    }

    /// The same before an attempt begins, for later dumps to compare with.
    pub(super) fn dump_before(&self) -> Vec<Value> {
        self.dump_with(|_| true)
    }

    fn dump_with(&self, counts: impl Fn(&Value) -> bool) -> Vec<Value> {
        let is_state = |object: &Value| !is_provided(object) || (BREAKABLE.contains(&text(object, "/kind")) && counts(object));
        let made = self.objects.iter().filter(|o| is_state(o) && !self.is_derived(o)).map(|object| normalise(object));
        let mut dump: Vec<Value> = made.chain(pod_revisions(self.objects.iter().map(Arc::as_ref))).collect();
        dump.sort_by_cached_key(reference);
        dump
    }

    /// When something of it last changed, by the server's clock.
    pub(super) fn last_change(&self) -> Option<Timestamp> {
        let times = |object: &Value| {
            let managed = list(object, "/metadata/managedFields").iter().map(|entry| text(entry, "/time"));
            managed.chain([text(object, "/metadata/creationTimestamp")]).filter_map(|time| time.parse().ok()).max()
        };
        self.objects.iter().filter_map(|object| times(object)).max()
    }

    /// The live object behind a reference.
    pub(super) fn live(&self, wanted: &str) -> Option<&Value> {
        self.objects.iter().map(Arc::as_ref).find(|object| reference(object) == wanted)
    }

    fn is_derived(&self, object: &Value) -> bool {
        let labelled = |key: &str| object.pointer("/metadata/labels").and_then(|l| l.get(key)).is_some();
        let owned = !list(object, "/metadata/ownerReferences").is_empty();
        let own_name = name(object);
        let of_kind = match (group(object), text(object, "/kind")) {
            ("", "ConfigMap") => own_name == "kube-root-ca.crt",
            ("", "ServiceAccount") => {
                let untouched = list(object, "/imagePullSecrets").is_empty() && list(object, "/secrets").is_empty();
                own_name == "default" && untouched && object.get("automountServiceAccountToken").is_none()
            }
            ("", "Namespace") => own_name == names::SYSTEM_NAMESPACE,
            ("", "Endpoints") => labelled("endpoints.kubernetes.io/managed-by") || self.has_selecting_service(object),
            ("", "PersistentVolume") => object.pointer("/metadata/annotations/pv.kubernetes.io~1provisioned-by").is_some(),
            ("apiregistration.k8s.io", _) => labelled("kube-aggregator.kubernetes.io/automanaged"),
            ("rbac.authorization.k8s.io", _) => [names::LEARNER_VIEW, names::LEARNER_EDIT].contains(&own_name),
            _ => false,
        };
        owned || of_kind
    }

    fn has_selecting_service(&self, endpoints: &Value) -> bool {
        self.objects.iter().any(|o| {
            text(o, "/kind") == "Service"
                && name(o) == name(endpoints)
                && namespace(o) == namespace(endpoints)
                && o.pointer("/spec/selector").is_some()
        })
    }

    /// Pods that come again when they are deleted.
    pub(super) fn managed_pods(&self) -> Vec<&Value> {
        self.objects.iter().map(Arc::as_ref).filter(|o| text(o, "/kind") == "Pod" && controller(o).is_some()).collect()
    }

    /// Pods that are no longer what their workload's template made: relabelled, with another image or a debug container. Their
    /// workload does not show it, so only a new pod brings the state back.
    pub(super) fn touched_pods(&self) -> Vec<&Value> {
        let templates: BTreeMap<&str, &Value> =
            self.objects.iter().filter_map(|o| Some((text(o, "/metadata/uid"), o.pointer("/spec/template")?))).collect();
        let touched = |pod: &&Value| {
            let Some(owner) = controller(pod).filter(|_| pod.pointer("/metadata/deletionTimestamp").is_none()) else { return false };
            templates.get(text(owner, "/uid")).is_some_and(|template| text(owner, "/kind") != "Job" && differs_from(pod, template))
        };
        self.objects
            .iter()
            .map(Arc::as_ref)
            .filter(|o| text(o, "/kind") == "Pod" && text(o, "/apiVersion") == "v1")
            .filter(touched)
            .collect()
    }
}

/// What the environment itself made, also later than the attempt began: its metrics, an operator's kinds.
fn is_provided(object: &Value) -> bool {
    list(object, "/metadata/managedFields").iter().any(|entry| text(entry, "/manager") == names::PROVIDER_FIELD_MANAGER)
}

fn is_state(kind: &ServedKind) -> bool {
    let can = |verb: &str| kind.verbs.iter().any(|v| v == verb);
    can("list") && can("delete") && !PASSING.contains(&kind.id.kind.as_str())
}

async fn read_kind(cluster: &Cluster, kind: &ServedKind, namespace: Option<String>) -> Result<Vec<Arc<Value>>, ClusterError> {
    let read = async || {
        if kind.id.kind == "CustomResourceDefinition" {
            cluster.list_metadata(&kind.id).await
        } else {
            cluster.list(&kind.id, namespace.as_deref(), Freshness::Consistent).await
        }
    };
    match read().await {
        Ok(listed) => Ok(listed.objects),
        // The kind went away since it was discovered, and its objects with it.
        Err(error) if error.is_not_found() => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Labels that controllers and the binding to a node add to pods.
const POD_LABELS: [&str; 7] = [
    "pod-template-hash",
    "controller-revision-hash",
    "pod-template-generation",
    "statefulset.kubernetes.io/pod-name",
    "apps.kubernetes.io/pod-index",
    "topology.kubernetes.io/zone",
    "topology.kubernetes.io/region",
];

fn differs_from(pod: &Value, template: &Value) -> bool {
    let labels = |object: &Value| -> BTreeMap<String, String> {
        let map = object.pointer("/metadata/labels").and_then(Value::as_object).into_iter().flatten();
        map.filter(|(key, _)| !POD_LABELS.contains(&key.as_str()))
            .map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect()
    };
    let images = |object: &Value, place: &str| -> Vec<(String, String)> {
        list(object, place).iter().map(|c| (text(c, "/name").to_owned(), text(c, "/image").to_owned())).collect()
    };
    let same_images = |place: &str| images(pod, place) == images(template, place);
    labels(pod) != labels(template)
        || !same_images("/spec/containers")
        || !same_images("/spec/initContainers")
        || !list(pod, "/spec/ephemeralContainers").is_empty()
}

/// Stands in a baseline for an object that was there before the stage and is gone in the broken state.
pub(super) fn tombstone(object: &Value) -> Value {
    json!({"apiVersion": object["apiVersion"], "kind": object["kind"], "metadata": {"name": name(object), "annotations": {names::ABSENT: "true"}}})
}

/// Whether an object of a baseline only says that there is none.
pub(super) fn is_tombstone(object: &Value) -> bool {
    carries_annotation(object, names::ABSENT)
}

fn carries_annotation(object: &Value, key: &str) -> bool {
    object.pointer("/metadata/annotations").and_then(|a| a.get(key)).is_some()
}

/// The objects of the scenario: everything that differs from `before`.
pub(super) fn scenario_objects(dump: &[Value], before: &[Value]) -> Vec<Value> {
    let differences = super::compare::compare(before, dump);
    let differing: Vec<&str> = differences.iter().map(|d| d.object.as_str()).collect();
    let now = dump.iter().filter(|o| differing.contains(&reference(o).as_str())).cloned();
    let gone = before.iter().filter(|o| differing.contains(&reference(o).as_str()) && !dump.iter().any(|n| reference(n) == reference(o)));
    now.chain(gone.map(tombstone)).collect()
}

/// The whole state that a baseline stands for: its objects over those of before.
pub(super) fn wanted_state(baseline: &[Value], before: &[Value]) -> Vec<Value> {
    let named: Vec<String> = baseline.iter().map(reference).collect();
    let kept = before.iter().filter(|o| !named.contains(&reference(o)));
    kept.chain(baseline.iter().filter(|o| !is_tombstone(o))).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::{super::compare::compare, *};

    fn world(objects: Vec<Value>) -> World {
        World { objects: objects.into_iter().map(Arc::new).collect() }
    }

    fn object(kind: &str, name: &str, extra: Value) -> Value {
        let mut object = json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "shop"}});
        for (key, value) in extra.as_object().unwrap() {
            object[key] = value.clone();
        }
        object
    }

    #[test]
    fn what_controllers_made_is_no_part_of_the_dump() {
        let mut slice = object("Pod", "owned", json!({}));
        slice["metadata"]["ownerReferences"] = json!([{"kind": "Node", "name": "n"}]);
        let world = world(vec![
            slice,
            object("ConfigMap", "kube-root-ca.crt", json!({})),
            object("ServiceAccount", "default", json!({})),
            object("Service", "web", json!({"spec": {"selector": {"a": "b"}}})),
            object("Endpoints", "web", json!({})),
            object("Endpoints", "hand-made", json!({})),
        ]);
        let names: Vec<String> = world.dump(&[]).iter().map(reference).collect();
        assert_eq!(names, ["Endpoints/shop/hand-made", "Service/shop/web"]);
    }

    #[test]
    fn a_default_service_account_that_somebody_changed_is_part_of_the_dump() {
        for changed in [json!({"automountServiceAccountToken": false}), json!({"imagePullSecrets": [{"name": "pull"}]})] {
            assert_eq!(world(vec![object("ServiceAccount", "default", changed)]).dump(&[]).len(), 1);
        }
    }

    #[test]
    fn what_the_environment_brings_is_no_part_of_the_dump() {
        assert_eq!(world(vec![provided("CustomResourceDefinition", "prometheuses.monitoring.coreos.com")]).dump(&[]), Vec::<Value>::new());
    }

    #[test]
    fn a_scenario_may_break_what_the_environment_brought_before_it() {
        let before = world(vec![provided("APIService", "v1beta1.metrics.k8s.io")]).dump_before();
        let mut broken = provided("APIService", "v1beta1.metrics.k8s.io");
        broken["spec"] = json!({"service": {"name": "metric-server"}});
        let later = provided("StorageClass", "fast");
        let dump = world(vec![broken, later]).dump(&before);
        let found: Vec<String> = compare(&before, &dump).iter().map(|difference| difference.object.clone()).collect();
        assert_eq!(found, ["APIService/shop/v1beta1.metrics.k8s.io"], "what came later is the environment's own");
    }

    fn provided(kind: &str, name: &str) -> Value {
        let mut object = object(kind, name, json!({}));
        object["metadata"]["managedFields"] = json!([{"manager": "kubedrill.dev/sandbox", "operation": "Apply"}]);
        object
    }

    #[test]
    fn a_relabelled_pod_is_touched_though_its_workload_is_not() {
        let set = json!({"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "web-1", "namespace": "shop", "uid": "r"},
            "spec": {"template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}}});
        let pod = |name: &str, app: &str| {
            json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "shop", "labels": {"app": app, "pod-template-hash": "1"},
            "ownerReferences": [{"kind": "ReplicaSet", "uid": "r", "controller": true}]}, "spec": {"containers": [{"name": "c", "image": "i"}]}})
        };
        let world = world(vec![set, pod("a", "web"), pod("b", "shop")]);
        let touched: Vec<&str> = world.touched_pods().into_iter().map(name).collect();
        assert_eq!(touched, ["b"]);
    }

    #[test]
    fn a_baseline_over_the_state_before_gives_the_broken_state_back() {
        let cluster =
            |kind: &str, name: &str, value: &str| json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, "value": value});
        let before = vec![cluster("Node", "n", "plain"), cluster("PriorityClass", "gone", "x"), cluster("StorageClass", "kept", "x")];
        let broken = vec![cluster("Node", "n", "tainted"), cluster("StorageClass", "kept", "x"), object("ConfigMap", "a", json!({}))];
        let baseline = scenario_objects(&broken, &before);
        assert_eq!(baseline.len(), 3, "the tainted node, the ConfigMap and the missing class: {baseline:?}");
        assert_eq!(compare(&wanted_state(&baseline, &before), &broken), []);
    }
}
