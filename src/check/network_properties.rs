//! What holds for whatever NetworkPolicies there are.

use std::slice;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::network::{End, Flow, PodEnd, Port, flow};

/// Anything at all, with the field names of policies.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z0-9./:]{0,12}".prop_map(Value::from)
    ];
    leaf.prop_recursive(5, 48, 6, |inner| {
        let keys = [
            "podSelector",
            "namespaceSelector",
            "matchLabels",
            "matchExpressions",
            "ingress",
            "egress",
            "from",
            "to",
            "ports",
            "port",
            "endPort",
            "protocol",
            "ipBlock",
            "cidr",
            "except",
            "policyTypes",
            "key",
            "operator",
            "values",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(keys.to_vec()).prop_map(str::to_owned), inner), 0..5)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn word(words: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop::sample::select(words).prop_map(Value::from)
}

fn several(of: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop::collection::vec(of, 0..3).prop_map(Value::from)
}

fn any_selector() -> impl Strategy<Value = Value> {
    const KEYS: &[&str] = &["app", "kubernetes.io/metadata.name", "tier"];
    const VALUES: &[&str] = &["web", "api", "shop", "pay", ""];
    let expression = (word(KEYS), word(&["In", "NotIn", "Exists", "DoesNotExist", "in"]), several(word(VALUES)))
        .prop_map(|(key, operator, values)| json!({"key": key, "operator": operator, "values": values}));
    prop_oneof![
        Just(json!({})),
        Just(json!(null)),
        (prop::sample::select(KEYS), word(VALUES)).prop_map(|(key, value)| json!({"matchLabels": {key: value}})),
        several(expression).prop_map(|all| json!({"matchExpressions": all})),
    ]
}

/// The rules of one direction, whose peers stand in this field; now and then something that the API server would refuse.
fn any_rules(peers: &'static str) -> impl Strategy<Value = Value> {
    let cidr = || word(&["0.0.0.0/0", "10.0.0.0/8", "10.1.2.3/32", "::/0", "10.0.0.0/33", "everything"]);
    let peer = prop_oneof![
        3 => any_selector().prop_map(|pods| json!({"podSelector": pods})),
        3 => any_selector().prop_map(|namespaces| json!({"namespaceSelector": namespaces})),
        2 => (any_selector(), any_selector()).prop_map(|(pods, namespaces)| json!({"podSelector": pods, "namespaceSelector": namespaces})),
        2 => (cidr(), several(cidr())).prop_map(|(cidr, except)| json!({"ipBlock": {"cidr": cidr, "except": except}})),
        1 => any_json(),
    ];
    let number = prop_oneof![any::<u16>().prop_map(i64::from), Just(80), Just(8080), any::<i64>()];
    let port = prop_oneof![
        3 => (number.clone(), word(&["TCP", "UDP", "SCTP"])).prop_map(|(port, protocol)| json!({"port": port, "protocol": protocol})),
        2 => (number.clone(), number).prop_map(|(port, end)| json!({"port": port, "endPort": end})),
        1 => word(&["http", "dns", ""]).prop_map(|port| json!({"port": port})),
        1 => any_json(),
    ];
    several((several(peer), several(port)).prop_map(move |(listed, ports)| json!({peers: listed, "ports": ports})))
}

fn any_policy() -> impl Strategy<Value = Value> {
    let spec = (any_selector(), any_rules("from"), any_rules("to"), several(word(&["Ingress", "Egress"]))).prop_map(
        |(pods, ingress, egress, types)| json!({"podSelector": pods, "ingress": ingress, "egress": egress, "policyTypes": types}),
    );
    let namespace = prop::sample::select(&["shop", "pay"][..]);
    (namespace, prop_oneof![3 => spec, 1 => any_json()]).prop_map(|(namespace, spec)| policy(namespace, &spec))
}

fn policy(namespace: &str, spec: &Value) -> Value {
    json!({"metadata": {"namespace": namespace, "name": "p"}, "spec": spec})
}

static TEMPLATE: std::sync::LazyLock<Value> = std::sync::LazyLock::new(
    || json!({"metadata": {"labels": {"app": "api"}}, "spec": {"containers": [{"ports": [{"name": "http", "containerPort": 8080}]}]}}),
);

fn any_end() -> impl Strategy<Value = End<'static>> {
    let pod = (prop::sample::select(&["shop", "pay"][..]), prop::sample::select(&["web", "api"][..]), any::<bool>(), any::<bool>());
    prop_oneof![
        4 => pod.prop_map(|(namespace, app, declares, host_network)| {
            End::Pod(PodEnd {
                namespace,
                namespace_labels: [("kubernetes.io/metadata.name", namespace)].into_iter().collect(),
                labels: [("app", app)].into_iter().collect(),
                template: declares.then_some(&*TEMPLATE),
                host_network,
            })
        }),
        1 => any::<std::net::IpAddr>().prop_map(End::Address),
    ]
}

fn judged(policies: &[Value], ends: &(End<'static>, End<'static>), number: u16) -> Flow {
    flow(&policies.iter().collect::<Vec<_>>(), &ends.0, &ends.1, Port { number, protocol: "TCP" })
}

fn any_number() -> impl Strategy<Value = u16> {
    prop_oneof![Just(80), Just(8080), any::<u16>()]
}

proptest! {
    #[test]
    fn nothing_in_a_policy_stops_the_evaluator(spec in any_json(), ends in (any_end(), any_end()), number in any_number()) {
        judged(&[policy("shop", &spec)], &ends, number);
    }

    #[test]
    fn another_rule_never_takes_anything_away(one in any_policy(), ends in (any_end(), any_end()), number in any_number()) {
        let mut open = one.clone();
        for direction in ["/spec/ingress", "/spec/egress"] {
            // One that is not there is left so: with it, the policy would be about more.
            if let Some(rules) = open.pointer_mut(direction).filter(|rules| !rules.is_null()) {
                *rules = json!([{}]);
            }
        }
        let narrow = judged(slice::from_ref(&one), &ends, number);
        prop_assert!(judged(&[one, open], &ends, number) >= narrow);
    }

    #[test]
    fn the_order_of_policies_makes_no_difference(
        policies in prop::collection::vec(any_policy(), 0..4),
        ends in (any_end(), any_end()),
        number in any_number(),
    ) {
        let turned: Vec<Value> = policies.iter().rev().cloned().collect();
        prop_assert_eq!(judged(&policies, &ends, number), judged(&turned, &ends, number));
    }

    #[test]
    fn a_policy_of_another_namespace_makes_no_difference(
        policies in prop::collection::vec(any_policy(), 0..3),
        other in any_policy(),
        ends in (any_end(), any_end()),
        number in any_number(),
    ) {
        let before = judged(&policies, &ends, number);
        let elsewhere = policy("elsewhere", &other["spec"]);
        let more: Vec<Value> = policies.into_iter().chain([elsewhere]).collect();
        prop_assert_eq!(judged(&more, &ends, number), before);
    }
}
