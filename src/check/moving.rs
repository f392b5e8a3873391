//! Whether anything that could change a verdict is still in flux: right after an edit the controllers need a moment, while a
//! learner must not wait for a quiet cluster to say no.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{
    context::Context,
    object::{self, is_workload},
    workload,
};
use crate::cluster::{KindState, Snapshot};

/// After so long, a change has reached every controller that cares. The server cuts its times down to whole seconds, so this
/// is between two and three seconds.
const SETTLING: SignedDuration = SignedDuration::from_secs(3);
/// The same for operators, which are programs like any other and take their time.
const OPERATOR_SETTLING: SignedDuration = SignedDuration::from_secs(5);
/// An autoscaler looks at metrics every 15 s, and they are as old again.
const AUTOSCALER_SETTLING: SignedDuration = SignedDuration::from_secs(40);
/// A controller that has not caught up after so long is not running.
const CONTROLLER_PATIENCE: SignedDuration = SignedDuration::from_secs(15);
/// A container that is not created after so long waits for something that does not come.
const CREATION_PATIENCE: SignedDuration = SignedDuration::from_secs(30);
/// What is on its way out longer than its grace period and this is stuck.
const DELETION_PATIENCE: SignedDuration = SignedDuration::from_secs(15);
/// A container that ended is restarted or backed off within this.
const RESTART_PATIENCE: SignedDuration = SignedDuration::from_secs(3);
/// No probe makes a learner wait longer than this.
const LONGEST_PROBING: i64 = 120;

/// Waiting reasons that no time heals by itself.
const HOPELESS: [&str; 9] = [
    "CrashLoopBackOff",
    "ImagePullBackOff",
    "ErrImagePull",
    "ErrImageNeverPull",
    "InvalidImageName",
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
    "ImageInspectError",
];

/// Whether anything of the scenario moves.
pub(super) fn moving(context: &Context) -> bool {
    objects(context).any(|object| changing(object, context.now) || busy(object, context))
}

/// Whether an autoscaler among what the checks read may still act on the latest change. Its own notes are none.
pub(super) fn scaling(context: &Context) -> bool {
    let is_scaler = |object: &&Value| object::kind(object) == "HorizontalPodAutoscaler";
    let changed = |object: &Value| if is_scaler(&object) { object::last_told(object) } else { object::last_change(object) };
    objects(context).any(|object| is_scaler(&object)) && objects(context).any(|o| within(changed(o), context.now, AUTOSCALER_SETTLING))
}

/// What was read of the scenario.
fn objects<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a Value> {
    let snapshot: &'a Snapshot = context.snapshot;
    let read = snapshot.kinds.values().filter_map(|state| match state {
        KindState::Read { objects, .. } => Some(objects),
        KindState::Unknown | KindState::Unreadable(_) => None,
    });
    read.flatten().map(AsRef::as_ref).filter(|object| concerns(object, context))
}

fn concerns(object: &Value, context: &Context) -> bool {
    let namespace = object::namespace(object);
    // Nodes report all the time.
    !matches!(object::kind(object), "Node" | "Lease" | "Event")
        && (namespace.is_empty() || context.namespaces.iter().any(|n| n == namespace))
}

/// How long ago, unless the clocks disagree by more than a little.
fn age(time: Timestamp, now: Timestamp) -> SignedDuration {
    now.duration_since(time)
}

fn within(time: Option<Timestamp>, now: Timestamp, patience: SignedDuration) -> bool {
    time.is_some_and(|time| age(time, now) < patience && age(time, now) > -CREATION_PATIENCE)
}

/// True of any kind of object: just written, on its way out, or not yet seen by its controller.
fn changing(object: &Value, now: Timestamp) -> bool {
    // Each failing try of a controller that cannot go on names another pod in the object's status.
    let noted_only = is_workload(object::kind(object)) && gave_up(object);
    let last = if noted_only { object::last_told(object) } else { object::last_change(object) };
    let deletion = object::time(object, "/metadata/deletionTimestamp");
    // The deletion timestamp is when the grace period ends.
    let leaving = deletion.is_some_and(|at| age(at, now) < DELETION_PATIENCE);
    let settling = if of_operator(object) { OPERATOR_SETTLING } else { SETTLING };
    within(last, now, settling) || leaving || (lags(object) && within(last, now, CONTROLLER_PATIENCE))
}

/// The object's controller has not seen its current generation, as its status or a condition in it says.
fn lags(object: &Value) -> bool {
    let generation = object::int(object, "/metadata/generation");
    let conditions = object::list(object, "/status/conditions").iter();
    let behind =
        conditions.filter_map(|c| object::int(c, "/observedGeneration")).max().is_some_and(|seen| generation.is_some_and(|g| seen < g));
    behind || !object::generation_observed(object)
}

/// Its kind comes from an operator, not from Kubernetes itself.
fn of_operator(object: &Value) -> bool {
    let group = object::text(object, "/apiVersion").split_once('/').map_or("", |(group, _)| group);
    group.contains('.') && !group.ends_with(".k8s.io")
}

