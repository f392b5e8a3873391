use serde_json::{Map, Value};

use super::object::{group, list, text};

/// Metadata that the API server writes by itself.
const SERVER_METADATA: [&str; 8] = [
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "generation",
    "managedFields",
    "selfLink",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
];

/// Annotations that controllers write by themselves.
const SERVER_ANNOTATIONS: [&str; 9] = [
    "deployment.kubernetes.io/revision",
    "deprecated.daemonset.template.generation",
    "pv.kubernetes.io/bind-completed",
    "pv.kubernetes.io/bound-by-controller",
    "volume.kubernetes.io/storage-provisioner",
    "volume.beta.kubernetes.io/storage-provisioner",
    "volume.kubernetes.io/selected-node",
    "batch.kubernetes.io/job-tracking",
    "kubernetes.io/service-account.uid",
];

/// Labels that the Job controller gives to a Job's template.
const JOB_LABELS: [&str; 4] = ["controller-uid", "batch.kubernetes.io/controller-uid", "job-name", "batch.kubernetes.io/job-name"];

/// An object without what the server and its controllers made of it: equal for two objects that a person would call the same,
/// and good to be created again. A Service keeps its cluster IP.
pub(super) fn normalise(object: &Value) -> Value {
    let mut result = object.clone();
    if let Some(fields) = result.as_object_mut() {
        fields.remove("status");
    }
    if let Some(metadata) = result.get_mut("metadata").and_then(Value::as_object_mut) {
        for field in SERVER_METADATA {
            metadata.remove(field);
        }
        remove_from(metadata, "annotations", &SERVER_ANNOTATIONS);
    }
    match (group(object), text(object, "/kind")) {
        ("", "Namespace") => drop_field(&mut result, "/spec", "finalizers"),
        ("", "Node") => node(&mut result),
        // A CRD counts by its name and metadata: its schema is large, and read only where it must be created again.
        ("apiextensions.k8s.io", "CustomResourceDefinition") => drop_field(&mut result, "", "spec"),
        ("", "Pod") if !chosen_node(object) => drop_field(&mut result, "/spec", "nodeName"),
        ("", "PersistentVolumeClaim") if bound_by_controller(object) && is_made_for_it(object) => {
            drop_field(&mut result, "/spec", "volumeName");
        }
        ("", "PersistentVolume") if text(object, "/status/phase") == "Bound" => bound_volume(&mut result, object),
        ("", "Secret") if text(object, "/type") == "kubernetes.io/service-account-token" => drop_field(&mut result, "", "data"),
        ("batch", "Job") if object.pointer("/spec/manualSelector").is_none() => {
            drop_field(&mut result, "/spec", "selector");
            for place in ["/spec/template/metadata", "/metadata"] {
                if let Some(metadata) = result.pointer_mut(place).and_then(Value::as_object_mut) {
                    remove_from(metadata, "labels", &JOB_LABELS);
                }
            }
        }
        ("rbac.authorization.k8s.io", "ClusterRole") if object.get("aggregationRule").is_some_and(|rule| !rule.is_null()) => {
            drop_field(&mut result, "", "rules");
        }
        _ => {}
    }
    for field in ["spec", "metadata"] {
        if result.get(field).and_then(Value::as_object).is_some_and(Map::is_empty) {
            drop_field(&mut result, "", field);
        }
    }
    result
}

fn drop_field(object: &mut Value, place: &str, field: &str) {
    if let Some(fields) = object.pointer_mut(place).and_then(Value::as_object_mut) {
        fields.remove(field);
    }
}

fn remove_from(metadata: &mut Map<String, Value>, field: &str, keys: &[&str]) {
    let Some(map) = metadata.get_mut(field).and_then(Value::as_object_mut) else { return };
    for key in keys {
        map.remove(*key);
    }
    if map.is_empty() {
        metadata.remove(field);
    }
}

/// Nobody chose the binding of a claim and its volume.
fn bound_by_controller(object: &Value) -> bool {
    object.pointer("/metadata/annotations/pv.kubernetes.io~1bound-by-controller").is_some()
}

/// The volume of a claim was made for this very claim, rather than being one that was there before.
fn is_made_for_it(claim: &Value) -> bool {
    text(claim, "/spec/volumeName").strip_prefix("pvc-") == Some(text(claim, "/metadata/uid"))
}

/// A bound volume shows its claim, whose own object says which volume it has.
fn bound_volume(volume: &mut Value, object: &Value) {
    if bound_by_controller(object) {
        return drop_field(volume, "/spec", "claimRef");
    }
    for field in ["uid", "resourceVersion"] {
        drop_field(volume, "/spec/claimRef", field);
    }
}

/// A node is its labels, and what a person may set in its spec.
fn node(node: &mut Value) {
    drop_field(node, "/metadata", "annotations");
    for field in ["podCIDR", "podCIDRs", "providerID"] {
        drop_field(node, "/spec", field);
    }
    let taints: Vec<Value> = list(node, "/spec/taints").iter().filter(|t| !is_condition_taint(t)).cloned().collect();
    drop_field(node, "/spec", "taints");
    if !taints.is_empty()
        && let Some(fields) = node.as_object_mut()
    {
        fields.entry("spec").or_insert_with(|| Value::Object(Map::new()))["taints"] = taints.into();
    }
}

