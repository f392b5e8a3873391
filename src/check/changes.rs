//! What has changed of an object, field by field, and who wrote it.

use std::{collections::BTreeSet, fmt};

use serde_json::{Map, Value};

use super::object;

/// A step on the way to a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// A member of a mapping.
    Field(String),
    /// An item of a list, by its name.
    Item(String),
}

/// The way to a field: `spec.template.spec.containers[app].image`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Path(pub(super) Vec<Step>);

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Field(name) if at == 0 => f.write_str(name)?,
                Step::Field(name) => write!(f, ".{name}")?,
                Step::Item(name) => write!(f, "[{name}]")?,
            }
        }
        Ok(())
    }
}

impl Path {
    fn to(&self, step: Step) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }

    /// Whether it is this path or below it; this one may leave out a leading `spec`.
    pub(super) fn is_below(&self, other: &str) -> bool {
        let starts = |path: &str| path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
        let path = self.to_string();
        starts(&path) || path.strip_prefix("spec.").is_some_and(starts)
    }
}

/// Paths for people.
pub(super) fn list(paths: &[Path]) -> String {
    paths.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The fields whose value now is neither of the two others: neither the healthy nor the broken one. Lists of named items compare by
/// name.
pub(super) fn between([now, healthy, broken]: [Value; 3]) -> Vec<Path> {
    let mut changed = Vec::new();
    walk([Some(&now), Some(&healthy), Some(&broken)], &Path::default(), &mut changed);
    changed
}

fn walk([now, healthy, broken]: [Option<&Value>; 3], path: &Path, changed: &mut Vec<Path>) {
    if now == healthy || now == broken {
        return;
    }
    match (now, healthy) {
        (Some(Value::Object(a)), Some(Value::Object(b))) => {
            let c = broken.and_then(Value::as_object);
            let keys: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys {
                walk([a.get(key), b.get(key), c.and_then(|c| c.get(key))], &path.to(Step::Field(key.clone())), changed);
            }
        }
        (Some(Value::Array(a)), Some(Value::Array(b))) if named(a) && named(b) => {
            let c = broken.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let names: BTreeSet<&str> = a.iter().chain(b).map(|item| object::text(item, "/name")).collect();
            for name in names {
                let find = |items: &[Value]| items.iter().position(|item| object::text(item, "/name") == name);
                let items = [find(a).map(|i| &a[i]), find(b).map(|i| &b[i]), find(c).map(|i| &c[i])];
                walk(items, &path.to(Step::Item(name.to_owned())), changed);
            }
        }
        _ => changed.push(path.clone()),
    }
}

/// Every item has a name of its own.
fn named(items: &[Value]) -> bool {
    let names: BTreeSet<&str> = items.iter().map(|item| object::text(item, "/name")).filter(|name| !name.is_empty()).collect();
    names.len() == items.len()
}

/// What an object says itself: without identity, status and what servers and controllers fill in.
pub(super) fn own_part(object: &Value) -> Value {
    let mut part = object.clone();
    let Some(fields) = part.as_object_mut() else { return Value::Null };
    for field in ["apiVersion", "kind", "metadata", "status"] {
        fields.remove(field);
    }
    let spec = fields.get_mut("spec").and_then(Value::as_object_mut);
    match (object::kind(object), spec) {
        ("Service", Some(spec)) => service(spec),
        ("PersistentVolumeClaim", Some(spec)) => drop(spec.remove("volumeName")),
        ("Namespace", Some(spec)) => drop(spec.remove("finalizers")),
        ("Node", Some(spec)) => node(spec),
        ("Pod", Some(spec)) => drop(spec.remove("nodeName")),
        ("Job", Some(spec)) => drop(spec.remove("selector")),
        ("ServiceAccount", _) => drop(fields.remove("secrets")),
        ("ClusterRole", _) if object.pointer("/aggregationRule").is_some_and(|rule| !rule.is_null()) => drop(fields.remove("rules")),
        _ => {}
    }
    // Without what the server filled in, a namespace says nothing.
    if fields.get("spec").and_then(Value::as_object).is_some_and(Map::is_empty) {
        fields.remove("spec");
    }
    if let Some(annotations) = part.pointer_mut("/spec/template/metadata/annotations").and_then(Value::as_object_mut) {
        // Restarting a workload is no change of it.
        annotations.remove("kubectl.kubernetes.io/restartedAt");
    }
    if let Some(metadata) = part.pointer_mut("/spec/template/metadata").and_then(Value::as_object_mut) {
        metadata.retain(|key, value| key != "creationTimestamp" && !value.as_object().is_some_and(Map::is_empty));
    }
    part
}

fn service(spec: &mut Map<String, Value>) {
    if spec.get("clusterIP").and_then(Value::as_str) != Some("None") {
        spec.remove("clusterIP");
        spec.remove("clusterIPs");
    }
    spec.remove("healthCheckNodePort");
    let ports = spec.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten();
    ports.filter_map(Value::as_object_mut).for_each(|port| drop(port.remove("nodePort")));
}

/// A node has taints of the control plane's own, after its conditions.
fn node(spec: &mut Map<String, Value>) {
    ["podCIDR", "podCIDRs", "providerID"].iter().for_each(|field| drop(spec.remove(*field)));
    if let Some(Value::Array(taints)) = spec.get_mut("taints") {
        taints.retain(|taint| !object::text(taint, "/key").starts_with("node.kubernetes.io/"));
        if taints.is_empty() {
            spec.remove("taints");
        }
    }
}

/// The managers that the server has written down for a field.
pub(super) fn writers<'a>(object: &'a Value, path: &Path) -> Vec<&'a str> {
    let entries = object::list(object, "/metadata/managedFields").iter();
    entries
        .filter(|entry| entry.get("fieldsV1").is_some_and(|fields| holds(fields, &path.0)))
        .map(|entry| object::text(entry, "/manager"))
        .collect()
}

