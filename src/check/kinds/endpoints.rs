use serde_json::Value;

use super::backends;
use crate::{
    attempt::Outcome,
    check::{
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        labels, object, workload,
    },
    scenario::Endpoints,
    text::Text,
};

/// A Service leads to ready pods of a workload, on a port that they declare.
pub(in crate::check) fn eval_endpoints(spec: &Endpoints, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::evaluated();
    let services = context.select(&spec.service)?;
    for service in &services {
        findings.evidence(evidence::of(service, &["/spec/type", "/spec/selector", "/spec/ports", "/spec/externalName", "/spec/clusterIP"]));
        judge(spec, service, context, &mut findings)?;
    }
    if services.is_empty() {
        let reference = context.describe(&spec.service);
        findings.evidence(evidence::of_absence(&reference));
        findings.add(Item::fails("service-missing", reference, Text::new("없습니다", "there is none")).value("ready", 0));
    }
    Ok(findings.conclude())
}

fn judge(spec: &Endpoints, service: &Value, context: &Context, findings: &mut Findings) -> Result<(), Trouble> {
    let reference = object::reference(service);
    if object::text(service, "/spec/type") == "ExternalName" {
        let text = Text::new("ExternalName 서비스에는 엔드포인트가 없습니다", "a Service of type ExternalName has no endpoints");
        findings.add(Item::fails("external-name", reference, text).value("ready", 0));
        return Ok(());
    }
    let ports = backends::ports(service, spec.port.as_deref());
    if ports.is_empty() {
        let text = Text::new("확인할 포트가 서비스에 없습니다", "the Service has no such port");
        findings.add(Item::fails("service-port-missing", reference, text).value("ready", 0));
        return Ok(());
    }
    if spec.from_template {
        return judge_template(spec, service, &ports, context, findings);
    }
    let allowed = backends::allowed(&spec.backed_by, context)?;
    for port in ports {
        let found = backends::behind(service, port, &allowed, context, findings)?;
        let ready = u32::try_from(found.good.len()).unwrap_or(u32::MAX);
        let min = spec.min.max(1);
        let reason = if ready >= min { "holds" } else { backends::diagnose(service, port, &found, &allowed, context)? };
        let (matching, matching_ready) = backends::matching(service, context)?;
        let name = port_name(port);
        let text = Text::new(
            format!("포트 {name}: 준비된 백엔드 {ready}개 (선택자에 맞는 파드 {matching}개, 그중 준비된 파드 {matching_ready}개)"),
            format!("port {name}: {ready} ready backends (the selector matches {matching} pods, {matching_ready} of them ready)"),
        );
        let item = Item::new(ready >= min, reason, &reference, text).parts(ready.min(min), min);
        findings.add(item.value("ready", ready).value("port", name).value("matching", matching).value("addresses", found.addresses));
    }
    for pod in &allowed {
        findings.evidence(evidence::of(pod, &["/metadata/labels", "/status/conditions", "/status/podIP"]));
    }
    Ok(())
}

/// Would pods made anew from the template be found?
fn judge_template(spec: &Endpoints, service: &Value, ports: &[&Value], context: &Context, findings: &mut Findings) -> Result<(), Trouble> {
    let reference = object::reference(service);
    let workloads = context.select(&spec.backed_by)?;
    if workloads.is_empty() {
        let owner = context.describe(&spec.backed_by);
        findings.add(Item::fails("workload-missing", owner, Text::new("없습니다", "there is none")).value("ready", 0));
    }
    let selector = labels::labels_at(service, "/spec/selector");
    for workload in workloads {
        findings.evidence(evidence::of(workload, &["/spec/template/metadata/labels", "/spec/template/spec/containers"]));
        let owner = object::reference(workload);
        let template = workload::template(workload).unwrap_or(&Value::Null);
        let selected =
            object::namespace(workload) == object::namespace(service) && labels::map_selects(&selector, &workload::pod_labels(template));
        let text = if selected {
            Text::new(format!("{owner}에서 새로 만드는 파드를 선택합니다"), format!("it selects pods made anew by {owner}"))
        } else {
            Text::new(format!("{owner}에서 새로 만드는 파드를 선택하지 않습니다"), format!("it does not select pods made anew by {owner}"))
        };
        findings.add(Item::new(selected, "selector-misses-template", &reference, text).value("workload", &owner));
        for port in ports {
            let target = backends::target_port(port, template).filter(|n| workload::declares(template, *n, backends::protocol(port)));
            let name = port_name(port);
            let text = match target {
                Some(number) => {
                    Text::new(format!("포트 {name} → 컨테이너 포트 {number}"), format!("port {name} → container port {number}"))
                }
                None => Text::new(
                    format!("포트 {name}의 대상 포트를 {owner}의 컨테이너가 선언하지 않습니다"),
                    format!("no container of {owner} declares the target of port {name}"),
                ),
            };
            findings.add(Item::new(target.is_some(), "port-not-declared", &reference, text).value("port", name));
        }
    }
    Ok(())
}

