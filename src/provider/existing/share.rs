use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cel::Quantity;

/// How much of a cluster a scenario may take in each of its namespaces: what its own manifests ask for, with room for rollouts,
/// debugging and a learner's detours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Share {
    /// Pods.
    pub pods: u64,
    /// Requested CPU in milliCPU and memory in MiB; `None` when a container of the scenario asks for nothing on purpose, since a
    /// quota would then refuse it.
    pub requests: Option<(u64, u64)>,
    /// Whether other learners are kept out by a NetworkPolicy; not where the scenario is about policies, which add up.
    pub isolated: bool,
}

/// Rollouts, a second solution beside the first, and what a learner tries out.
const ROOM: u64 = 4;

impl Share {
    /// What these objects need.
    #[must_use]
    pub fn of(objects: &[Value]) -> Self {
        let kind = |object: &Value| object["kind"].as_str().unwrap_or_default().to_owned();
        let (mut pods, mut cpu, mut memory, mut bounded) = (0, 0, 0, true);
        for object in objects {
            let template = if kind(object) == "Pod" { Some(object) } else { object.pointer("/spec/template") };
            let Some(containers) = template.and_then(|t| t.pointer("/spec/containers")).and_then(Value::as_array) else { continue };
            let count = object.pointer("/spec/replicas").and_then(Value::as_u64).unwrap_or(1);
            pods += count;
            for container in containers {
                match (amount(container, "cpu", 1000.0), amount(container, "memory", 1.0 / f64::from(1 << 20))) {
                    (Some(milli), Some(mebi)) => (cpu, memory) = (cpu + count * milli, memory + count * mebi),
                    _ => bounded = false,
                }
            }
        }
        let about = |kinds: &[&str]| objects.iter().any(|object| kinds.contains(&kind(object).as_str()));
        let highest = objects.iter().filter_map(|o| o.pointer("/spec/maxReplicas").and_then(Value::as_u64)).max().unwrap_or_default();
        Self {
            pods: 20 + ROOM * (pods + highest),
            requests: (bounded && !about(&["ResourceQuota", "LimitRange"])).then_some((500 + ROOM * cpu, 512 + ROOM * memory)),
            isolated: !about(&["NetworkPolicy"]),
        }
    }
}

fn amount(container: &Value, resource: &str, unit: f64) -> Option<u64> {
    let text = container.pointer("/resources/requests")?.get(resource)?;
    let text = text.as_str().map_or_else(|| text.to_string(), str::to_owned);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a request is positive and far below 2^63")]
    Quantity::parse(&text).ok().map(|quantity| (quantity.as_f64() * unit).ceil() as u64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn deployment(replicas: u64, resources: Value) -> Value {
        json!({"kind": "Deployment", "spec": {"replicas": replicas, "template": {"spec": {"containers": [{"name": "c", "resources": resources}]}}}})
    }

    #[test]
    fn a_share_has_room_for_several_times_what_the_scenario_runs() {
        let share = Share::of(&[deployment(2, json!({"requests": {"cpu": "100m", "memory": "64Mi"}}))]);
        assert_eq!(share, Share { pods: 28, requests: Some((1300, 1024)), isolated: true });
    }

    #[test]
    fn a_scenario_about_limits_or_policies_is_not_held_by_ours() {
        assert_eq!(Share::of(&[deployment(1, json!({}))]).requests, None);
        assert_eq!(Share::of(&[json!({"kind": "ResourceQuota"})]).requests, None);
        assert!(!Share::of(&[json!({"kind": "NetworkPolicy"})]).isolated);
    }
}