fn busy<'a>(object: &'a Value, context: &Context<'a>) -> bool {
    match object::kind(object) {
        "Pod" => pod_moves(object, context.now),
        kind if is_workload(kind) => workload_moves(object, context),
        _ => false,
    }
}

/// A workload short of pods moves for as long as its controller may be expected to act, unless it cannot.
fn workload_moves<'a>(workload: &'a Value, context: &Context<'a>) -> bool {
    let desired = workload::desired(workload);
    let count = |field: &str| object::int(workload, &format!("/status/{field}")).unwrap_or(0);
    let settled = match object::kind(workload) {
        "DaemonSet" => count("updatedNumberScheduled") == desired && count("numberReady") == desired,
        "Deployment" => count("updatedReplicas") == desired && count("replicas") == desired && count("readyReplicas") == desired,
        "StatefulSet" => count("replicas") == desired && count("readyReplicas") == desired,
        _ => count("replicas") == desired,
    };
    let paused = workload.pointer("/spec/paused") == Some(&Value::Bool(true));
    if settled || paused || gave_up(workload) {
        return false;
    }
    within(object::last_change(workload), context.now, CONTROLLER_PATIENCE) && !stuck(workload, context)
}

/// The controller itself says that it cannot go on, about the current generation.
fn gave_up(workload: &Value) -> bool {
    object::generation_observed(workload)
        && object::list(workload, "/status/conditions").iter().any(|condition| {
            let (kind, status) = (object::text(condition, "/type"), object::text(condition, "/status"));
            (kind == "ReplicaFailure" && status == "True")
                || (kind == "Progressing" && object::text(condition, "/reason") == "ProgressDeadlineExceeded")
        })
}

/// A pod of the current revision is in a state that no time heals.
fn stuck<'a>(workload: &'a Value, context: &Context<'a>) -> bool {
    let pods = workload::pods(workload, context).unwrap_or_default();
    pods.current.iter().any(|pod| !workload::is_ready(pod) && !pod_moves(pod, context.now))
}

/// A pod on its way to being ready.
fn pod_moves(pod: &Value, now: Timestamp) -> bool {
    if object::terminating(pod) || workload::is_ready(pod) || matches!(object::text(pod, "/status/phase"), "Succeeded" | "Failed") {
        return false;
    }
    let state = workload::pod_state(pod);
    if HOPELESS.contains(&state.as_str()) || state == "Unschedulable" {
        return false;
    }
    let since = object::time(pod, "/status/startTime").or_else(|| object::time(pod, "/metadata/creationTimestamp"));
    let statuses = object::list(pod, "/status/containerStatuses");
    let inits = object::list(pod, "/status/initContainerStatuses");
    let all = || inits.iter().chain(statuses);
    if statuses.is_empty() || all().any(|status| status.pointer("/state/waiting").is_some()) {
        return within(since, now, CREATION_PATIENCE) || inits.iter().any(|status| init_moves(status, now));
    }
    all().any(|status| within(object::time(status, "/state/terminated/finishedAt"), now, RESTART_PATIENCE))
        || statuses.iter().any(|status| probing(pod, status, now))
}

fn init_moves(status: &Value, now: Timestamp) -> bool {
    within(object::time(status, "/state/running/startedAt"), now, CREATION_PATIENCE)
        || within(object::time(status, "/state/terminated/finishedAt"), now, RESTART_PATIENCE)
}