/// Whether a tree of managed fields has this field, something below it, or the whole of something above it.
fn holds(fields: &Value, steps: &[Step]) -> bool {
    let Some((step, rest)) = steps.split_first() else { return true };
    let Some(map) = fields.as_object() else { return false };
    if map.is_empty() {
        return true;
    }
    let below = match step {
        Step::Field(name) => map.get(&format!("f:{name}")),
        Step::Item(name) => map.iter().find(|(key, _)| item_name(key).as_deref() == Some(name)).map(|(_, below)| below),
    };
    below.is_some_and(|below| holds(below, rest))
}

/// The name in `k:{"name":"app"}`.
fn item_name(key: &str) -> Option<String> {
    let key: Value = serde_json::from_str(key.strip_prefix("k:")?).ok()?;
    key.get("name")?.as_str().map(ToOwned::to_owned)
}

/// The fields that an entry of the managed fields owns, down to where it owns the whole.
pub(super) fn owned(entry: &Value) -> Vec<Path> {
    let mut found = Vec::new();
    if let Some(fields) = entry.get("fieldsV1") {
        leaves(fields, &Path::default(), &mut found);
    }
    found
}

fn leaves(fields: &Value, path: &Path, found: &mut Vec<Path>) {
    let below = fields.as_object().into_iter().flatten().filter_map(|(key, value)| {
        let step = key.strip_prefix("f:").map(|name| Step::Field(name.to_owned())).or_else(|| item_name(key).map(Step::Item))?;
        Some((step, value))
    });
    let mut any = false;
    for (step, value) in below {
        any = true;
        leaves(value, &path.to(step), found);
    }
    if !any && !path.0.is_empty() {
        found.push(path.clone());
    }
}

/// Tools by which people change objects, as they name themselves to the server. A controller of an add-on may have any name, so a name
/// that nobody knows here is not called a person's.
pub(super) fn is_by_hand(manager: &str) -> bool {
    const TOOLS: [&str; 10] = ["kubectl", "learner", "helm", "k9s", "curl", "wget", "python", "OpenLens", "headlamp", "Mozilla"];
    TOOLS.iter().any(|tool| manager.get(..tool.len()).is_some_and(|start| start.eq_ignore_ascii_case(tool)))
}

/// Parts of the control plane and its usual company, and kubedrill itself.
pub(super) fn is_controller(manager: &str) -> bool {
    const CONTROLLERS: [&str; 7] = ["kube-", "kubelet", "cloud-controller-manager", "vpa-", "keda", "cluster-autoscaler", "kubedrill.dev"];
    CONTROLLERS.iter().any(|name| manager.starts_with(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Path, Step, between, is_by_hand, is_controller, own_part, owned, writers};

    fn path(steps: &[&str]) -> Path {
        let step = |text: &&str| text.strip_prefix('@').map_or_else(|| Step::Field((*text).into()), |name| Step::Item(name.into()));
        Path(steps.iter().map(step).collect())
    }

    #[test]
    fn the_servers_record_tells_who_wrote_a_field() {
        let object = json!({"metadata": {"managedFields": [
            {"manager": "kubectl-edit", "fieldsV1": {"f:spec": {"f:containers": {"k:{\"name\":\"app\"}": {".": {}, "f:image": {}}}}}},
            {"manager": "kube-controller-manager", "subresource": "scale", "fieldsV1": {"f:spec": {"f:replicas": {}}}},
            {"manager": "kubedrill.dev", "fieldsV1": {"f:spec": {"f:selector": {}}}}]}});
        assert_eq!(writers(&object, &path(&["spec", "containers", "@app", "image"])), ["kubectl-edit"]);
        assert_eq!(writers(&object, &path(&["spec", "containers", "@other", "image"])), [""; 0]);
        assert_eq!(writers(&object, &path(&["spec", "replicas"])), ["kube-controller-manager"]);
        assert_eq!(writers(&object, &path(&["spec", "selector", "matchLabels", "app"])), ["kubedrill.dev"]);
        let entry = &object["metadata"]["managedFields"][0];
        assert_eq!(owned(entry).iter().map(ToString::to_string).collect::<Vec<_>>(), ["spec.containers[app].image"]);
    }

    #[test]
    fn tools_of_people_are_told_from_controllers() {
        for manager in ["kubectl-edit", "kubectl", "learner", "Helm", "python-requests", "curl"] {
            assert!(is_by_hand(manager) && !is_controller(manager), "{manager}");
        }
        for manager in ["kube-controller-manager", "kubelet", "vpa-updater", "kubedrill.dev/sandbox"] {
            assert!(is_controller(manager) && !is_by_hand(manager), "{manager}");
        }
        assert!(!is_by_hand("PrometheusOperator"));
    }

    #[test]
    fn what_the_server_filled_in_says_nothing() {
        let live = json!({"kind": "Namespace", "metadata": {"name": "shop"}, "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}});
        assert_eq!(own_part(&live), own_part(&json!({"kind": "Namespace", "metadata": {"name": "shop"}})));
    }

    #[test]
    fn a_path_says_where_a_value_differs() {
        let of = |image: &str| json!({"spec": {"containers": [{"name": "app", "image": image}]}});
        let changed = between([of("c"), of("a"), of("b")]);
        assert_eq!(changed, [path(&["spec", "containers", "@app", "image"])]);
        assert!(changed[0].is_below("containers[app]") && changed[0].is_below("spec.containers") && !changed[0].is_below("spec.cont"));
        assert!(between([of("b"), of("a"), of("b")]).is_empty());
    }
}