fn port_name(port: &Value) -> String {
    match object::text(port, "/name") {
        "" => object::int(port, "/port").unwrap_or_default().to_string(),
        name => name.into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        attempt::{Basis, Verdict},
        check::fixture::{World, deployment, object, service},
    };

    fn check(extra: Value) -> Value {
        let mut spec = json!({"service": {"kind": "Service", "name": "web"}, "backedBy": {"kind": "Deployment", "name": "web"}, "min": 2});
        spec.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!({"endpoints": spec})
    }

    fn reason(world: World) -> String {
        world.evaluate(check(json!({}))).reason
    }

    fn healthy() -> World {
        World::default()
            .workload(deployment("web").replicas(2))
            .with(service("web", "web", json!("http")))
            .slice("web", "http", 8080, "web")
    }

    #[test]
    fn ready_pods_of_the_workload_on_a_declared_port_count() {
        let outcome = healthy().evaluate(check(json!({"port": "http"})));
        assert_eq!((outcome.verdict, outcome.basis), (Verdict::Pass, Basis::Evaluated));
        assert_eq!(outcome.observations[0].values["ready"], "2");
        assert_eq!(healthy().evaluate(check(json!({"port": "80"}))).verdict, Verdict::Pass);
        assert_eq!(healthy().evaluate(check(json!({"port": "metrics"}))).reason, "service-port-missing");
        assert_eq!(healthy().evaluate(check(json!({"min": 3}))).verdict, Verdict::Fail);
    }

    #[test]
    fn each_break_has_its_own_word() {
        let base = || World::default().workload(deployment("web").replicas(2));
        assert_eq!(reason(base()), "service-missing");
        assert_eq!(reason(base().with(service("web", "back-end", json!("http")))), "selector-matches-nothing");
        assert_eq!(reason(base().with(service("web", "web", json!("nope")))), "port-not-resolved");
        assert_eq!(reason(base().with(service("web", "web", json!(9999))).slice("web", "http", 9999, "web")), "port-not-declared");
        let external = object("Service", "web", json!({"spec": {"type": "ExternalName", "externalName": "web.old"}}));
        assert_eq!(reason(base().with(external)), "external-name");
        let crashed =
            World::default().workload(deployment("web").replicas(2).pods("CrashLoopBackOff", 2)).with(service("web", "web", json!("http")));
        assert_eq!(reason(crashed), "pods-not-ready");
    }

    #[test]
    fn trap_fp05_hand_made_slices_and_strange_pods_do_not_count() {
        let base = || World::default().workload(deployment("web").replicas(2)).with(service("web", "back-end", json!("http")));
        assert_eq!(reason(base().hand_made_slice("web", "http", 8080, "web")), "selector-matches-nothing");
        let strays = World::default()
            .workload(deployment("web").replicas(2).pods("CrashLoopBackOff", 2))
            .stray_pods("web", 2)
            .with(service("web", "web", json!("http")))
            .slice("web", "http", 8080, "web");
        assert_eq!(reason(strays), "other-workload");
        let ghosts = healthy().without("Pod");
        assert_eq!(ghosts.evaluate(check(json!({}))).verdict, Verdict::Fail);
    }

    #[test]
    fn trap_fp06_pods_of_the_old_revision_do_not_count() {
        let world = World::default()
            .workload(deployment("web").replicas(2).old_pods(2).pods("CrashLoopBackOff", 1))
            .with(service("web", "web", json!("http")))
            .slice("web", "http", 8080, "web");
        assert_eq!(reason(world), "other-workload");
    }

    #[test]
    fn from_template_asks_for_pods_made_anew() {
        let asked = || check(json!({"fromTemplate": true}));
        assert_eq!(healthy().without("EndpointSlice").without("Pod").evaluate(asked()).verdict, Verdict::Pass);
        let relabelled = World::default().workload(deployment("web").replicas(2)).with(service("web", "back-end", json!("http")));
        assert_eq!(relabelled.hand_made_slice("web", "http", 8080, "web").evaluate(asked()).reason, "selector-misses-template");
        let port = World::default().workload(deployment("web").replicas(2)).with(service("web", "web", json!(9999)));
        assert_eq!(port.evaluate(asked()).reason, "port-not-declared");
        assert_eq!(World::default().with(service("web", "web", json!(8080))).evaluate(asked()).reason, "workload-missing");
    }
}
