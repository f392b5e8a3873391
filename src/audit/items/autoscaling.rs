//! Q4: autoscaling.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde_json::Value;

use crate::{
    audit::{
        Facts,
        found::{Found, Unread},
    },
    check::object,
    text::Text,
};

/// How long an HPA may stand at its maximum before somebody should know.
const PINNED: SignedDuration = SignedDuration::from_hours(1);

pub(in crate::audit) fn judge(facts: &Facts) -> Result<Found, Unread> {
    let scalers = facts.in_scope("HorizontalPodAutoscaler")?;
    if scalers.is_empty() {
        return Ok(Found::not_applicable(Text::new("대상 네임스페이스에 HPA가 없습니다", "there are no HPAs in these namespaces")));
    }
    let mut found = Found::default();
    let mut targets: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for scaler in &scalers {
        of_scaler(scaler, facts, &mut found);
        targets.entry(target(scaler, "/spec/scaleTargetRef")).or_default().push(object::name(scaler));
    }
    for (target, names) in targets.iter().filter(|(_, names)| names.len() > 1) {
        let list = names.join(", ");
        let fact = Text::new(format!("HPA가 여럿입니다: {list}"), format!("several HPAs scale it: {list}"));
        found.fails(target, fact, Text::new("하나만 남기고, 지표는 그 안에 모으세요", "keep one, with all metrics in it"));
    }
    for vertical in facts.in_scope("VerticalPodAutoscaler.autoscaling.k8s.io")? {
        let same = scalers.iter().find(|scaler| target(scaler, "/spec/scaleTargetRef") == target(vertical, "/spec/targetRef"));
        if let Some(resource) = same.and_then(|scaler| overlap(scaler, vertical)) {
            let fact =
                Text::new(format!("HPA와 VPA가 같은 지표({resource})를 다룹니다"), format!("an HPA and a VPA both act on {resource}"));
            let fix = Text::new(
                "VPA의 controlledResources에서 이 자원을 빼거나 updateMode를 Off로 두세요",
                "take this resource out of the VPA's controlledResources, or set its updateMode to Off",
            );
            found.fails(object::reference(vertical), fact, fix);
        }
    }
    Ok(found)
}

/// What is scaled, as `Kind/namespace/name`.
fn target(scaler: &Value, at: &str) -> String {
    let of = |field: &str| object::text(scaler, &format!("{at}/{field}"));
    format!("{}/{}/{}", of("kind"), object::namespace(scaler), of("name"))
}

fn of_scaler(scaler: &Value, facts: &Facts, found: &mut Found) {
    let reference = object::reference(scaler);
    let condition = |kind: &str| object::list(scaler, "/status/conditions").iter().find(|c| object::text(c, "/type") == kind);
    for kind in ["ScalingActive", "AbleToScale"] {
        let state = condition(kind);
        if state.is_none_or(|c| object::text(c, "/status") != "True") {
            let why = state.map_or("", |c| object::text(c, "/message"));
            let fact = Text::new(format!("{kind}이(가) True가 아닙니다: {why}"), format!("{kind} is not True: {why}"));
            let fix = Text::new(
                "`kubectl describe hpa`의 이벤트를 보세요. 지표 API, 대상의 requests, 대상 이름 순서로 확인합니다",
                "see the events in `kubectl describe hpa`: the metrics API, the target's requests, the target's name",
            );
            found.fails(&reference, fact, fix);
        }
    }
    let pinned =
        condition("ScalingLimited").filter(|c| object::text(c, "/status") == "True" && object::text(c, "/reason") == "TooManyReplicas");
    if let Some(since) = pinned.and_then(|c| object::time(c, "/lastTransitionTime"))
        && facts.now().duration_since(since) > PINNED
    {
        let fact = Text::new("한 시간 넘게 최대 복제본에 머물러 있습니다", "has stood at its maximum for more than an hour");
        let fix = Text::new("maxReplicas나 파드당 용량을 늘리세요", "raise maxReplicas, or what a pod can serve");
        found.warns(&reference, fact, fix);
    }
}

/// The resource by which both scale the same containers.
fn overlap<'a>(scaler: &'a Value, vertical: &Value) -> Option<&'a str> {
    if matches!(object::text(vertical, "/spec/updatePolicy/updateMode"), "Off") {
        return None;
    }
    let metrics = object::list(scaler, "/spec/metrics")
        .iter()
        .filter_map(|metric| metric.get("resource").or_else(|| metric.get("containerResource")));
    let by_use = metrics.filter(|metric| object::text(metric, "/target/type") == "Utilization");
    by_use
        .map(|metric| (object::text(metric, "/name"), object::text(metric, "/container")))
        .find(|(resource, container)| controls(vertical, resource, container))
        .map(|(r, _)| r)
}

/// Whether a VPA changes a resource of a container; of any container when none is named.
fn controls(vertical: &Value, resource: &str, container: &str) -> bool {
    let policies = object::list(vertical, "/spec/resourcePolicy/containerPolicies");
    let changes = |policy: &Value| {
        let listed = object::list(policy, "/controlledResources");
        let bound = |field: &str| policy.pointer(&format!("/{field}/{resource}"));
        let fixed = bound("minAllowed").is_some() && bound("minAllowed") == bound("maxAllowed");
        object::text(policy, "/mode") != "Off" && !fixed && (listed.is_empty() || listed.iter().any(|name| name == resource))
    };
    let of = |name: &str| policies.iter().find(|policy| object::text(policy, "/containerName") == name);
    match (of(container).filter(|_| !container.is_empty()), of("*")) {
        (Some(own), _) => changes(own),
        (None, rest) if container.is_empty() => {
            let named = policies.iter().filter(|policy| object::text(policy, "/containerName") != "*");
            named.clone().any(changes) || rest.map_or(named.count() == 0, changes)
        }
        (None, Some(rest)) => changes(rest),
        (None, None) => true,
    }
}
