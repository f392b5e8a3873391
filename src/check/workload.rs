//! Workloads and their pods: who owns whom, and which revision is current.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    context::{Context, Trouble},
    labels::{self, Labels},
    object,
};
use crate::text::Text;

/// The pod template of a workload; a bare pod is its own.
pub(crate) fn template(workload: &Value) -> Option<&Value> {
    match object::kind(workload) {
        "Pod" => Some(workload),
        "CronJob" => workload.pointer("/spec/jobTemplate/spec/template"),
        _ => workload.pointer("/spec/template"),
    }
}

/// The containers of a template or pod, init containers first.
pub(crate) fn containers(template: &Value) -> impl Iterator<Item = &Value> {
    object::list(template, "/spec/initContainers").iter().chain(object::list(template, "/spec/containers"))
}

/// How many pods a workload wants.
pub(super) fn desired(workload: &Value) -> i64 {
    match object::kind(workload) {
        "DaemonSet" => object::int(workload, "/status/desiredNumberScheduled").unwrap_or(0),
        "Pod" => 1,
        _ => object::int(workload, "/spec/replicas").unwrap_or(1),
    }
}

/// The pods of a workload, by their owners.
#[derive(Debug, Default)]
pub(super) struct Pods<'a> {
    /// Those of the current revision.
    pub(super) current: Vec<&'a Value>,
    /// Those of earlier revisions.
    pub(super) old: Vec<&'a Value>,
}

/// Finds a workload's pods through their owners' uids, never by labels, which anybody can copy.
pub(super) fn pods<'a>(workload: &'a Value, context: &Context<'a>) -> Result<Pods<'a>, Trouble> {
    if object::kind(workload) == "Pod" {
        return Ok(Pods { current: vec![workload], old: Vec::new() });
    }
    let owned_by = |owners: &BTreeSet<&str>| -> Result<Vec<&'a Value>, Trouble> {
        let pods = context.objects("Pod")?.iter().map(AsRef::as_ref);
        Ok(pods.filter(|pod| object::controller(pod).is_some_and(|uid| owners.contains(uid))).collect())
    };
    let own: BTreeSet<&str> = [object::uid(workload)].into();
    let (current, old): (Vec<_>, Vec<_>) = match object::kind(workload) {
        "Deployment" => {
            let sets = replica_sets(workload, context)?;
            let current = sets.iter().find(|set| same_template(set, workload)).map(|set| object::uid(set));
            let pods = owned_by(&sets.iter().map(|set| object::uid(set)).collect())?;
            pods.into_iter().partition(|pod| current.is_some() && object::controller(pod) == current)
        }
        "StatefulSet" | "DaemonSet" => {
            let revision = current_hash(workload, context)?;
            owned_by(&own)?.into_iter().partition(|pod| revision.is_some() && object::label(pod, "controller-revision-hash") == revision)
        }
        _ => (owned_by(&own)?, Vec::new()),
    };
    Ok(Pods { current, old })
}

/// A Deployment's ReplicaSets, oldest first, as its controller sorts them.
pub(super) fn replica_sets<'a>(deployment: &Value, context: &Context<'a>) -> Result<Vec<&'a Value>, Trouble> {
    let sets = context.objects("ReplicaSet")?.iter().map(AsRef::as_ref);
    let mut sets: Vec<&Value> = sets.filter(|set| object::controller(set) == Some(object::uid(deployment))).collect();
    sets.sort_by_key(|set| object::text(set, "/metadata/creationTimestamp"));
    Ok(sets)
}

/// The controller's own notion of the current ReplicaSet: the same template but for the hash label.
pub(super) fn same_template(set: &Value, deployment: &Value) -> bool {
    let plain = |workload: &Value| {
        let mut template = workload.pointer("/spec/template").cloned().unwrap_or_default();
        if let Some(labels) = template.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
            labels.remove("pod-template-hash");
        }
        if let Some(metadata) = template.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.remove("creationTimestamp");
        }
        template
    };
    plain(set) == plain(deployment)
}

/// What stands for the revision that a workload rolls out, once its controller has acted on it: a ReplicaSet, or a ControllerRevision.
pub(super) fn current_revision<'a>(workload: &'a Value, context: &Context<'a>) -> Result<Option<&'a Value>, Trouble> {
    if object::kind(workload) == "Deployment" {
        return Ok(replica_sets(workload, context)?.into_iter().find(|set| same_template(set, workload)));
    }
    let Some(hash) = current_hash(workload, context)? else { return Ok(None) };
    let revisions = context.objects("ControllerRevision")?.iter().map(AsRef::as_ref);
    let mut own = revisions.filter(|revision: &&Value| object::controller(revision) == Some(object::uid(workload)));
    // A StatefulSet names its revisions in full, a DaemonSet by their hash.
    Ok(own.find(|revision| object::name(revision) == hash || object::label(revision, "controller-revision-hash") == Some(hash)))
}

