use std::net::IpAddr;

use serde_json::Value;

use super::backends;
use crate::{
    attempt::Outcome,
    check::{
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        object, workload,
    },
    scenario::{ObjectRef, Resolves},
    text::Text,
};

const CLUSTER_DOMAIN: &str = "cluster.local";
const LONGEST_CHAIN: usize = 8;

/// A host name leads, by the rules of cluster DNS, to a Service with ready endpoints of a workload.
pub(in crate::check) fn eval_resolves(spec: &Resolves, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::evaluated();
    let asked = Asked { host: &spec.host, port: spec.port, from: spec.from.as_deref().unwrap_or_else(|| context.home()) };
    leads(&asked, &spec.backed_by, context, &mut findings)?;
    Ok(findings.conclude())
}

/// An address that a pod of a namespace asks for.
pub(super) struct Asked<'a> {
    pub(super) host: &'a str,
    pub(super) port: u16,
    pub(super) from: &'a str,
}

/// Adds whether an address leads to ready pods of a workload.
pub(super) fn leads(asked: &Asked, backed_by: &ObjectRef, context: &Context, findings: &mut Findings) -> Result<(), Trouble> {
    let address = format!("{}:{}", asked.host, asked.port);
    match follow(asked.host, asked.from, context, findings)? {
        Answer::Nothing { last } => {
            let text = Text::new(format!("{last} 이름이 클러스터 DNS에 없습니다"), format!("cluster DNS has no name {last}"));
            findings.add(Item::fails("name-unknown", address, text).value("ready", 0).value("name", last));
        }
        Answer::Loop => {
            let text = Text::new("ExternalName이 끝없이 이어집니다", "the chain of ExternalNames does not end");
            findings.add(Item::fails("name-loops", address, text).value("ready", 0));
        }
        Answer::Service(service) => judge(asked.port, backed_by, service, &address, context, findings)?,
    }
    Ok(())
}

enum Answer<'a> {
    Service(&'a Value),
    Nothing { last: String },
    Loop,
}

/// Follows a name through the search domains, and ExternalNames to the Service they end at.
fn follow<'a>(host: &str, from: &str, context: &Context<'a>, findings: &mut Findings) -> Result<Answer<'a>, Trouble> {
    if host.parse::<IpAddr>().is_ok() {
        let service = context.objects("Service")?.iter().map(AsRef::as_ref).find(|service: &&Value| has_address(service, host));
        return Ok(service.map_or_else(|| Answer::Nothing { last: host.to_owned() }, Answer::Service));
    }
    let mut candidates = candidates(host, from);
    let mut last = host.trim_end_matches('.').to_owned();
    for _ in 0..LONGEST_CHAIN {
        let mut found = None;
        for candidate in &candidates {
            if let Some(service) = service_of(candidate, context)? {
                found = Some(service);
                break;
            }
        }
        let Some(service) = found else { return Ok(Answer::Nothing { last }) };
        findings.evidence(evidence::of(service, &["/spec/type", "/spec/externalName", "/spec/clusterIP", "/spec/selector", "/spec/ports"]));
        if object::text(service, "/spec/type") != "ExternalName" {
            return Ok(Answer::Service(service));
        }
        // What an ExternalName says is taken as it stands: search domains are the client's business, and it asked already.
        last = object::text(service, "/spec/externalName").trim_end_matches('.').to_owned();
        candidates = vec![last.clone()];
    }
    Ok(Answer::Loop)
}

/// The address is the Service's own.
fn has_address(service: &Value, address: &str) -> bool {
    let more = object::list(service, "/spec/clusterIPs").iter().filter_map(Value::as_str);
    more.chain([object::text(service, "/spec/clusterIP")]).any(|own| own == address)
}

/// The full names that a pod's resolver tries, in its order: `ndots:5` and the three search domains.
fn candidates(host: &str, from: &str) -> Vec<String> {
    if let Some(absolute) = host.strip_suffix('.') {
        return vec![absolute.to_owned()];
    }
    let searched = [format!("{from}.svc.{CLUSTER_DOMAIN}"), format!("svc.{CLUSTER_DOMAIN}"), CLUSTER_DOMAIN.to_owned()];
    let searched = searched.iter().map(|domain| format!("{host}.{domain}"));
    if host.matches('.').count() < 5 {
        searched.chain([host.to_owned()]).collect()
    } else {
        [host.to_owned()].into_iter().chain(searched).collect()
    }
}

