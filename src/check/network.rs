//! What all NetworkPolicies together allow, computed as the API defines it. Knows no checks and no cluster.

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::Value;

use super::{
    labels::{self, Labels},
    object, workload,
};

/// One end of a connection.
#[derive(Debug, Clone)]
pub(crate) enum End<'a> {
    /// A pod, or the template of one.
    Pod(PodEnd<'a>),
    /// An address outside of the cluster.
    Address(IpAddr),
}

/// A pod as policies see it.
#[derive(Debug, Clone)]
pub(crate) struct PodEnd<'a> {
    /// Its namespace.
    pub(crate) namespace: &'a str,
    /// That namespace's labels.
    pub(crate) namespace_labels: Labels<'a>,
    /// Its labels.
    pub(crate) labels: Labels<'a>,
    /// The pod or template, for its named ports; a pod that is only thought of declares none.
    pub(crate) template: Option<&'a Value>,
    /// It uses its node's network, where policies do not reach.
    pub(crate) host_network: bool,
}

/// The port of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Port<'a> {
    pub(crate) number: u16,
    pub(crate) protocol: &'a str,
}

/// Whether a connection may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Flow {
    /// A policy keeps it from being made.
    Denied,
    /// The API leaves it to the network plugin.
    Unknown,
    /// It may.
    Allowed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Ingress,
    Egress,
}

/// Judges a connection: what leaves its source and what enters its target must both be allowed.
pub(crate) fn flow<'a>(policies: &[&'a Value], from: &End<'a>, to: &End<'a>, port: Port) -> Flow {
    let leaves = match from {
        End::Pod(pod) => side(policies, Direction::Egress, pod, to, to, port),
        End::Address(_) => Flow::Allowed,
    };
    let enters = match to {
        End::Pod(pod) => side(policies, Direction::Ingress, pod, from, to, port),
        End::Address(_) => Flow::Allowed,
    };
    leaves.min(enters)
}

/// What the policies over one pod say of its connection with a peer.
fn side(policies: &[&Value], direction: Direction, pod: &PodEnd, peer: &End, target: &End, port: Port) -> Flow {
    if pod.host_network {
        // They may or may not be enforced for a node's own address.
        return if policies.iter().any(|policy| governs(policy, direction, pod)) { Flow::Unknown } else { Flow::Allowed };
    }
    let mut governed = false;
    let mut best = Flow::Denied;
    for policy in policies.iter().filter(|policy| governs(policy, direction, pod)) {
        governed = true;
        let (rules, peers) = match direction {
            Direction::Ingress => ("/spec/ingress", "/from"),
            Direction::Egress => ("/spec/egress", "/to"),
        };
        for rule in object::list(policy, rules).iter().filter(|rule| opens(rule, target, port)) {
            let listed = object::list(rule, peers);
            let matched = listed.iter().map(|listed| is_peer(listed, policy, peer)).max();
            best = best.max(if listed.is_empty() { Flow::Allowed } else { matched.unwrap_or(Flow::Denied) });
        }
    }
    if governed { best } else { Flow::Allowed }
}

/// Whether a policy isolates a pod in a direction. Without `policyTypes` it is about ingress, and about egress if it has such rules.
fn governs(policy: &Value, direction: Direction, pod: &PodEnd) -> bool {
    let types = object::list(policy, "/spec/policyTypes");
    let named = |name: &str| types.iter().any(|t| t.as_str() == Some(name));
    let about = match direction {
        Direction::Ingress => types.is_empty() || named("Ingress"),
        Direction::Egress if types.is_empty() => policy.pointer("/spec/egress").is_some_and(|egress| !egress.is_null()),
        Direction::Egress => named("Egress"),
    };
    let selector = policy.pointer("/spec/podSelector");
    let selected = selector.is_none() || labels::selects(selector, &pod.labels);
    about && object::namespace(policy) == pod.namespace && selected
}

/// Whether a rule is about a port. A named port is one of the target's, whichever way the rule looks.
fn opens(rule: &Value, target: &End, port: Port) -> bool {
    let ports = object::list(rule, "/ports");
    ports.is_empty()
        || ports.iter().any(|listed| {
            let protocol = Some(object::text(listed, "/protocol")).filter(|p| !p.is_empty()).unwrap_or("TCP");
            protocol == port.protocol && is_port(listed, target, port)
        })
}

