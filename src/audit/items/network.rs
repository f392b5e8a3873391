//! Q5: network policies.

use serde_json::Value;

use crate::{
    audit::{
        Facts,
        found::{Found, Unread},
    },
    check::object,
    text::Text,
};

pub(in crate::audit) fn judge(facts: &Facts) -> Result<Found, Unread> {
    let (namespaces, policies) = (facts.populated()?, facts.in_scope("NetworkPolicy")?);
    if namespaces.is_empty() {
        return Ok(super::containers::no_workloads());
    }
    let mut found = Found::default();
    for namespace in namespaces {
        let own: Vec<&Value> = policies.iter().copied().filter(|policy| object::namespace(policy) == namespace).collect();
        let reference = format!("Namespace/{namespace}");
        let count = own.len();
        found.fact(Text::new(format!("{namespace}: NetworkPolicy {count}개"), format!("{namespace}: {count} NetworkPolicies")));
        if !own.iter().any(|policy| covers_all(policy, "Ingress")) {
            let fact = Text::new("들어오는 통신의 기본 차단이 없습니다", "incoming traffic is not denied by default");
            let fix = Text::new(
                "podSelector: {}와 policyTypes: [Ingress]만 있는 정책을 두고, 필요한 통신을 따로 허용하세요",
                "add a policy of podSelector: {} and policyTypes: [Ingress] alone, and allow what is needed by others",
            );
            found.fails(&reference, fact, fix);
        }
        if !own.iter().any(|policy| covers_all(policy, "Egress")) {
            let fact = Text::new("나가는 통신의 기본 차단이 없습니다", "outgoing traffic is not denied by default");
            let fix = Text::new(
                "policyTypes에 Egress를 더하고, DNS와 필요한 목적지를 허용하세요",
                "add Egress to policyTypes, and allow DNS and what is needed",
            );
            found.warns(&reference, fact, fix);
        }
        for policy in own.iter().filter(|policy| allows_all(policy)) {
            let fact = Text::new("모든 파드에 모든 통신을 허용합니다", "allows everything to every pod");
            found.warns(
                object::reference(policy),
                fact,
                Text::new("필요한 출발지와 포트만 적으세요", "write the sources and ports that are needed"),
            );
        }
    }
    Ok(found)
}

/// It selects every pod, so that only what some policy allows gets through in this direction.
fn covers_all(policy: &Value, direction: &str) -> bool {
    let types = object::list(policy, "/spec/policyTypes");
    let of_direction = types.iter().any(|kind| kind == direction)
        || (types.is_empty() && (direction == "Ingress" || policy.pointer("/spec/egress").is_some()));
    of_direction && selects_all(policy) && !allows_all_in(policy, direction)
}

fn selects_all(policy: &Value) -> bool {
    let selector = policy.pointer("/spec/podSelector");
    ["/matchLabels", "/matchExpressions"].iter().all(|part| {
        selector
            .and_then(|s| s.pointer(part))
            .is_none_or(|v| v.as_object().is_some_and(serde_json::Map::is_empty) || v.as_array().is_some_and(Vec::is_empty))
    })
}

/// An empty rule allows everything.
fn allows_all_in(policy: &Value, direction: &str) -> bool {
    let rules = object::list(policy, &format!("/spec/{}", direction.to_ascii_lowercase()));
    rules.iter().any(|rule| rule.as_object().is_some_and(serde_json::Map::is_empty))
}

fn allows_all(policy: &Value) -> bool {
    selects_all(policy) && ["Ingress", "Egress"].iter().any(|direction| allows_all_in(policy, direction))
}
