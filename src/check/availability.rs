//! How far a Deployment's status tells of the time before it was read.

use jiff::Timestamp;
use serde_json::Value;

use super::{
    context::{Context, Trouble},
    object, workload,
};

/// What a Deployment's controller counts its revisions in.
const REVISION: &str = "/metadata/annotations/deployment.kubernetes.io~1revision";

/// Whether a Deployment always had so many available pods since a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Availability {
    /// Always.
    Held,
    /// At this time it had them again, or has none now.
    Broken(Option<Timestamp>),
    /// Nobody wrote it down.
    Unknown(&'static str),
}

/// Judges a Deployment as it is now by what it was at that moment.
pub(super) fn since(began: Timestamp, then: &Value, now: &Value, floor: i64, context: &Context) -> Result<Availability, Trouble> {
    let pods = workload::pods(now, context)?;
    let ready_before = |pod: &&&Value| workload::is_ready(pod) && condition_time(pod, "Ready", "True").is_some_and(|at| at <= began);
    let steady = pods.current.iter().chain(&pods.old).filter(ready_before).count();
    if i64::try_from(steady).unwrap_or(i64::MAX) >= floor {
        return Ok(Availability::Held);
    }
    if !only_templates_changed(then, now) {
        return Ok(Availability::Unknown(
            "its spec was changed beyond the pod template, and nobody wrote down how many pods there were meanwhile",
        ));
    }
    // The condition says whether so many pods are available, and since when: no fewer than the strategy may take away.
    let counted = workload::desired(now) - most_unavailable(now);
    Ok(match condition_time(now, "Available", "True") {
        Some(at) if at <= began && counted >= floor => Availability::Held,
        Some(at) if at > began && counted <= floor => Availability::Broken(Some(at)),
        None if counted <= floor => Availability::Broken(None),
        Some(at) if at <= began => Availability::Unknown("its strategy lets it have fewer, and nobody wrote down how many there were"),
        _ => Availability::Unknown("it had fewer than its strategy asks for, and nobody wrote down how many there were"),
    })
}

/// Since when a condition has been so.
fn condition_time(object: &Value, kind: &str, status: &str) -> Option<Timestamp> {
    let conditions = object::list(object, "/status/conditions");
    let found = conditions.iter().find(|c| object::text(c, "/type") == kind && object::text(c, "/status") == status)?;
    object::time(found, "/lastTransitionTime")
}

/// Every change of the spec made a revision, and nothing beside the template is different: replicas and strategy were the same all along.
fn only_templates_changed(then: &Value, now: &Value) -> bool {
    let grown = |read: &dyn Fn(&Value) -> Option<i64>| Some(read(now)? - read(then)?);
    let generations = grown(&|object| object::int(object, "/metadata/generation"));
    let revisions = grown(&|object| object::text(object, REVISION).parse().ok());
    let same = |at: &str| then.pointer(at) == now.pointer(at);
    generations.is_some() && generations == revisions && same("/spec/replicas") && same("/spec/strategy") && same("/spec/minReadySeconds")
}

/// How many pods the strategy may take away at a time, as the controller computes it.
fn most_unavailable(deployment: &Value) -> i64 {
    if object::text(deployment, "/spec/strategy/type") == "Recreate" {
        return 0;
    }
    let replicas = workload::desired(deployment);
    let share = |field: &str, up: i64| {
        let value = deployment.pointer(&format!("/spec/strategy/rollingUpdate/{field}"));
        let percent = value.and_then(Value::as_str).and_then(|text| text.strip_suffix('%')?.parse::<i64>().ok());
        match (value.and_then(Value::as_i64), percent) {
            (Some(number), _) => number,
            (None, Some(percent)) => (replicas * percent + up) / 100,
            (None, None) => (replicas * 25 + up) / 100,
        }
    };
    let (surge, unavailable) = (share("maxSurge", 99), share("maxUnavailable", 0));
    // With neither, a rollout could not move.
    let unavailable = if surge == 0 && unavailable == 0 { 1 } else { unavailable };
    unavailable.clamp(0, replicas.max(0))
}