fn is_port(listed: &Value, target: &End, port: Port) -> bool {
    let wanted = i64::from(port.number);
    match listed.get("port") {
        None | Some(Value::Null) => true,
        Some(Value::String(name)) => match target {
            End::Pod(pod) => pod.template.and_then(|pod| workload::named_port(pod, name, port.protocol)) == Some(wanted),
            End::Address(_) => false,
        },
        Some(number) => number.as_i64().is_some_and(|first| {
            let last = object::int(listed, "/endPort").unwrap_or(first);
            (first..=last).contains(&wanted)
        }),
    }
}

fn is_peer(listed: &Value, policy: &Value, peer: &End) -> Flow {
    let (pods, namespaces) = (listed.get("podSelector"), listed.get("namespaceSelector"));
    let block = listed.get("ipBlock").filter(|block| !block.is_null());
    match (peer, block) {
        (End::Address(address), Some(block)) => yes(in_block(block, *address)),
        (End::Address(_), None) => Flow::Denied,
        // Whether a block of addresses counts for pods, which have addresses too, differs between network plugins.
        (End::Pod(_), Some(_)) => Flow::Unknown,
        (End::Pod(pod), None) => {
            let place = match namespaces.filter(|n| !n.is_null()) {
                Some(selector) => labels::selects(Some(selector), &pod.namespace_labels),
                None => object::namespace(policy) == pod.namespace,
            };
            let picked = match pods.filter(|p| !p.is_null()) {
                Some(selector) => labels::selects(Some(selector), &pod.labels),
                None => namespaces.is_some(),
            };
            match (place && picked, pod.host_network) {
                (true, false) => Flow::Allowed,
                // It comes from its node's address.
                (true, true) => Flow::Unknown,
                (false, _) => Flow::Denied,
            }
        }
    }
}

fn yes(holds: bool) -> Flow {
    if holds { Flow::Allowed } else { Flow::Denied }
}

