//! Where a Service leads: the pods behind it that really are there, belong to the right workload and listen.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    check::{
        context::{Context, Trouble},
        evidence,
        findings::Findings,
        labels, object, workload,
    },
    scenario::ObjectRef,
};

/// What stands behind one port of a Service.
#[derive(Debug, Default)]
pub(super) struct Backends {
    /// Pods that are ready, of the workload's current revision and declare the port.
    pub(super) good: BTreeSet<String>,
    /// Ready addresses that do not count, by the worst thing about them.
    pub(super) why_not: BTreeSet<&'static str>,
    /// Ready addresses in all.
    pub(super) addresses: usize,
}

/// The ports of a Service that a name or number means; all of them when none is given.
pub(super) fn ports<'a>(service: &'a Value, port: Option<&str>) -> Vec<&'a Value> {
    let means = |p: &&Value| {
        port.is_none_or(|port| object::text(p, "/name") == port || object::int(p, "/port").is_some_and(|n| n.to_string() == port))
    };
    object::list(service, "/spec/ports").iter().filter(means).collect()
}

/// The pods of the workload's current revision.
pub(super) fn allowed<'a>(backed_by: &ObjectRef, context: &Context<'a>) -> Result<Vec<&'a Value>, Trouble> {
    let mut pods = Vec::new();
    for workload in context.select(backed_by)? {
        pods.extend(workload::pods(workload, context)?.current);
    }
    Ok(pods)
}

/// Who answers on a port, by the slices that the endpoint-slice controller keeps for the Service.
pub(super) fn behind(
    service: &Value,
    port: &Value,
    allowed: &[&Value],
    context: &Context,
    findings: &mut Findings,
) -> Result<Backends, Trouble> {
    let mut found = Backends::default();
    for slice in slices(service, context)? {
        if !by_controller(slice, service) {
            found.why_not.insert("hand-made-endpoints");
            continue;
        }
        findings.evidence(evidence::of(slice, &["/metadata/labels", "/metadata/ownerReferences", "/endpoints", "/ports"]));
        let numbers: Vec<(i64, &str)> = object::list(slice, "/ports")
            .iter()
            .filter(|p| object::text(p, "/name") == object::text(port, "/name"))
            .filter_map(|p| Some((object::int(p, "/port")?, protocol(p))))
            .collect();
        for endpoint in object::list(slice, "/endpoints").iter().filter(|e| serves(e)) {
            if numbers.is_empty() {
                found.why_not.insert("port-not-resolved");
                continue;
            }
            found.addresses += 1;
            match judge(endpoint, &numbers, allowed, context)? {
                Ok(pod) => drop(found.good.insert(pod)),
                Err(why) => drop(found.why_not.insert(why)),
            }
        }
    }
    Ok(found)
}

fn slices<'a>(service: &Value, context: &Context<'a>) -> Result<Vec<&'a Value>, Trouble> {
    let of_service = |slice: &&Value| {
        object::namespace(slice) == object::namespace(service)
            && object::label(slice, "kubernetes.io/service-name") == Some(object::name(service))
    };
    Ok(context.objects("EndpointSlice")?.iter().map(AsRef::as_ref).filter(of_service).collect())
}

fn by_controller(slice: &Value, service: &Value) -> bool {
    object::label(slice, "endpointslice.kubernetes.io/managed-by") == Some("endpointslice-controller.k8s.io")
        && object::controller(slice) == Some(object::uid(service))
}

fn serves(endpoint: &Value) -> bool {
    let condition = |name: &str| endpoint.pointer("/conditions").and_then(|c| c.get(name)).and_then(Value::as_bool);
    condition("ready").unwrap_or(true) && !condition("terminating").unwrap_or(false)
}

pub(super) fn protocol(port: &Value) -> &str {
    match object::text(port, "/protocol") {
        "" => "TCP",
        other => other,
    }
}

/// The name of the pod behind an endpoint, or what is wrong with it.
fn judge(endpoint: &Value, ports: &[(i64, &str)], allowed: &[&Value], context: &Context) -> Result<Result<String, &'static str>, Trouble> {
    let target = object::text(endpoint, "/targetRef/uid");
    let Some(pod) = context.objects("Pod")?.iter().find(|pod| !target.is_empty() && object::uid(pod) == target) else {
        return Ok(Err("no-such-pod"));
    };
    let addresses: Vec<&str> = object::list(endpoint, "/addresses").iter().filter_map(Value::as_str).collect();
    let own = object::list(pod, "/status/podIPs").iter().map(|ip| object::text(ip, "/ip")).chain([object::text(pod, "/status/podIP")]);
    Ok(if !workload::is_ready(pod) {
        Err("pods-not-ready")
    } else if !own.into_iter().any(|ip| addresses.contains(&ip)) {
        Err("no-such-pod")
    } else if !allowed.iter().any(|a| object::uid(a) == object::uid(pod)) {
        Err("other-workload")
    } else if !ports.iter().any(|(port, protocol)| workload::declares(pod, *port, protocol)) {
        Err("port-not-declared")
    } else {
        Ok(object::name(pod).into())
    })
}

/// Why nobody stands behind a Service that should lead to a workload: the first thing that is wrong on the way.
pub(super) fn diagnose(
    service: &Value,
    port: &Value,
    found: &Backends,
    allowed: &[&Value],
    context: &Context,
) -> Result<&'static str, Trouble> {
    let selector = labels::labels_at(service, "/spec/selector");
    if selector.is_empty() {
        return Ok(found.why_not.iter().copied().next().unwrap_or("no-selector"));
    }
    let (matching, ready) = matching(service, context)?;
    Ok(if matching == 0 {
        "selector-matches-nothing"
    } else if !allowed.is_empty() && !allowed.iter().any(|pod| labels::map_selects(&selector, &workload::pod_labels(pod))) {
        "other-workload"
    } else if ready == 0 {
        "pods-not-ready"
    } else if allowed.iter().any(|pod| target_port(port, pod).is_none()) {
        "port-not-resolved"
    } else {
        found.why_not.iter().copied().next().unwrap_or("no-ready-endpoints")
    })
}

/// How many pods a Service's selector matches, and how many of them are ready.
pub(super) fn matching(service: &Value, context: &Context) -> Result<(usize, usize), Trouble> {
    let selector = labels::labels_at(service, "/spec/selector");
    let same_namespace = |pod: &&Value| object::namespace(pod) == object::namespace(service);
    let pods = context.objects("Pod")?.iter().map(AsRef::as_ref).filter(same_namespace);
    let matching: Vec<&Value> = pods.filter(|pod| labels::map_selects(&selector, &workload::pod_labels(pod))).collect();
    Ok((matching.len(), matching.iter().filter(|pod| workload::is_ready(pod)).count()))
}

/// The number that a Service's target port means in a pod or template; a name must be declared there.
pub(super) fn target_port(port: &Value, pod: &Value) -> Option<i64> {
    match port.get("targetPort") {
        Some(Value::Number(number)) => number.as_i64(),
        Some(Value::String(name)) => workload::named_port(pod, name, protocol(port)),
        _ => object::int(port, "/port"),
    }
}