/// The Service that a full name means: `service.namespace.svc.cluster.local`, or a pod's own name before it.
fn service_of<'a>(name: &str, context: &Context<'a>) -> Result<Option<&'a Value>, Trouble> {
    let name = name.to_ascii_lowercase();
    let Some(rest) = name.strip_suffix(&format!(".svc.{CLUSTER_DOMAIN}")) else { return Ok(None) };
    let labels: Vec<&str> = rest.split('.').collect();
    let (hostname, service, namespace) = match labels.as_slice() {
        [service, namespace] => (None, *service, *namespace),
        [pod, service, namespace] => (Some(*pod), *service, *namespace),
        _ => return Ok(None),
    };
    let services = context.objects("Service")?.iter().map(AsRef::as_ref);
    let found = services.into_iter().find(|s: &&Value| object::name(s) == service && object::namespace(s) == namespace);
    let Some((found, pod)) = found.map(|found| (found, hostname)) else { return Ok(None) };
    let Some(pod) = pod else { return Ok(Some(found)) };
    let named = |p: &&std::sync::Arc<Value>| object::text(p, "/spec/hostname") == pod && object::text(p, "/spec/subdomain") == service;
    Ok(context.objects("Pod")?.iter().find(named).map(|_| found))
}

fn judge(
    port: u16,
    backed_by: &ObjectRef,
    service: &Value,
    asked: &str,
    context: &Context,
    findings: &mut Findings,
) -> Result<(), Trouble> {
    let reference = object::reference(service);
    let allowed = backends::allowed(backed_by, context)?;
    let asked_port = i64::from(port);
    let headless = object::text(service, "/spec/clusterIP") == "None";
    let port = object::list(service, "/spec/ports").iter().find(|p| object::int(p, "/port") == Some(asked_port));
    let found = match port {
        Some(port) => Some(backends::behind(service, port, &allowed, context, findings)?),
        // A headless Service gives addresses of pods: any port that these declare can be asked for.
        None if headless => match object::list(service, "/spec/ports").first() {
            Some(first) => Some(backends::behind(service, first, &allowed, context, findings)?),
            None => None,
        },
        None => None,
    };
    let Some(found) = found else {
        let text = Text::new(format!("{reference}에 포트 {asked_port}이(가) 없습니다"), format!("{reference} has no port {asked_port}"));
        findings.add(Item::fails("service-port-missing", asked, text).value("ready", 0));
        return Ok(());
    };
    let listens = |name: &String| allowed.iter().any(|pod| object::name(pod) == name && workload::declares(pod, asked_port, "TCP"));
    let ready = if headless { found.good.iter().filter(|name| listens(name)).count() } else { found.good.len() };
    let reason = match port {
        _ if ready > 0 => "holds",
        Some(port) => backends::diagnose(service, port, &found, &allowed, context)?,
        None => "port-not-declared",
    };
    let text = Text::new(format!("{reference}: 준비된 백엔드 {ready}개"), format!("{reference}: {ready} ready backends"));
    findings.add(Item::new(ready > 0, reason, asked, text).value("ready", ready).value("service", reference));
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::candidates;
    use crate::check::fixture::{World, deployment, object, service};

    fn reason(world: World, host: &str, port: u16) -> String {
        world.evaluate(json!({"resolves": {"host": host, "port": port, "backedBy": {"kind": "Deployment", "name": "db"}}})).reason
    }

    fn external(name: &str, target: &str) -> Value {
        object("Service", name, json!({"spec": {"type": "ExternalName", "externalName": target}}))
    }

    fn world() -> World {
        World::default()
            .workload(deployment("db").replicas(1))
            .with(service("postgres", "db", json!("http")))
            .slice("postgres", "http", 8080, "db")
    }

    #[test]
    fn every_form_of_the_name_leads_there() {
        for host in [
            "postgres",
            "postgres.shop",
            "postgres.shop.svc",
            "postgres.shop.svc.cluster.local",
            "postgres.shop.svc.cluster.local.",
            "POSTGRES",
        ] {
            assert_eq!(reason(world(), host, 80), "holds", "{host}");
        }
        for host in ["postgres.", "postgres.pay", "postgre", "postgres.shop.svc.example.com", "db.old"] {
            assert_eq!(reason(world(), host, 80), "name-unknown", "{host}");
        }
        assert_eq!(reason(world(), "postgres", 5432), "service-port-missing");
    }

    #[test]
    fn external_names_are_followed_as_they_stand() {
        let via = |target: &str| reason(world().with(external("db", target)), "db", 80);
        assert_eq!(via("postgres.shop.svc.cluster.local"), "holds");
        assert_eq!(via("postgres.shop"), "name-unknown", "search domains do not apply behind an ExternalName");
        assert_eq!(via("db.old"), "name-unknown");
        assert_eq!(via("db.shop.svc.cluster.local"), "name-loops");
    }

    #[test]
    fn a_headless_service_gives_the_pods_own_ports() {
        let mut headless = service("postgres", "db", json!("http"));
        headless["spec"]["clusterIP"] = json!("None");
        let world = || World::default().workload(deployment("db").replicas(1)).with(headless.clone()).slice("postgres", "http", 8080, "db");
        assert_eq!(reason(world(), "postgres", 8080), "holds");
        assert_ne!(reason(world(), "postgres", 80), "holds", "there is no address translation behind a headless Service");
    }

    #[test]
    fn a_resolver_searches_its_own_namespace_first() {
        assert_eq!(candidates("db", "shop")[0], "db.shop.svc.cluster.local");
        assert_eq!(candidates("db.", "shop"), ["db"]);
    }
}
