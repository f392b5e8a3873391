use std::{collections::BTreeMap, fmt};

use serde::Serialize;
use serde_json::Value;

use super::{
    names,
    object::{list, namespace, reference, text},
};

/// How many paths of one object a difference names.
const PATHS: usize = 8;

/// One object that differs between two dumps. Never holds values: they may be secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The object as `Kind/namespace/name`.
    pub object: String,
    /// How it differs.
    pub change: Change,
}

/// How an object differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Change {
    /// It is there only afterwards.
    Added,
    /// It was there only before.
    Removed,
    /// These parts of it differ.
    Changed(Vec<String>),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.change {
            Change::Added => write!(f, "{} was added", self.object),
            Change::Removed => write!(f, "{} is gone", self.object),
            Change::Changed(paths) => write!(f, "{} differs at {}", self.object, paths.join(", ")),
        }
    }
}

/// Compares two dumps, object by object. Empty when they are the same.
#[must_use]
pub fn compare(before: &[Value], after: &[Value]) -> Vec<Difference> {
    let scaled: Vec<String> = before.iter().chain(after).filter_map(scaled_by_autoscaler).collect();
    let index = |objects: &[Value]| -> BTreeMap<String, Value> {
        objects.iter().map(|object| (reference(object), without_foreign_replicas(object, &scaled))).collect()
    };
    let (before, after) = (index(before), index(after));
    let mut differences = Vec::new();
    for (object, old) in &before {
        let change = match after.get(object) {
            None => Change::Removed,
            Some(new) => {
                let mut paths = Vec::new();
                differ(old, new, String::new(), &mut paths);
                if paths.is_empty() {
                    continue;
                }
                paths.truncate(PATHS);
                Change::Changed(paths)
            }
        };
        differences.push(Difference { object: object.clone(), change });
    }
    let added = after.keys().filter(|object| !before.contains_key(*object));
    differences.extend(added.map(|object| Difference { object: object.clone(), change: Change::Added }));
    differences
}

/// Compares the dumps of two attempts: what the server hands out anew each time, addresses and node ports, and the attempt's own
/// id on what is ours, is left aside.
#[must_use]
pub fn compare_attempts(first: &[Value], second: &[Value]) -> Vec<Difference> {
    let handed_out = |objects: &[Value]| -> Vec<Value> { objects.iter().map(without_handed_out).collect() };
    compare(&handed_out(first), &handed_out(second))
}

fn without_handed_out(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(labels) = object.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
        labels.remove(names::OWNED);
    }
    if text(&object, "/kind") == "Service" {
        // A headless Service has no address on purpose.
        if text(&object, "/spec/clusterIP") != "None"
            && let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut)
        {
            spec.retain(|field, _| !["clusterIP", "clusterIPs", "healthCheckNodePort"].contains(&field.as_str()));
        }
        for port in object.pointer_mut("/spec/ports").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(port) = port.as_object_mut() {
                port.remove("nodePort");
            }
        }
    }
    object
}

/// The workload whose replicas an autoscaler sets.
fn scaled_by_autoscaler(object: &Value) -> Option<String> {
    (text(object, "/kind") == "HorizontalPodAutoscaler").then(|| {
        let target = (text(object, "/spec/scaleTargetRef/kind"), text(object, "/spec/scaleTargetRef/name"));
        format!("{}/{}/{}", target.0, namespace(object).unwrap_or_default(), target.1)
    })
}

fn without_foreign_replicas(object: &Value, scaled: &[String]) -> Value {
    let mut object = super::normalise::normalise(object);
    if scaled.contains(&reference(&object))
        && let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut)
    {
        spec.remove("replicas");
    }
    object
}

fn differ(old: &Value, new: &Value, path: String, found: &mut Vec<String>) {
    match (old, new) {
        (Value::Object(a), Value::Object(b)) => {
            let keys = a.keys().chain(b.keys().filter(|key| !a.contains_key(*key)));
            for key in keys {
                let (a, b) = (a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null));
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                differ(a, b, path, found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                differ(a, b, format!("{path}[{index}]"), found);
            }
        }
        _ if old == new || is_empty(old) && is_empty(new) => {}
        _ => found.push(path),
    }
}

/// An absent map or list is the same as an empty one.
fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_object().is_some_and(serde_json::Map::is_empty) || value.as_array().is_some_and(Vec::is_empty)
}

/// Which pods belong to which revision of a workload: part of a dump, since a half-done rollout is part of a broken state.
pub(super) const POD_REVISIONS: &str = "PodRevisions";

/// Whether a difference is about the pods of a workload rather than about an object that can be set.
pub(super) fn is_about_pods(difference: &Difference) -> bool {
    difference.object.starts_with(POD_REVISIONS)
}

/// The pods of each workload by revision, as objects of a dump. Workloads that an autoscaler scales are left out.
pub(super) fn pod_revisions<'a>(objects: impl Iterator<Item = &'a Value> + Clone) -> Vec<Value> {
    let scaled: Vec<String> = objects.clone().filter_map(scaled_by_autoscaler).collect();
    let mut counts: BTreeMap<(String, String), BTreeMap<String, u64>> = BTreeMap::new();
    for pod in objects.clone().filter(|o| text(o, "/kind") == "Pod" && text(o, "/apiVersion") == "v1") {
        let finished = matches!(text(pod, "/status/phase"), "Succeeded" | "Failed");
        if finished || pod.pointer("/metadata/deletionTimestamp").is_some() {
            continue;
        }
        let Some((workload, revision)) = owner_and_revision(pod, objects.clone()) else { continue };
        let namespace = namespace(pod).unwrap_or_default();
        let (kind, name) = workload.split_once('/').unwrap_or(("", &workload));
        if !scaled.contains(&format!("{kind}/{namespace}/{name}")) {
            *counts.entry((namespace.to_owned(), format!("{kind}.{name}"))).or_default().entry(revision).or_default() += 1;
        }
    }
    let object = |((namespace, name), revisions): ((String, String), BTreeMap<String, u64>)| serde_json::json!({"apiVersion": "v1", "kind": POD_REVISIONS, "metadata": {"namespace": namespace, "name": name}, "pods": revisions});
    counts.into_iter().map(object).collect()
}

