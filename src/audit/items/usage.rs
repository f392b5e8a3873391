//! T3: resource usage.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    audit::{
        Facts,
        found::{Found, Unread},
    },
    cel::Quantity,
    check::object,
    text::Text,
};

const RESOURCES: [&str; 2] = ["cpu", "memory"];
/// Share of a node that may be requested, and of a quota that may be used.
const NODE: f64 = 0.8;
const QUOTA: f64 = 0.9;

pub(in crate::audit) fn judge(facts: &Facts) -> Result<Found, Unread> {
    let mut found = Found::default();
    if facts.scope.is_cluster() {
        nodes(facts, &mut found)?;
    }
    quotas(facts, &mut found)?;
    pods(facts, &mut found)?;
    Ok(found)
}

fn amount(value: Option<&Value>) -> f64 {
    let text = value.map(|value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned));
    text.and_then(|text| Quantity::parse(&text).ok()).map_or(0.0, |quantity| quantity.as_f64())
}

/// What a pod's containers request together.
fn requested(pod: &Value, resource: &str) -> f64 {
    let of_pod = pod.pointer(&format!("/spec/resources/requests/{resource}"));
    if of_pod.is_some() {
        return amount(of_pod);
    }
    object::list(pod, "/spec/containers")
        .iter()
        .map(|container| amount(container.pointer(&format!("/resources/requests/{resource}"))))
        .sum()
}

fn nodes(facts: &Facts, found: &mut Found) -> Result<(), Unread> {
    let pods = facts.own.objects("Pod")?;
    for node in facts.of_cluster("Node")? {
        let name = object::name(node);
        let on_it = || {
            pods.iter().filter(|pod| {
                object::text(pod, "/spec/nodeName") == name && !matches!(object::text(pod, "/status/phase"), "Succeeded" | "Failed")
            })
        };
        for resource in RESOURCES {
            let room = amount(node.pointer(&format!("/status/allocatable/{resource}")));
            let share = on_it().map(|pod| requested(pod, resource)).sum::<f64>() / room;
            if room > 0.0 && share >= NODE {
                let percent = (share * 100.0).round();
                let fact = Text::new(format!("{resource} 요청이 {percent}%입니다"), format!("{percent} % of its {resource} is requested"));
                let fix = Text::new("노드를 늘리거나 과한 requests를 줄이세요", "add a node, or lower requests that are too high");
                found.warns(object::reference(node), fact, fix);
            }
        }
    }
    Ok(())
}

fn quotas(facts: &Facts, found: &mut Found) -> Result<(), Unread> {
    for quota in facts.in_scope("ResourceQuota")? {
        let hard = quota.pointer("/status/hard").and_then(Value::as_object).into_iter().flatten();
        for (resource, limit) in hard {
            let (limit, used) = (amount(Some(limit)), amount(quota.pointer("/status/used").and_then(|used| used.get(resource))));
            if limit > 0.0 && used / limit >= QUOTA {
                let percent = (used / limit * 100.0).round();
                let fact = Text::new(format!("{resource} 할당량을 {percent}% 썼습니다"), format!("{percent} % of {resource} is used up"));
                let fix = Text::new(
                    "다음 배포가 거부되기 전에 할당량이나 사용량을 조정하세요",
                    "change the quota or the usage before the next rollout is refused",
                );
                found.warns(object::reference(quota), fact, fix);
            }
        }
    }
    Ok(())
}

/// How much of what they request pods use, where metrics are served.
fn pods(facts: &Facts, found: &mut Found) -> Result<(), Unread> {
    let metrics = facts.in_scope("PodMetrics.metrics.k8s.io")?;
    let pods = facts.in_scope("Pod")?;
    if metrics.is_empty() && pods.iter().any(|pod| object::text(pod, "/status/phase") == "Running") {
        found.unread(Text::new(
            "리소스 지표(metrics.k8s.io)가 없어 실제 사용량을 알 수 없습니다. metrics-server를 설치하세요",
            "without resource metrics (metrics.k8s.io) nobody knows the usage; install metrics-server",
        ));
        return Ok(());
    }
    let mut odd: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for measured in metrics {
        let same = |pod: &&&Value| object::name(pod) == object::name(measured) && object::namespace(pod) == object::namespace(measured);
        let Some(pod) = pods.iter().find(same) else { continue };
        for resource in RESOURCES {
            let wanted = requested(pod, resource);
            let used: f64 = object::list(measured, "/containers").iter().map(|c| amount(c.pointer(&format!("/usage/{resource}")))).sum();
            if wanted > 0.0 {
                let sums = odd.entry(format!("{} {resource}", owner(pod))).or_default();
                *sums = (sums.0 + used, sums.1 + wanted);
            }
        }
    }
    for (what, (used, wanted)) in odd {
        let percent = (used / wanted * 100.0).round();
        let fact = Text::new(format!("요청의 {percent}%를 씁니다"), format!("uses {percent} % of what it requests"));
        match used / wanted {
            share if share > 1.0 => {
                found.warns(what, fact, Text::new("requests를 실제 사용량 이상으로 올리세요", "raise the request to what is really used"))
            }
            share if share < 0.2 => found.warns(
                what,
                fact,
                Text::new("남는 requests를 줄여 다른 파드에 자리를 주세요", "lower the request, and make room for others"),
            ),
            _ => {}
        }
    }
    Ok(())
}

/// Whom a pod's usage is counted for: what made it, without the part of a name that changes with each revision.
fn owner(pod: &Value) -> String {
    let owner = object::list(pod, "/metadata/ownerReferences").first();
    let (kind, name) = owner.map_or_else(|| ("Pod", object::name(pod)), |owner| (object::kind(owner), object::text(owner, "/name")));
    let namespace = object::namespace(pod);
    match (kind, object::label(pod, "pod-template-hash")) {
        ("ReplicaSet", Some(hash)) => format!("Deployment/{namespace}/{}", name.strip_suffix(&format!("-{hash}")).unwrap_or(name)),
        _ => format!("{kind}/{namespace}/{name}"),
    }
}
