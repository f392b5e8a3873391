//! Objects as `kubectl get -o yaml` gives them, without what a server made of them.

use serde_json::Value;

/// What the API server writes into every object's metadata.
const METADATA: [&str; 9] = [
    "resourceVersion",
    "uid",
    "creationTimestamp",
    "generation",
    "managedFields",
    "selfLink",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "ownerReferences",
];
/// Annotations that controllers and kubectl write.
const ANNOTATIONS: [&str; 8] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    "deployment.kubernetes.io/revision",
    "deprecated.daemonset.template.generation",
    "pv.kubernetes.io/bind-completed",
    "pv.kubernetes.io/bound-by-controller",
    "volume.beta.kubernetes.io/storage-provisioner",
    "volume.kubernetes.io/storage-provisioner",
    "volume.kubernetes.io/selected-node",
];
/// Kinds that are never anybody's work: controllers make them anew.
const MADE: [&str; 10] = [
    "Event",
    "Endpoints",
    "EndpointSlice",
    "ReplicaSet",
    "ControllerRevision",
    "Lease",
    "Node",
    "PersistentVolume",
    "Namespace",
    "PodMetrics",
];

/// Labels of what kubedrill and the API server make for themselves.
const OURS: [&str; 2] = ["kubedrill.dev/owned", "kubernetes.io/bootstrapping"];
/// Namespaces that are no scenario's.
const SYSTEM: [&str; 4] = ["kube-system", "kube-public", "kube-node-lease", "kubedrill-system"];

/// Whether a server has seen the object: a person does not write these.
pub(super) fn is_exported(object: &Value) -> bool {
    ["uid", "resourceVersion", "managedFields"].iter().any(|key| object["metadata"].get(key).is_some())
}

/// The object as a person would have written it; none when it is nobody's work.
pub(super) fn cleaned(mut object: Value) -> Option<Value> {
    if is_made(&object) {
        return None;
    }
    let kind = object["kind"].as_str().unwrap_or_default().to_owned();
    if let Some(fields) = object.as_object_mut() {
        fields.remove("status");
    }
    remove(&mut object, "/metadata", &METADATA);
    remove(&mut object, "/metadata/annotations", &ANNOTATIONS);
    match kind.as_str() {
        "Service" if object["spec"]["clusterIP"] != "None" => remove(&mut object, "/spec", &["clusterIP", "clusterIPs"]),
        "PersistentVolumeClaim" => remove(&mut object, "/spec", &["volumeName"]),
        "ServiceAccount" => remove(&mut object, "", &["secrets"]),
        "Job" => {
            let labels = ["controller-uid", "batch.kubernetes.io/controller-uid"];
            remove(&mut object, "/spec", &["selector"]);
            remove(&mut object, "/spec/template/metadata/labels", &labels);
            remove(&mut object, "/metadata/labels", &labels);
        }
        _ => {}
    }
    remove(&mut object, "/spec/template/metadata", &["creationTimestamp"]);
    Some(object)
}

/// Whether an object was made by a controller, by the cluster itself, or by kubedrill.
#[must_use]
pub fn is_made(object: &Value) -> bool {
    let metadata = &object["metadata"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (kind, name, namespace) = (text(&object["kind"]), text(&metadata["name"]), text(&metadata["namespace"]));
    let owners = metadata["ownerReferences"].as_array();
    let controlled = owners.is_some_and(|owners| owners.iter().any(|owner| owner["controller"] == true));
    let marked = OURS.iter().any(|label| metadata["labels"].get(label).is_some()) || name.starts_with("system:");
    let standard = match kind.as_str() {
        "ConfigMap" => name == "kube-root-ca.crt",
        "Service" => name == "kubernetes" && namespace == "default",
        _ => false,
    };
    MADE.contains(&kind.as_str()) || controlled || marked || standard || SYSTEM.contains(&namespace.as_str())
}

fn remove(object: &mut Value, at: &str, keys: &[&str]) {
    if let Some(Value::Object(fields)) = object.pointer_mut(at) {
        keys.iter().for_each(|key| {
            fields.remove(*key);
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::cleaned;

    #[test]
    fn what_a_server_made_of_an_object_is_left_out() {
        let service = json!({"apiVersion": "v1", "kind": "Service",
            "metadata": {"name": "web", "namespace": "shop", "uid": "1", "resourceVersion": "7", "managedFields": [],
                "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}", "team": "a"}},
            "spec": {"clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"], "selector": {"app": "web"}}, "status": {"loadBalancer": {}}});
        let written = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop", "annotations": {"team": "a"}},
            "spec": {"selector": {"app": "web"}}});
        assert_eq!(cleaned(service), Some(written));
    }

    #[test]
    fn what_controllers_made_is_nobodys_work() {
        let owned = json!({"kind": "Pod", "metadata": {"name": "web-1", "ownerReferences": [{"kind": "ReplicaSet", "controller": true}]}});
        let certificates = json!({"kind": "ConfigMap", "metadata": {"name": "kube-root-ca.crt", "namespace": "shop"}});
        let role = json!({"kind": "ClusterRole", "metadata": {"name": "view", "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}}});
        for made in [owned, certificates, role, json!({"kind": "EndpointSlice", "metadata": {"name": "web-abc"}})] {
            assert_eq!(cleaned(made.clone()), None, "{made}");
        }
    }
}