/// A container that runs and is not ready may still become so for as long as its probes need.
fn probing(pod: &Value, status: &Value, now: Timestamp) -> bool {
    let Some(started) = object::time(status, "/state/running/startedAt") else { return false };
    let container = object::list(pod, "/spec/containers").iter().find(|c| object::text(c, "/name") == object::text(status, "/name"));
    let needs = |probe: &str, rounds: &str| {
        let Some(probe) = container.and_then(|c| c.get(probe)) else { return 0 };
        let field = |name: &str, default: i64| object::int(probe, &format!("/{name}")).unwrap_or(default);
        field("initialDelaySeconds", 0) + field("periodSeconds", 10) * field(rounds, 1)
    };
    let ready = status.get("ready") == Some(&Value::Bool(true));
    let budget = (needs("startupProbe", "failureThreshold") + needs("readinessProbe", "successThreshold") * 2 + 5).min(LONGEST_PROBING);
    !ready && within(Some(started), now, SignedDuration::from_secs(budget))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::check::fixture::{World, ago, deployment, object};

    fn pod(status: Value) -> Value {
        object("Pod", "p", json!({"spec": {"containers": [{"name": "app", "readinessProbe": {"periodSeconds": 5}}]}, "status": status}))
    }

    fn running(started: u32) -> Value {
        json!({"phase": "Running", "startTime": ago(started), "containerStatuses": [{"name": "app", "ready": false, "state": {"running": {"startedAt": ago(started)}}}]})
    }

    fn waiting(reason: &str, since: u32) -> Value {
        json!({"phase": "Pending", "startTime": ago(since), "containerStatuses": [{"name": "app", "ready": false, "state": {"waiting": {"reason": reason}}}]})
    }

    #[test]
    fn a_healthy_quiet_world_does_not_move() {
        assert!(!World::default().workload(deployment("web").replicas(2)).moving());
    }

    #[test]
    fn an_object_written_a_moment_ago_moves() {
        let edited = |seconds: u32| object("Service", "web", json!({"metadata": {"managedFields": [{"time": ago(seconds)}]}}));
        assert!(World::default().with(edited(1)).moving());
        assert!(!World::default().with(edited(5)).moving());
        let monitor =
            |seconds: u32| json!({"apiVersion": "monitoring.coreos.com/v1", "metadata": {"managedFields": [{"time": ago(seconds)}]}});
        assert!(World::default().with(object("ServiceMonitor", "web", monitor(4))).moving(), "operators get longer");
        assert!(!World::default().with(object("ServiceMonitor", "web", monitor(6))).moving());
        let elsewhere = json!({"metadata": {"namespace": "kube-system", "managedFields": [{"time": ago(0)}]}});
        assert!(!World::default().with(object("ConfigMap", "c", elsewhere)).moving(), "the cluster's own business does not count");
        let node = json!({"metadata": {"managedFields": [{"time": ago(0)}]}});
        assert!(!World::default().with(object("Node", "n", node)).moving(), "nodes report all the time");
    }

    #[test]
    fn an_autoscaler_is_given_time_for_its_looks() {
        let edited = |seconds: u32| object("Service", "web", json!({"metadata": {"managedFields": [{"time": ago(seconds)}]}}));
        let noted = json!({"metadata": {"managedFields": [{"time": ago(60)}, {"time": ago(1), "subresource": "status"}]}});
        let scaler = object("HorizontalPodAutoscaler", "web", noted);
        assert!(World::default().with(edited(20)).with(scaler.clone()).scaling(), "it looks every 15 s at metrics as old");
        assert!(!World::default().with(edited(45)).with(scaler).scaling(), "its own notes are no change");
        assert!(!World::default().with(edited(20)).scaling());
    }

    #[test]
    fn pods_move_while_time_may_heal_them() {
        for (status, expected) in [
            (waiting("ContainerCreating", 3), true),
            (waiting("ContainerCreating", 300), false),
            (waiting("CrashLoopBackOff", 3), false),
            (waiting("ImagePullBackOff", 3), false),
            (waiting("CreateContainerConfigError", 3), false),
            (running(3), true),
            (running(60), false),
            (
                json!({"phase": "Pending", "startTime": ago(3), "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}]}),
                false,
            ),
            (json!({"phase": "Succeeded"}), false),
        ] {
            assert_eq!(World::default().with(pod(status.clone())).moving(), expected, "{status}");
        }
    }

    #[test]
    fn what_is_on_its_way_out_moves_until_it_is_stuck() {
        let leaving =
            |seconds: u32| object("Pod", "p", json!({"metadata": {"deletionTimestamp": ago(seconds)}, "status": {"phase": "Running"}}));
        assert!(World::default().with(leaving(1)).moving());
        assert!(!World::default().with(leaving(100)).moving());
    }

    #[test]
    fn a_rollout_moves_unless_its_new_pods_are_hopeless() {
        let recent = || deployment("web").replicas(3).changed_ago(5);
        assert!(World::default().workload(recent().pods("Ready", 1).status_ready(1)).moving(), "pods are still to come");
        assert!(!World::default().workload(recent().pods("CrashLoopBackOff", 1).status_ready(0)).moving());
        assert!(World::default().workload(recent().generation(3, 2)).moving(), "the controller has not looked yet");
    }

    #[test]
    fn a_controller_that_is_refused_again_and_again_does_not_move() {
        let refused = |spec_changed: u32| {
            object(
                "ReplicaSet",
                "web",
                json!({
                    "metadata": {"managedFields": [{"time": ago(spec_changed)}, {"time": ago(1), "subresource": "status"}]},
                    "spec": {"replicas": 3},
                    "status": {"replicas": 0, "conditions": [{"type": "ReplicaFailure", "status": "True"}]},
                }),
            )
        };
        assert!(!World::default().with(refused(10)).moving(), "its notes of each try are no change");
        assert!(World::default().with(refused(1)).moving(), "somebody has just changed it");
    }

    #[test]
    fn trap_ff09_only_a_deadline_of_the_current_generation_is_final() {
        let missed = |workload: crate::check::fixture::Deployment| {
            workload.condition(json!({"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}))
        };
        let current = missed(deployment("web").replicas(3).changed_ago(5).pods("Ready", 1).status_ready(1));
        assert!(!World::default().workload(current).moving());
        let stale = missed(deployment("web").replicas(3).changed_ago(5).pods("Ready", 1).status_ready(1).generation(3, 2));
        assert!(World::default().workload(stale).moving());
    }
}
