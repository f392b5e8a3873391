//! Q1: whether somebody's Prometheus sees each application.

use serde_json::Value;

use crate::{
    audit::{
        Facts,
        found::{Found, Unread},
    },
    check::{labels, object, picks, workload},
    text::Text,
};

pub(super) const PROMETHEUS: &str = "Prometheus.monitoring.coreos.com";

pub(in crate::audit) fn judge(facts: &Facts) -> Result<Found, Unread> {
    let services: Vec<&Value> =
        facts.in_scope("Service")?.into_iter().filter(|service| object::pairs(service, "/spec/selector").next().is_some()).collect();
    if services.is_empty() {
        return Ok(Found::not_applicable(Text::new("대상 네임스페이스에 Service가 없습니다", "there are no Services in these namespaces")));
    }
    let mut found = Found::default();
    let servers = facts.anywhere(PROMETHEUS)?;
    if servers.is_empty() {
        return no_operator(facts, &services);
    }
    for server in &servers {
        if !is_available(server) {
            let fact = Text::new("준비되지 않았습니다(Available이 True가 아님)", "is not ready (Available is not True)");
            found.fails(
                object::reference(server),
                fact,
                Text::new("Prometheus 파드와 오퍼레이터 로그를 확인하세요", "look at its pods and at the operator's log"),
            );
        }
    }
    for service in &services {
        if !is_scraped(service, &servers, facts)? {
            let fact =
                Text::new("수집하는 ServiceMonitor나 PodMonitor가 없습니다", "no ServiceMonitor or PodMonitor that is in use leads to it");
            let fix = Text::new(
                "Prometheus의 선택자에 맞는 레이블로 ServiceMonitor를 추가하세요. 지표가 없는 서비스라면 exporter를 두세요",
                "add a ServiceMonitor with the labels that Prometheus selects, or an exporter where there are no metrics",
            );
            found.warns(object::reference(service), fact, fix);
        }
    }
    dashboards(facts, &mut found)?;
    Ok(found)
}

/// Without the operator, what is scraped stands in a file that nobody can find by its objects.
fn no_operator(facts: &Facts, services: &[&Value]) -> Result<Found, Unread> {
    let is_prometheus = |pod: &&Value| workload::containers(pod).any(|c| object::text(c, "/image").contains("/prometheus:"));
    if facts.in_scope("Pod")?.iter().any(is_prometheus) {
        return Ok(Found::unknown(Text::new(
            "Prometheus Operator 없이 돌아가는 Prometheus입니다. 무엇을 수집하는지는 그 설정 파일만 압니다",
            "this Prometheus runs without its operator; what it scrapes stands in its own file only",
        )));
    }
    let annotated =
        services.iter().filter(|s| s.pointer("/metadata/annotations/prometheus.io~1scrape").is_some_and(|v| v == "true")).count();
    if annotated > 0 {
        return Ok(Found::unknown(Text::new(
            format!("Service {annotated}개에 prometheus.io/scrape 어노테이션이 있지만, 읽어 가는 Prometheus가 보이지 않습니다"),
            format!("{annotated} Services carry the annotation prometheus.io/scrape; who reads them is out of sight"),
        )));
    }
    let mut found = Found::default();
    let fact = Text::new("클러스터에 Prometheus가 없습니다", "there is no Prometheus in the cluster");
    let fix = Text::new(
        "Prometheus Operator(kube-prometheus-stack)를 설치하고 서비스마다 ServiceMonitor를 두세요",
        "install the Prometheus Operator (kube-prometheus-stack), with a ServiceMonitor for each Service",
    );
    found.fails(PROMETHEUS, fact, fix);
    Ok(found)
}

/// A status condition of an operator's object.
pub(super) fn is_available(object: &Value) -> bool {
    object::list(object, "/status/conditions")
        .iter()
        .any(|c| object::text(c, "/type") == "Available" && object::text(c, "/status") == "True")
}

fn is_scraped(service: &Value, servers: &[&Value], facts: &Facts) -> Result<bool, Unread> {
    let own = labels::labels_at(service, "/metadata/labels");
    let namespace = object::namespace(service);
    let looks_at = |monitor: &Value| {
        if monitor.pointer("/spec/namespaceSelector/any").is_some_and(|any| any == true) {
            return true;
        }
        let named = object::list(monitor, "/spec/namespaceSelector/matchNames");
        if named.is_empty() { object::namespace(monitor) == namespace } else { named.iter().any(|name| name == namespace) }
    };
    let in_use = |monitor: &Value| -> Result<bool, Unread> {
        let labels = facts.namespace_labels(object::namespace(monitor))?;
        Ok(servers.iter().any(|server| picks(server, monitor, &labels)))
    };
    for monitor in facts.anywhere("ServiceMonitor.monitoring.coreos.com")? {
        if looks_at(monitor) && labels::selects(monitor.pointer("/spec/selector"), &own) && in_use(monitor)? {
            return Ok(true);
        }
    }
    let selector = labels::labels_at(service, "/spec/selector");
    let pods = facts.in_scope("Pod")?;
    let behind: Vec<&Value> = pods
        .into_iter()
        .filter(|p| object::namespace(p) == namespace && labels::map_selects(&selector, &workload::pod_labels(p)))
        .collect();
    for monitor in facts.anywhere("PodMonitor.monitoring.coreos.com")? {
        let picked = behind.iter().any(|pod| labels::selects(monitor.pointer("/spec/selector"), &workload::pod_labels(pod)));
        if picked && looks_at(monitor) && in_use(monitor)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Dashboards as Grafana's sidecar finds them, among what was read.
fn dashboards(facts: &Facts, found: &mut Found) -> Result<(), Unread> {
    let maps = facts.own.objects("ConfigMap")?;
    let count = maps.iter().filter(|map| object::label(map, "grafana_dashboard").is_some()).count();
    found.fact(Text::new(format!("대시보드 ConfigMap {count}개"), format!("{count} ConfigMaps with dashboards")));
    if count == 0 && facts.scope.is_cluster() {
        let fact = Text::new("grafana_dashboard 레이블이 있는 ConfigMap이 없습니다", "no ConfigMap carries the label grafana_dashboard");
        let fix = Text::new("애플리케이션 대시보드를 코드로 두세요", "keep the applications' dashboards as code");
        found.warns("Grafana", fact, fix);
    }
    Ok(())
}