/// Whether pods are missing that nobody makes any more. Of the revisions at which a workload's pods stood, only its template's can
/// come back by itself: when two are short of pods, one of them cannot.
pub(super) fn some_cannot_return(wanted: &[Value], now: &[Value]) -> bool {
    let count = |objects: &[Value], workload: &str, revision: &str| {
        let found = objects.iter().find(|o| reference(o) == workload);
        found.and_then(|o| o.get("pods")?.get(revision)?.as_u64()).unwrap_or_default()
    };
    wanted.iter().filter(|o| text(o, "/kind") == POD_REVISIONS).any(|workload| {
        let revisions = workload.get("pods").and_then(Value::as_object).into_iter().flatten();
        let short = revisions.filter(|(revision, pods)| count(now, &reference(workload), revision) < pods.as_u64().unwrap_or_default());
        short.count() > 1
    })
}

fn owner_and_revision<'a>(pod: &Value, mut objects: impl Iterator<Item = &'a Value>) -> Option<(String, String)> {
    let owner = super::object::controller(pod)?;
    let (kind, name) = (text(owner, "/kind"), text(owner, "/name"));
    let label = |key: &str| pod.pointer("/metadata/labels").and_then(|l| l.get(key)).and_then(Value::as_str);
    let revision = label("pod-template-hash").or_else(|| label("controller-revision-hash")).unwrap_or_default().to_owned();
    match kind {
        "ReplicaSet" => {
            let set = objects.find(|o| text(o, "/kind") == "ReplicaSet" && text(o, "/metadata/uid") == text(owner, "/uid"));
            let above = set.into_iter().flat_map(|set| list(set, "/metadata/ownerReferences")).next();
            Some((above.map_or_else(|| format!("{kind}/{name}"), |o| format!("{}/{}", text(o, "/kind"), text(o, "/name"))), revision))
        }
        "StatefulSet" | "DaemonSet" => Some((format!("{kind}/{name}"), revision)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(name: &str, data: Value) -> Value {
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "shop"}, "data": data})
    }

    #[test]
    fn added_removed_and_changed_objects_are_named() {
        let before = [map("a", json!({"x": "1"})), map("b", json!({})), map("same", json!({}))];
        let after = [map("a", json!({"x": "2"})), map("c", json!({})), map("same", Value::Null)];
        let texts: Vec<String> = compare(&before, &after).iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["ConfigMap/shop/a differs at data.x", "ConfigMap/shop/b is gone", "ConfigMap/shop/c was added"]);
    }

    #[test]
    fn two_attempts_may_have_other_addresses_but_not_other_ports() {
        let service = |ip: &str, port: u16| {
            json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop"},
            "spec": {"clusterIP": ip, "clusterIPs": [ip], "ports": [{"port": port, "nodePort": 30000 + port}]}})
        };
        assert_eq!(compare_attempts(&[service("10.0.0.1", 80)], &[service("10.0.0.2", 80)]), []);
        assert_eq!(compare(&[service("10.0.0.1", 80)], &[service("10.0.0.2", 80)]).len(), 1);
        assert_eq!(compare_attempts(&[service("10.0.0.1", 80)], &[service("10.0.0.1", 81)]).len(), 1);
    }

    #[test]
    fn what_an_autoscaler_sets_is_no_difference() {
        let deployment = |replicas: i64| json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"}, "spec": {"replicas": replicas}});
        let hpa = json!({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "web", "namespace": "shop"},
            "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "web"}}});
        assert_eq!(compare(&[deployment(2)], &[deployment(3)]).len(), 1);
        assert_eq!(compare(&[deployment(2), hpa.clone()], &[deployment(3), hpa]), []);
    }

    #[test]
    fn pods_are_counted_by_workload_and_revision() {
        let set = json!({"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "web-1", "namespace": "shop", "uid": "r", "ownerReferences": [{"kind": "Deployment", "name": "web", "controller": true}]}});
        let pod = |name: &str, deleted: bool| {
            let mut pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "shop", "labels": {"pod-template-hash": "1"},
                "ownerReferences": [{"kind": "ReplicaSet", "name": "web-1", "uid": "r", "controller": true}]}});
            if deleted {
                pod["metadata"]["deletionTimestamp"] = json!("t");
            }
            pod
        };
        let objects = [set, pod("a", false), pod("b", false), pod("c", true)];
        let revisions = pod_revisions(objects.iter());
        assert_eq!(revisions.len(), 1);
        assert_eq!(reference(&revisions[0]), "PodRevisions/shop/Deployment.web");
        assert_eq!(revisions[0]["pods"], json!({"1": 2}));
    }

    #[test]
    fn pods_of_two_revisions_do_not_both_come_back() {
        let pods = |revisions: Value| json!({"kind": POD_REVISIONS, "metadata": {"namespace": "shop", "name": "Deployment.web"}, "pods": revisions});
        let wanted = [pods(json!({"old": 3, "new": 1}))];
        assert!(some_cannot_return(&wanted, &[pods(json!({"fixed": 3}))]));
        assert!(some_cannot_return(&wanted, &[]));
        assert!(!some_cannot_return(&wanted, &[pods(json!({"old": 3}))]), "the one that is short may be its template's");
        assert!(!some_cannot_return(&[pods(json!({"new": 2}))], &[]));
    }
}