/// The revision that a StatefulSet or DaemonSet rolls out, once its controller has seen the current generation.
fn current_hash<'a>(workload: &'a Value, context: &Context<'a>) -> Result<Option<&'a str>, Trouble> {
    if !object::generation_observed(workload) {
        return Ok(None);
    }
    if object::kind(workload) == "StatefulSet" {
        return Ok(Some(object::text(workload, "/status/updateRevision")).filter(|hash| !hash.is_empty()));
    }
    let revisions = context.objects("ControllerRevision")?.iter().map(AsRef::as_ref);
    let own = revisions.filter(|revision: &&Value| object::controller(revision) == Some(object::uid(workload)));
    Ok(own
        .max_by_key(|revision| object::int(revision, "/revision"))
        .and_then(|revision| object::label(revision, "controller-revision-hash")))
}

/// The pod is ready, and not on its way out.
pub(crate) fn is_ready(pod: &Value) -> bool {
    let ready = |condition: &&Value| object::text(condition, "/type") == "Ready" && object::text(condition, "/status") == "True";
    !object::terminating(pod) && object::list(pod, "/status/conditions").iter().any(|c| ready(&c))
}

/// The labels of a pod or template.
pub(crate) fn pod_labels(pod: &Value) -> Labels<'_> {
    labels::labels_at(pod, "/metadata/labels")
}

/// Whether a pod or template declares a port of this protocol.
pub(super) fn declares(pod: &Value, port: i64, protocol: &str) -> bool {
    declared_ports(pod).any(|(_, number, proto)| number == port && proto == protocol)
}

/// The number of a named port, as a pod or template declares it.
pub(super) fn named_port(pod: &Value, name: &str, protocol: &str) -> Option<i64> {
    declared_ports(pod).find(|(n, _, proto)| *n == name && *proto == protocol).map(|(_, number, _)| number)
}

fn declared_ports(pod: &Value) -> impl Iterator<Item = (&str, i64, &str)> {
    containers(pod).flat_map(|container| object::list(container, "/ports")).filter_map(|port| {
        let protocol = match object::text(port, "/protocol") {
            "" => "TCP",
            other => other,
        };
        Some((object::text(port, "/name"), object::int(port, "/containerPort")?, protocol))
    })
}

/// How a pod is: a word that learners know from kubectl, and the pod said in full.
pub(super) fn pod_state(pod: &Value) -> String {
    if object::terminating(pod) {
        return "Terminating".into();
    }
    let statuses = || object::list(pod, "/status/initContainerStatuses").iter().chain(object::list(pod, "/status/containerStatuses"));
    let waiting =
        statuses().map(|s| object::text(s, "/state/waiting/reason")).find(|reason| !reason.is_empty() && *reason != "PodInitializing");
    if let Some(reason) = waiting {
        return reason.into();
    }
    let ended = statuses().map(|s| object::text(s, "/state/terminated/reason")).find(|r| !r.is_empty() && *r != "Completed");
    if let Some(reason) = ended {
        return reason.into();
    }
    let unscheduled = object::list(pod, "/status/conditions").iter().find(|c| object::text(c, "/type") == "PodScheduled");
    match object::text(pod, "/status/phase") {
        "Pending" if unscheduled.is_some_and(|c| object::text(c, "/reason") == "Unschedulable") => "Unschedulable".into(),
        "Running" if is_ready(pod) => "Ready".into(),
        "Running" => "NotReady".into(),
        "" => "Pending".into(),
        phase => phase.into(),
    }
}

/// A pod's state as a line that a person reads, with its owner.
pub(super) fn pod_text(pod: &Value, owner: &str) -> Text {
    let (state, name) = (pod_state(pod), object::name(pod));
    let restarts: i64 = object::list(pod, "/status/containerStatuses").iter().filter_map(|s| object::int(s, "/restartCount")).sum();
    Text::new(format!("{owner} → 파드 {name}: {state}, 재시작 {restarts}회"), format!("{owner} → pod {name}: {state}, {restarts} restarts"))
}