fn in_block(block: &Value, address: IpAddr) -> bool {
    let covers = |cidr: &Value| cidr.as_str().and_then(|cidr| cidr.parse::<IpNet>().ok()).is_some_and(|net| net.contains(&address));
    block.get("cidr").is_some_and(covers) && !object::list(block, "/except").iter().any(covers)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn policy(spec: Value) -> Value {
        json!({"metadata": {"namespace": "shop", "name": "p"}, "spec": spec})
    }

    fn template() -> Value {
        json!({"metadata": {"labels": {"app": "api"}}, "spec": {"containers": [{"ports": [{"name": "http", "containerPort": 8080}]}]}})
    }

    fn pod<'a>(namespace: &'a str, app: &'a str, template: Option<&'a Value>) -> End<'a> {
        End::Pod(PodEnd {
            namespace,
            namespace_labels: [("kubernetes.io/metadata.name", namespace)].into_iter().collect(),
            labels: [("app", app)].into_iter().collect(),
            template,
            host_network: false,
        })
    }

    fn tcp(number: u16) -> Port<'static> {
        Port { number, protocol: "TCP" }
    }

    /// From shop/web to shop/api, port 8080.
    fn inside(specs: &[Value]) -> Flow {
        let template = template();
        let policies: Vec<Value> = specs.iter().cloned().map(policy).collect();
        flow(&policies.iter().collect::<Vec<_>>(), &pod("shop", "web", None), &pod("shop", "api", Some(&template)), tcp(8080))
    }

    #[test]
    fn without_a_policy_everything_may_be_reached() {
        assert_eq!(inside(&[]), Flow::Allowed);
        assert_eq!(
            inside(&[json!({"podSelector": {"matchLabels": {"app": "other"}}, "policyTypes": ["Ingress", "Egress"]})]),
            Flow::Allowed
        );
    }

    #[test]
    fn both_ends_must_allow_it() {
        let api = json!({"matchLabels": {"app": "api"}});
        let web = json!({"matchLabels": {"app": "web"}});
        let ingress = json!({"podSelector": api, "ingress": [{"from": [{"podSelector": web}]}]});
        let shut = json!({"podSelector": web, "policyTypes": ["Egress"]});
        let out =
            json!({"podSelector": web, "policyTypes": ["Egress"], "egress": [{"to": [{"podSelector": api}], "ports": [{"port": 8080}]}]});
        assert_eq!(inside(std::slice::from_ref(&ingress)), Flow::Allowed);
        assert_eq!(inside(&[ingress.clone(), shut.clone()]), Flow::Denied);
        assert_eq!(inside(&[ingress, shut, out]), Flow::Allowed, "policies add up");
    }

    #[test]
    fn trap_fp20_egress_and_ingress_must_share_a_port() {
        let both = |out: u16, into: u16| {
            inside(&[
                json!({"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Egress"], "egress": [{"ports": [{"port": out}]}]}),
                json!({"podSelector": {"matchLabels": {"app": "api"}}, "ingress": [{"ports": [{"port": into}]}]}),
            ])
        };
        assert_eq!(both(8080, 8080), Flow::Allowed);
        assert_eq!(both(53, 8080), Flow::Denied);
        assert_eq!(both(8080, 53), Flow::Denied);
    }

    #[test]
    fn types_are_derived_as_the_api_does() {
        assert_eq!(inside(&[json!({"podSelector": {}})]), Flow::Denied, "ingress is meant");
        let out_only =
            json!({"podSelector": {"matchLabels": {"app": "web"}}, "egress": [{"to": [{"podSelector": {"matchLabels": {"app": "db"}}}]}]});
        assert_eq!(inside(&[out_only]), Flow::Denied, "egress rules mean egress too");
    }

    #[test]
    fn peers_are_pods_namespaces_or_both() {
        let from = |peer: Value| inside(&[json!({"podSelector": {"matchLabels": {"app": "api"}}, "ingress": [{"from": [peer]}]})]);
        assert_eq!(from(json!({"namespaceSelector": {}})), Flow::Allowed);
        assert_eq!(from(json!({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "pay"}}})), Flow::Denied);
        let both = json!({"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "db"}}});
        assert_eq!(from(both), Flow::Denied);
        assert_eq!(from(json!({"podSelector": {}})), Flow::Allowed, "all pods of the policy's own namespace");
    }

    #[test]
    fn ports_may_be_named_ranges_or_left_out() {
        let with = |port: Value| inside(&[json!({"podSelector": {"matchLabels": {"app": "api"}}, "ingress": [{"ports": [port]}]})]);
        assert_eq!(with(json!({"port": "http"})), Flow::Allowed);
        assert_eq!(with(json!({"port": "grpc"})), Flow::Denied);
        assert_eq!(with(json!({"port": 8000, "endPort": 8100})), Flow::Allowed);
        assert_eq!(with(json!({"port": 8000, "endPort": 8079})), Flow::Denied);
        assert_eq!(with(json!({"port": 8080, "protocol": "UDP"})), Flow::Denied);
        assert_eq!(with(json!({"protocol": "TCP"})), Flow::Allowed);
    }

    #[test]
    fn blocks_are_for_addresses_and_unsure_for_pods() {
        let out = policy(json!({"podSelector": {}, "policyTypes": ["Egress"],
            "egress": [{"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}}]}]}));
        let to = |end: &End| flow(&[&out], &pod("shop", "web", None), end, tcp(443));
        assert_eq!(to(&End::Address("93.184.216.34".parse().unwrap())), Flow::Allowed);
        assert_eq!(to(&End::Address("10.1.2.3".parse().unwrap())), Flow::Denied);
        assert_eq!(to(&pod("pay", "api", None)), Flow::Unknown);
    }

    #[test]
    fn a_pod_on_its_nodes_network_is_unsure() {
        let deny = policy(json!({"podSelector": {}}));
        let End::Pod(mut host) = pod("shop", "agent", None) else { panic!() };
        host.host_network = true;
        assert_eq!(flow(&[&deny], &pod("other", "web", None), &End::Pod(host.clone()), tcp(80)), Flow::Unknown);
        assert_eq!(flow(&[], &pod("other", "web", None), &End::Pod(host), tcp(80)), Flow::Allowed);
    }
}
