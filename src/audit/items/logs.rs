//! Q2: whether logs leave the nodes.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    audit::{
        Facts,
        found::{Found, Unread},
    },
    check::{labels, object, workload},
    text::Text,
};

/// Programs that read the log files of a node, by their images.
const COLLECTORS: [&str; 9] =
    ["fluent-bit", "fluentd", "promtail", "grafana/alloy", "vector", "filebeat", "logstash", "opentelemetry-collector", "elastic-agent"];

pub(in crate::audit) fn judge(facts: &Facts) -> Result<Found, Unread> {
    let pods = facts.in_scope("Pod")?;
    let hosts: BTreeSet<&str> = pods.iter().map(|pod| object::text(pod, "/spec/nodeName")).filter(|node| !node.is_empty()).collect();
    if hosts.is_empty() {
        return Ok(Found::not_applicable(Text::new("대상 네임스페이스에 실행 중인 파드가 없습니다", "no pods run in these namespaces")));
    }
    let collectors: Vec<&Value> = facts.anywhere("DaemonSet")?.into_iter().filter(|set| is_collector(set)).collect();
    let mut found = Found::default();
    if collectors.is_empty() {
        let fact = Text::new("로그 수집기 DaemonSet이 없습니다", "no DaemonSet collects logs");
        let fix = Text::new("Fluent Bit 같은 수집기를 모든 노드에 배포하세요", "run a collector such as Fluent Bit on every node");
        found.fails("DaemonSet", fact, fix);
        return Ok(found);
    }
    for set in &collectors {
        ready(set, &mut found);
    }
    covered(facts, &collectors, &hosts, &mut found)?;
    Ok(found)
}

fn is_collector(set: &Value) -> bool {
    let mut images = workload::template(set).into_iter().flat_map(workload::containers).map(|container| object::text(container, "/image"));
    images.any(|image| COLLECTORS.iter().any(|name| image.contains(name)))
}

fn ready(set: &Value, found: &mut Found) {
    let count = |field: &str| object::int(set, &format!("/status/{field}")).unwrap_or_default();
    let (desired, ready) = (count("desiredNumberScheduled"), count("numberReady"));
    let reference = object::reference(set);
    found.fact(Text::new(format!("{reference}: {ready}/{desired} 준비됨"), format!("{reference}: {ready} of {desired} ready")));
    if ready < desired || desired == 0 {
        let fact = Text::new(format!("수집기 {desired}개 가운데 {ready}개만 준비됨"), format!("{ready} of {desired} collectors are ready"));
        let fix = Text::new("준비되지 않은 파드의 이벤트와 로그를 보세요", "look at the events and logs of the pods that are not");
        found.fails(reference, fact, fix);
    }
}

/// Each node that hosts pods of the scope runs a collector, as far as collectors' pods are in sight.
fn covered(facts: &Facts, collectors: &[&Value], hosts: &BTreeSet<&str>, found: &mut Found) -> Result<(), Unread> {
    if !facts.scope.is_cluster() {
        return Ok(());
    }
    let all = facts.own.objects("Pod")?;
    let collects = |pod: &Value| {
        let of = |set: &&Value| {
            object::namespace(set) == object::namespace(pod) && labels::selects(set.pointer("/spec/selector"), &workload::pod_labels(pod))
        };
        workload::is_ready(pod) && collectors.iter().any(of)
    };
    let served: BTreeSet<&str> = all.iter().filter(|pod| collects(pod)).map(|pod| object::text(pod, "/spec/nodeName")).collect();
    for node in hosts.difference(&served) {
        let fact = Text::new("이 노드의 로그는 수집되지 않습니다", "logs of this node are not collected");
        let fix = Text::new(
            "수집기가 이 노드의 taint를 견디도록 tolerations를 추가하세요",
            "give the collector a toleration for this node's taints",
        );
        found.fails(format!("Node/{node}"), fact, fix);
    }
    Ok(())
}
