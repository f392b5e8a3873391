use std::{collections::BTreeSet, sync::Arc};

use serde_json::Value;

use super::{
    ProvisionError, actions, health,
    object::{carries, condition, reference, text},
    target,
};
use crate::{
    cluster::{Cluster, Scope},
    scenario::{Scenario, Wait, WaitFor},
};

/// Waits for the state that an action names.
pub(super) async fn wait(cluster: &Cluster, scenario: &Scenario, place: &str, wait: &Wait) -> Result<(), ProvisionError> {
    let located = target::locate(cluster, scenario, place, &wait.on).await?;
    let scope = Scope { kind: &located.kind, namespace: located.namespace.as_deref(), name: located.name.as_deref() };
    let what = target::describe(&wait.on);
    let mut seen = BTreeSet::new();
    let done = |objects: &[Arc<Value>]| {
        let chosen: Vec<&Value> = objects.iter().map(Arc::as_ref).filter(|o| carries(o, &located.labels)).collect();
        missing(&wait.state, &chosen, &mut seen).map_or(Ok(()), Err)
    };
    cluster.wait(scope, &what, wait.within.0, done).await.map_err(|source| actions::failure(place, source))
}

/// What is still missing. `seen` keeps which pods have shown a reason: they show it only between two tries.
fn missing(state: &WaitFor, objects: &[&Value], seen: &mut BTreeSet<String>) -> Option<String> {
    if matches!(state, WaitFor::Absent {}) {
        return objects.first().map(|o| format!("{} is still there", reference(o)));
    }
    let alive: Vec<&&Value> = objects.iter().filter(|o| o.pointer("/metadata/deletionTimestamp").is_none()).collect();
    if alive.is_empty() {
        return Some("there is no such object".into());
    }
    alive.iter().find_map(|object| {
        let lacks = match state {
            WaitFor::Ready {} => health::lacking(object),
            WaitFor::Condition(name) => match condition(object, name) {
                Some("True") => None,
                found => Some(format!("its condition {name} is {}", found.unwrap_or("not there"))),
            },
            WaitFor::Reason(reason) => {
                let uid = text(object, "/metadata/uid");
                let found: Vec<&str> = health::container_reasons(object).map(|(reason, _)| reason).collect();
                if found.contains(&reason.as_str()) {
                    seen.insert(uid.to_owned());
                }
                (!seen.contains(uid)).then(|| format!("its containers say {found:?}, not {reason}"))
            }
            WaitFor::Absent {} => None,
        };
        lacks.map(|lacks| format!("{}: {lacks}", reference(object)))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(uid: &str, reason: &str) -> Value {
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": uid, "namespace": "a", "uid": uid},
            "status": {"containerStatuses": [{"state": {"waiting": {"reason": reason}}}]}})
    }

    #[test]
    fn every_pod_must_have_shown_the_reason_but_not_all_at_the_same_moment() {
        let (crash, mut seen) = (WaitFor::Reason("CrashLoopBackOff".into()), BTreeSet::new());
        let (a, b) = (pod("a", "CrashLoopBackOff"), pod("b", "ContainerCreating"));
        assert!(missing(&crash, &[&a, &b], &mut seen).unwrap().contains("Pod/a/b"));
        let (a, b) = (pod("a", "ContainerCreating"), pod("b", "CrashLoopBackOff"));
        assert_eq!(missing(&crash, &[&a, &b], &mut seen), None);
    }

    #[test]
    fn trap_fp01_nothing_is_not_ready() {
        assert!(missing(&WaitFor::Ready {}, &[], &mut BTreeSet::new()).is_some());
        assert_eq!(missing(&WaitFor::Absent {}, &[], &mut BTreeSet::new()), None);
    }
}