/// Whether the control plane put a taint on a node, after the node's conditions. That a node is out of service, a person says.
pub(super) fn is_condition_taint(taint: &Value) -> bool {
    text(taint, "/key").strip_prefix("node.kubernetes.io/").is_some_and(|condition| condition != "out-of-service")
}

/// Whether somebody chose the pod's node: the scheduler's binding leaves no trace among the owners of fields.
fn chosen_node(pod: &Value) -> bool {
    list(pod, "/metadata/managedFields").iter().any(|entry| entry.pointer("/fieldsV1/f:spec/f:nodeName").is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::normalise;

    #[test]
    fn what_the_server_made_is_gone_and_the_rest_stays() {
        let service = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop", "uid": "u", "resourceVersion": "5",
            "creationTimestamp": "t", "generation": 2, "managedFields": [{}], "labels": {"a": "b"}}, "spec": {"clusterIP": "10.96.0.7"}, "status": {"loadBalancer": {}}});
        assert_eq!(
            normalise(&service),
            json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop", "labels": {"a": "b"}}, "spec": {"clusterIP": "10.96.0.7"}})
        );
    }

    #[test]
    fn a_rollback_of_a_deployment_leaves_no_difference() {
        let of = |revision: &str| json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "annotations": {"deployment.kubernetes.io/revision": revision}}});
        assert_eq!(normalise(&of("1")), normalise(&of("3")));
    }

    #[test]
    fn a_token_of_a_service_account_is_the_same_whichever_account_of_that_name_it_is_of() {
        let of = |uid: &str| {
            json!({"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/service-account-token", "data": {"token": uid},
                "metadata": {"name": "t", "annotations": {"kubernetes.io/service-account.name": "ci", "kubernetes.io/service-account.uid": uid}}})
        };
        assert_eq!(normalise(&of("a")), normalise(&of("b")));
        assert_eq!(normalise(&of("a")).pointer("/metadata/annotations/kubernetes.io~1service-account.name").unwrap(), "ci");
    }

    #[test]
    fn a_node_keeps_labels_and_chosen_taints_only() {
        let node = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n", "annotations": {"x": "y"}, "labels": {"zone": "a"}},
            "spec": {"podCIDR": "10.0.0.0/24", "taints": [{"key": "node.kubernetes.io/not-ready"}, {"key": "team", "effect": "NoSchedule"}]}});
        assert_eq!(
            normalise(&node),
            json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n", "labels": {"zone": "a"}}, "spec": {"taints": [{"key": "team", "effect": "NoSchedule"}]}})
        );
    }

    #[test]
    fn a_claim_names_the_volume_that_was_there_before_it_and_a_bound_volume_names_no_claim() {
        let claim = |volume: &str| {
            json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "c", "namespace": "shop", "uid": "u",
            "annotations": {"pv.kubernetes.io/bound-by-controller": "yes"}}, "spec": {"volumeName": volume}})
        };
        assert_eq!(normalise(&claim("pvc-u")).pointer("/spec/volumeName"), None);
        assert_eq!(normalise(&claim("disk-a")).pointer("/spec/volumeName").unwrap(), "disk-a");
        let volume = |phase: &str, by: Value| {
            json!({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "disk-a", "annotations": by},
            "spec": {"claimRef": {"name": "c", "uid": "u"}, "capacity": {}}, "status": {"phase": phase}})
        };
        let by_controller = json!({"pv.kubernetes.io/bound-by-controller": "yes"});
        assert_eq!(normalise(&volume("Bound", by_controller.clone())).pointer("/spec/claimRef"), None);
        assert_eq!(normalise(&volume("Released", by_controller)).pointer("/spec/claimRef/uid").unwrap(), "u");
        assert_eq!(normalise(&volume("Bound", json!({}))).pointer("/spec/claimRef").unwrap(), &json!({"name": "c"}));
    }

    #[test]
    fn a_pod_loses_the_node_that_the_scheduler_chose_but_not_one_that_a_person_chose() {
        let mut pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"nodeName": "n"}});
        assert_eq!(normalise(&pod).pointer("/spec/nodeName"), None);
        pod["metadata"]["managedFields"] = json!([{"fieldsV1": {"f:spec": {"f:nodeName": {}}}}]);
        assert_eq!(normalise(&pod).pointer("/spec/nodeName").unwrap(), "n");
    }

    #[test]
    fn a_job_can_be_created_again() {
        let job = json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": {"selector": {"matchLabels": {"controller-uid": "u"}},
            "template": {"metadata": {"labels": {"controller-uid": "u", "job-name": "j", "app": "x"}}}}});
        assert_eq!(normalise(&job)["spec"], json!({"template": {"metadata": {"labels": {"app": "x"}}}}));
    }
}
