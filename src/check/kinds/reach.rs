use serde_json::Value;

use crate::{
    attempt::Outcome,
    check::{
        compose,
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item, could_not_look},
        labels::{self, Labels},
        network::{End, Flow, PodEnd, Port, flow},
        object, workload,
    },
    scenario::{PodShape, Reach, ReachEnd, ReachRow},
    text::Text,
};

/// What all NetworkPolicies together allow and deny is what the rows say.
pub(in crate::check) fn eval_reach(spec: &Reach, context: &Context) -> Result<Outcome, Trouble> {
    let rows: Result<Vec<Outcome>, Trouble> = spec.rows.iter().map(|row| judge(row, context)).collect();
    Ok(compose::all(&rows?))
}

/// An end with its name for people.
struct Named<'a> {
    name: String,
    end: End<'a>,
    /// It is a single pod that is there.
    is_one_pod: bool,
}

fn judge(row: &ReachRow, context: &Context) -> Result<Outcome, Trouble> {
    let policies: Vec<&Value> =
        context.objects("NetworkPolicy")?.iter().map(AsRef::as_ref).filter(|policy| !object::terminating(policy)).collect();
    let mut findings = Findings::evaluated();
    let port = Port { number: row.port, protocol: row.protocol.name() };
    let (sources, targets) = (ends(&row.from, context, &mut findings)?, ends(&row.to, context, &mut findings)?);
    for policy in
        policies.iter().filter(|policy| sources.iter().chain(&targets).any(|named| lives_in(&named.end, object::namespace(policy))))
    {
        findings.evidence(evidence::of(policy, &["/metadata/generation", "/spec"]));
    }
    for (from, to) in sources.iter().flat_map(|from| targets.iter().map(move |to| (from, to))) {
        let what = format!("{} → {}:{}/{}", from.name, to.name, row.port, port.protocol);
        let judged = if is_itself(from, to) { Flow::Allowed } else { flow(&policies, &from.end, &to.end, port) };
        let (reason, text) = match judged {
            Flow::Unknown => {
                return Ok(could_not_look(&format!(
                    "whether {what} is allowed depends on the network plugin (an ipBlock over pods, or a pod on its node's network)"
                )));
            }
            Flow::Allowed => ("flow-allowed", Text::new(format!("{what}: 허용됨"), format!("{what}: allowed"))),
            Flow::Denied => ("flow-denied", Text::new(format!("{what}: 차단됨"), format!("{what}: denied"))),
        };
        let holds = (reason == "flow-allowed") == row.allowed;
        findings.add(Item::new(holds, reason, &from.name, text).value("from", &from.name).value("to", &to.name).value("port", row.port));
    }
    Ok(findings.conclude())
}

/// No policy keeps a pod from itself. Two pods of one workload are two.
fn is_itself(from: &Named, to: &Named) -> bool {
    from.is_one_pod && from.name == to.name
}

fn lives_in(end: &End, namespace: &str) -> bool {
    matches!(end, End::Pod(pod) if pod.namespace == namespace)
}

fn ends<'a>(end: &'a ReachEnd, context: &Context<'a>, findings: &mut Findings) -> Result<Vec<Named<'a>>, Trouble> {
    Ok(match end {
        ReachEnd::Address(address) => {
            let parsed = address.parse().map_err(|_| Trouble(format!("`{address}` is not an IP address")))?;
            vec![Named { name: address.clone(), end: End::Address(parsed), is_one_pod: false }]
        }
        ReachEnd::Like(shape) => {
            let name = format!("Pod/{}/({})", shape.namespace, words(shape));
            vec![Named { name, end: thought_of(shape, context)?, is_one_pod: false }]
        }
        ReachEnd::Pods(on) => {
            let workloads: Vec<&Value> = context.select(on)?.into_iter().filter(|workload| !object::terminating(workload)).collect();
            if workloads.is_empty() {
                findings.absent(context.describe(on));
            }
            let named = |workload: &'a Value| {
                let is_one_pod = object::kind(workload) == "Pod";
                Ok(Named { name: object::reference(workload), end: pod_of(workload, context)?, is_one_pod })
            };
            workloads.into_iter().map(named).collect::<Result<_, Trouble>>()?
        }
    })
}

fn words(shape: &PodShape) -> String {
    let labels: Vec<String> = shape.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
    if labels.is_empty() { "-".into() } else { labels.join(",") }
}

fn pod_of<'a>(workload: &'a Value, context: &Context<'a>) -> Result<End<'a>, Trouble> {
    let template = workload::template(workload).ok_or_else(|| Trouble(format!("{} has no pods", object::reference(workload))))?;
    Ok(End::Pod(PodEnd {
        namespace: object::namespace(workload),
        namespace_labels: namespace_labels(object::namespace(workload), context)?,
        labels: workload::pod_labels(template),
        template: Some(template),
        host_network: template.pointer("/spec/hostNetwork").and_then(Value::as_bool).unwrap_or(false),
    }))
}

