use serde_json::Value;

use super::object::{condition, controller, group, list, number, reference, text};

/// What an object still lacks to be ready on its current revision; `None` when it lacks nothing.
///
/// A kind that nobody knows is ready when its controller has seen its generation and does not say otherwise.
pub(super) fn lacking(object: &Value) -> Option<String> {
    let observed = number(object, "/status/observedGeneration");
    let generation = number(object, "/metadata/generation").unwrap_or_default();
    let builtin = matches!(group(object), "" | "apps" | "batch" | "apiextensions.k8s.io");
    let unseen = if builtin {
        needs_observation(object) && observed.unwrap_or_default() < generation
    } else {
        observed.is_some_and(|o| o < generation)
    };
    if unseen {
        return Some("its controller has not seen its newest version yet".into());
    }
    match (group(object), text(object, "/kind")) {
        ("apps", "Deployment") => counts(
            object,
            number(object, "/spec/replicas").unwrap_or(1),
            &["updatedReplicas", "readyReplicas", "availableReplicas", "replicas"],
        ),
        ("apps", "StatefulSet") => stateful_set(object),
        ("apps", "DaemonSet") => {
            let wanted = number(object, "/status/desiredNumberScheduled").unwrap_or_default();
            counts(object, wanted, &["updatedNumberScheduled", "numberReady", "numberAvailable"])
        }
        ("apps", "ReplicaSet") => counts(object, number(object, "/spec/replicas").unwrap_or(1), &["readyReplicas", "replicas"]),
        ("", "Pod") => pod(object),
        ("batch", "Job") => job(object),
        ("", "PersistentVolumeClaim") => {
            (text(object, "/status/phase") != "Bound").then(|| format!("it is {}, not Bound", or(text(object, "/status/phase"), "new")))
        }
        ("", "Namespace") => (text(object, "/status/phase") != "Active").then(|| "it is not active".into()),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => {
            (condition(object, "Established") != Some("True")).then(|| "it is not established".into())
        }
        _ => conditions(object),
    }
}