fn thought_of<'a>(shape: &'a PodShape, context: &Context<'a>) -> Result<End<'a>, Trouble> {
    let pairs = |map: &'a std::collections::BTreeMap<String, String>| map.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let mut namespace_labels = namespace_labels(&shape.namespace, context)?;
    namespace_labels.extend(pairs(&shape.namespace_labels));
    // Every namespace is labelled with its name.
    namespace_labels.entry("kubernetes.io/metadata.name").or_insert(&shape.namespace);
    let labels = pairs(&shape.labels).collect();
    Ok(End::Pod(PodEnd { namespace: &shape.namespace, namespace_labels, labels, template: None, host_network: false }))
}

fn namespace_labels<'a>(name: &str, context: &Context<'a>) -> Result<Labels<'a>, Trouble> {
    let namespace = context.objects("Namespace")?.iter().find(|namespace| object::name(namespace) == name);
    Ok(namespace.map(|namespace| labels::labels_at(namespace, "/metadata/labels")).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        attempt::Verdict,
        check::fixture::{World, deployment, object},
    };

    fn row(from: Value, allowed: bool) -> Value {
        json!({"from": from, "to": {"pods": {"kind": "Deployment", "name": "db"}}, "port": 5432, "allowed": allowed})
    }

    fn only_web() -> Value {
        object(
            "NetworkPolicy",
            "db",
            json!({"spec": {"podSelector": {"matchLabels": {"app": "db"}}, "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}]}]}}),
        )
    }

    fn world() -> World {
        World::default().workload(deployment("web")).workload(deployment("db"))
    }

    fn judged(world: &World, rows: &[Value]) -> (Verdict, String, u32) {
        let outcome = world.evaluate(json!({"reach": {"rows": rows}}));
        (outcome.verdict, outcome.reason, outcome.passed)
    }

    #[test]
    fn allowed_and_denied_rows_both_count() {
        let web = || json!({"pods": {"kind": "Deployment", "name": "web"}});
        let stranger = || json!({"like": {"namespace": "dev", "labels": {"app": "web"}}});
        let rows = [row(web(), true), row(stranger(), false)];
        assert_eq!(judged(&world().with(only_web()), &rows), (Verdict::Pass, "holds".into(), 2));
        assert_eq!(judged(&world(), &rows), (Verdict::Fail, "flow-allowed".into(), 1));
        let shut = object("NetworkPolicy", "all", json!({"spec": {"podSelector": {}}}));
        assert_eq!(judged(&world().with(shut), &rows), (Verdict::Fail, "flow-denied".into(), 1));
    }

    #[test]
    fn trap_ff01_the_same_effect_in_other_words_is_as_right() {
        let web = || json!({"pods": {"kind": "Deployment", "name": "web"}});
        let stranger = || json!({"like": {"namespace": "shop", "labels": {"app": "other"}}});
        let rows = [row(web(), true), row(stranger(), false)];
        let shut = object("NetworkPolicy", "shut", json!({"spec": {"podSelector": {}, "policyTypes": ["Ingress"]}}));
        let by_expression = json!({"matchExpressions": [{"key": "app", "operator": "In", "values": ["web"]}]});
        let open = object(
            "NetworkPolicy",
            "open",
            json!({"spec": {
                "podSelector": {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]},
                "policyTypes": ["Ingress"],
                "ingress": [{"from": [{"podSelector": by_expression, "namespaceSelector": {}}], "ports": [{"port": 5000, "endPort": 6000}]}],
            }}),
        );
        let (one, two) = (judged(&world().with(only_web()), &rows), judged(&world().with(shut).with(open), &rows));
        assert_eq!((&one, &two), (&(Verdict::Pass, "holds".into(), 2), &one));
    }

    #[test]
    fn trap_ff12_a_pod_always_reaches_itself() {
        let shut = || object("NetworkPolicy", "shut", json!({"spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}}));
        let world = world().with(shut()).with(object(
            "Pod",
            "alone",
            json!({"metadata": {"labels": {"app": "alone"}}, "spec": {"containers": []}}),
        ));
        let to = |kind: &str, name: &str| {
            let end = json!({"pods": {"kind": kind, "name": name}});
            json!({"from": end, "to": end, "port": 5432, "allowed": true})
        };
        assert_eq!(judged(&world, &[to("Pod", "alone")]), (Verdict::Pass, "holds".into(), 1));
        assert_eq!(judged(&world, &[to("Deployment", "db")]).1, "flow-denied", "one replica and another");
    }

    #[test]
    fn what_is_not_there_reaches_nothing() {
        let gone = || json!({"pods": {"kind": "Deployment", "name": "gone"}});
        assert_eq!(judged(&world(), &[row(gone(), false)]).1, "no-objects");
    }

    #[test]
    fn what_the_api_leaves_open_is_an_error() {
        let block = object(
            "NetworkPolicy",
            "db",
            json!({"spec": {"podSelector": {"matchLabels": {"app": "db"}}, "ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]}}),
        );
        let web = json!({"pods": {"kind": "Deployment", "name": "web"}});
        assert_eq!(judged(&world().with(block), &[row(web, true)]).0, Verdict::Error);
    }
}