fn needs_observation(object: &Value) -> bool {
    matches!(text(object, "/kind"), "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
}

fn counts(object: &Value, wanted: i64, fields: &[&str]) -> Option<String> {
    fields.iter().find_map(|field| {
        let found = number(object, &format!("/status/{field}")).unwrap_or_default();
        (found != wanted).then(|| format!("{field} is {found} of {wanted}"))
    })
}

fn stateful_set(object: &Value) -> Option<String> {
    let wanted = number(object, "/spec/replicas").unwrap_or(1);
    let partition = number(object, "/spec/updateStrategy/rollingUpdate/partition").unwrap_or_default();
    if let Some(short) = counts(object, wanted, &["readyReplicas", "replicas"]) {
        return Some(short);
    }
    let rolling = partition == 0 && text(object, "/spec/updateStrategy/type") != "OnDelete";
    let (current, update) = (text(object, "/status/currentRevision"), text(object, "/status/updateRevision"));
    (rolling && current != update).then(|| "its rollout is not complete".into())
}

fn job(object: &Value) -> Option<String> {
    if let Some(failed) = list(object, "/status/conditions").iter().find(|c| text(c, "/type") == "Failed" && text(c, "/status") == "True") {
        return Some(format!("it failed: {}", text(failed, "/message")));
    }
    let suspended = object.pointer("/spec/suspend").and_then(Value::as_bool) == Some(true);
    let periodic = controller(object).is_some_and(|o| text(o, "/kind") == "CronJob");
    (condition(object, "Complete") != Some("True") && !suspended && !periodic).then(|| "it is not complete".into())
}

fn pod(object: &Value) -> Option<String> {
    if object.pointer("/metadata/deletionTimestamp").is_some() {
        return Some("it is terminating".into());
    }
    if text(object, "/status/phase") == "Succeeded" || condition(object, "Ready") == Some("True") {
        return None;
    }
    let owner = controller(object).map(|o| text(o, "/kind"));
    if owner == Some("Job") {
        return None;
    }
    let why = container_reasons(object).last().map(|(reason, message)| format!("{reason} {message}").trim_end().to_owned());
    let unscheduled =
        list(object, "/status/conditions").iter().find(|c| text(c, "/type") == "PodScheduled" && text(c, "/status") == "False");
    let why = why.or_else(|| unscheduled.map(|c| text(c, "/message").to_owned()));
    Some(why.map_or_else(|| "it is not ready".into(), |why| format!("it is not ready: {why}")))
}

/// Why containers wait or were terminated, with the message.
pub(super) fn container_reasons(pod: &Value) -> impl Iterator<Item = (&str, &str)> {
    ["/status/initContainerStatuses", "/status/containerStatuses"]
        .into_iter()
        .flat_map(|statuses| list(pod, statuses))
        .flat_map(|status| ["/state/waiting", "/state/terminated"].map(|state| status.pointer(state)))
        .flatten()
        .map(|state| (text(state, "/reason"), text(state, "/message")))
}

/// The conditions by which operators say that they are done.
fn conditions(object: &Value) -> Option<String> {
    let listed = list(object, "/status/conditions");
    ["Ready", "Available", "Reconciled"].iter().find_map(|wanted| {
        let found = listed.iter().find(|c| text(c, "/type") == *wanted)?;
        match condition(object, wanted) {
            Some("True") => None,
            Some(_) => Some(format!("its condition {wanted} is {}: {}", text(found, "/status"), text(found, "/message"))),
            None => Some(format!("its condition {wanted} is about an older version of it")),
        }
    })
}

fn or<'a>(text: &'a str, other: &'a str) -> &'a str {
    if text.is_empty() { other } else { text }
}

/// What keeps a whole set of objects from being healthy, one line per object. Pods and ReplicaSets count through what owns
/// them; a claim that no pod uses may wait.
pub(super) fn unhealthy<'a>(objects: impl Iterator<Item = &'a Value> + Clone) -> Vec<String> {
    let used: Vec<(&str, &str)> = objects
        .clone()
        .filter(|o| text(o, "/kind") == "Pod")
        .flat_map(|pod| {
            list(pod, "/spec/volumes").iter().map(|v| (text(pod, "/metadata/namespace"), text(v, "/persistentVolumeClaim/claimName")))
        })
        .collect();
    let counts = |object: &&Value| match text(object, "/kind") {
        "ReplicaSet" => controller(object).is_none(),
        "PersistentVolumeClaim" => used.contains(&(text(object, "/metadata/namespace"), text(object, "/metadata/name"))),
        _ => true,
    };
    objects.filter(counts).filter_map(|object| Some(format!("{}: {}", reference(object), lacking(object)?))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn deployment(generation: i64, observed: i64, status: Value) -> Value {
        let mut status = status;
        status["observedGeneration"] = observed.into();
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop", "generation": generation}, "spec": {"replicas": 2}, "status": status})
    }

    #[test]
    fn trap_fp07_a_status_of_an_older_generation_does_not_count() {
        let ready = json!({"replicas": 2, "updatedReplicas": 2, "readyReplicas": 2, "availableReplicas": 2});
        assert_eq!(lacking(&deployment(3, 3, ready.clone())), None);
        assert!(lacking(&deployment(4, 3, ready)).unwrap().contains("newest version"));
    }

    #[test]
    fn old_pods_beside_a_finished_rollout_are_not_healthy() {
        let old = json!({"replicas": 3, "updatedReplicas": 2, "readyReplicas": 2, "availableReplicas": 2});
        assert_eq!(lacking(&deployment(1, 1, old)).unwrap(), "replicas is 3 of 2");
        let fresh = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"generation": 1}, "spec": {"replicas": 0}});
        assert!(lacking(&fresh).is_some(), "nobody has looked at it yet");
    }

    #[test]
    fn a_pod_says_why_it_is_not_ready() {
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "status": {"phase": "Pending", "containerStatuses": [
            {"state": {"waiting": {"reason": "ImagePullBackOff", "message": "back-off pulling x"}}}]}});
        assert_eq!(lacking(&pod).unwrap(), "it is not ready: ImagePullBackOff back-off pulling x");
    }

    #[test]
    fn a_custom_resource_is_judged_by_the_conditions_it_has() {
        let of = |conditions: Value, observed: Value| {
            json!({"apiVersion": "monitoring.coreos.com/v1", "kind": "Prometheus",
            "metadata": {"generation": 2}, "status": {"conditions": conditions, "observedGeneration": observed}})
        };
        assert_eq!(lacking(&of(json!([]), json!(null))), None);
        assert_eq!(lacking(&of(json!([{"type": "Available", "status": "True", "observedGeneration": 2}]), json!(2))), None);
        assert!(lacking(&of(json!([{"type": "Available", "status": "True", "observedGeneration": 1}]), json!(2))).is_some());
        assert!(lacking(&of(json!([{"type": "Reconciled", "status": "False"}]), json!(2))).is_some());
        assert!(lacking(&of(json!([]), json!(1))).is_some());
    }

    #[test]
    fn a_claim_that_no_pod_uses_may_wait() {
        let claim = json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data", "namespace": "shop"}, "status": {"phase": "Pending"}});
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "shop"}, "spec": {"volumes": [{"persistentVolumeClaim": {"claimName": "data"}}]},
            "status": {"conditions": [{"type": "Ready", "status": "True"}]}});
        assert!(unhealthy([&claim].into_iter()).is_empty());
        assert_eq!(unhealthy([&claim, &pod].into_iter()), ["PersistentVolumeClaim/shop/data: it is Pending, not Bound"]);
    }
}
