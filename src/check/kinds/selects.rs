use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    attempt::Outcome,
    check::{
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        labels, object,
    },
    scenario::{Canary, Selects},
    text::Text,
};

/// An operator's selectors pick these objects, and would pick the canary.
pub(in crate::check) fn eval_selects(spec: &Selects, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::evaluated();
    let selecting: Vec<&Value> = context.select(&spec.by)?.into_iter().filter(|by| !object::terminating(by)).collect();
    for by in &selecting {
        findings.evidence(evidence::of(by, &["/metadata/generation", "/spec"]));
    }
    let by_name = context.describe(&spec.by);
    if selecting.is_empty() {
        findings.evidence(evidence::of_absence(&by_name));
        findings.add(Item::fails("selecting-object-missing", &by_name, Text::new("없습니다", "there is none")));
    }
    for on in &spec.objects {
        let objects: Vec<&Value> = context.select(on)?.into_iter().filter(|object| !object::terminating(object)).collect();
        if objects.is_empty() {
            findings.absent(context.describe(on));
        }
        for candidate in objects {
            findings.evidence(evidence::of(candidate, &["/metadata/labels"]));
            let namespace_labels = namespace_labels(object::namespace(candidate), context)?;
            judge(&selecting, &by_name, candidate, &namespace_labels, &object::reference(candidate), &mut findings)?;
        }
    }
    if let Some(canary) = &spec.canary {
        let candidate = thought_of(canary);
        let name = format!(
            "{}/{}/({})",
            canary.kind,
            canary.namespace,
            if canary.labels.is_empty() { "-".into() } else { labels_text(&canary.labels) }
        );
        judge(&selecting, &by_name, &candidate, &canary.namespace_labels, &name, &mut findings)?;
    }
    Ok(findings.conclude())
}

fn labels_text(labels: &BTreeMap<String, String>) -> String {
    labels.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(",")
}

fn thought_of(canary: &Canary) -> Value {
    json!({"kind": canary.kind.split('.').next(), "metadata": {"name": "canary", "namespace": canary.namespace, "labels": canary.labels}})
}

fn namespace_labels(name: &str, context: &Context) -> Result<BTreeMap<String, String>, Trouble> {
    let namespace = context.objects("Namespace")?.iter().find(|namespace| object::name(namespace) == name);
    let labels = namespace.into_iter().flat_map(|namespace| object::pairs(namespace, "/metadata/labels"));
    Ok(labels.map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
}

/// One of the selecting objects must pick the candidate; otherwise the least of what keeps them from it is said.
fn judge(
    selecting: &[&Value],
    by_name: &str,
    candidate: &Value,
    namespace_labels: &BTreeMap<String, String>,
    reference: &str,
    findings: &mut Findings,
) -> Result<(), Trouble> {
    let mut obstacle = None;
    for by in selecting {
        let found = obstacle_of(by, candidate, namespace_labels)?;
        if found.is_none() {
            let name = object::reference(by);
            findings.add(Item::holds(reference, Text::new(format!("{name}의 선택 대상입니다"), format!("{name} selects it"))));
            return Ok(());
        }
        obstacle = obstacle.max(found);
    }
    if let Some(obstacle) = obstacle {
        let (reason, text) = obstacle.say(by_name);
        findings.add(Item::fails(reason, reference, text));
    }
    Ok(())
}

/// Whether an operator's object picks another, whose namespace has these labels.
pub(crate) fn picks(by: &Value, candidate: &Value, namespace_labels: &BTreeMap<String, String>) -> bool {
    matches!(obstacle_of(by, candidate, namespace_labels), Ok(None))
}

/// What keeps an operator from picking an object, the farthest from success first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Obstacle {
    Paused,
    NoSelector,
    OtherNamespace,
    OtherLabels,
}

impl Obstacle {
    fn say(self, by: &str) -> (&'static str, Text) {
        match self {
            Self::Paused => ("paused", Text::new(format!("{by}의 관리가 일시 중지되어 있습니다"), format!("{by} is paused"))),
            Self::NoSelector => (
                "selector-null",
                Text::new(format!("{by}에 이 종류를 고르는 선택자가 없습니다"), format!("{by} has no selector for this kind")),
            ),
            Self::OtherNamespace => (
                "namespace-not-selected",
                Text::new(format!("{by}이(가) 이 네임스페이스를 보지 않습니다"), format!("{by} does not look into this namespace")),
            ),
            Self::OtherLabels => (
                "labels-not-selected",
                Text::new(format!("{by}의 선택자와 레이블이 맞지 않습니다"), format!("its labels do not match the selector of {by}")),
            ),
        }
    }
}

/// The Prometheus Operator's rules: no selector picks nothing, an empty one everything; no namespace selector means the
/// operator object's own namespace, an empty one all.
fn obstacle_of(by: &Value, candidate: &Value, namespace_labels: &BTreeMap<String, String>) -> Result<Option<Obstacle>, Trouble> {
    let field = match object::kind(candidate) {
        "ServiceMonitor" => "serviceMonitor",
        "PodMonitor" => "podMonitor",
        "Probe" => "probe",
        "PrometheusRule" => "rule",
        "ScrapeConfig" => "scrapeConfig",
        "AlertmanagerConfig" => "alertmanagerConfig",
        other => return Err(Trouble(format!("how a {} selects a {other} is not known; use an expr check", object::kind(by)))),
    };
    let of = |suffix: &str| by.get("spec").and_then(|spec| spec.get(format!("{field}{suffix}"))).filter(|selector| !selector.is_null());
    let namespaces = namespace_labels.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    Ok(if by.pointer("/spec/paused") == Some(&Value::Bool(true)) {
        Some(Obstacle::Paused)
    } else if of("Selector").is_none() {
        Some(Obstacle::NoSelector)
    } else if !of("NamespaceSelector")
        .map_or_else(|| object::namespace(by) == object::namespace(candidate), |s| labels::selects(Some(s), &namespaces))
    {
        Some(Obstacle::OtherNamespace)
    } else if labels::selects(of("Selector"), &labels::labels_at(candidate, "/metadata/labels")) {
        None
    } else {
        Some(Obstacle::OtherLabels)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        attempt::Verdict,
        check::fixture::{World, object},
    };

    const PROMETHEUS: &str = "Prometheus.monitoring.coreos.com";

    fn check(extra: Value) -> Value {
        let mut spec = json!({"by": {"kind": PROMETHEUS, "name": "main"},
            "objects": [{"kind": "ServiceMonitor", "name": "web"}, {"kind": "PrometheusRule", "name": "alerts"}]});
        spec.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!({"selects": spec})
    }

    fn world(spec: Value) -> World {
        let labels = |team: &str| json!({"metadata": {"labels": {"team": team}}});
        let mut namespace = object("Namespace", "shop", json!({"metadata": {"labels": {"monitored": "yes"}}}));
        namespace["metadata"].as_object_mut().unwrap().remove("namespace");
        World::default()
            .with_kind(PROMETHEUS, object("Prometheus", "main", json!({"spec": spec})))
            .with(object("ServiceMonitor", "web", labels("shop")))
            .with(object("PrometheusRule", "alerts", labels("shop")))
            .with(namespace)
    }

    fn verdict(spec: Value) -> (Verdict, String) {
        let outcome = world(spec).evaluate(check(json!({})));
        (outcome.verdict, outcome.reason)
    }

    #[test]
    fn null_picks_nothing_and_empty_picks_everything() {
        let fail = |word: &str| (Verdict::Fail, word.to_owned());
        assert_eq!(verdict(json!({"serviceMonitorSelector": {}, "ruleSelector": {}})).0, Verdict::Pass);
        assert_eq!(verdict(json!({"serviceMonitorSelector": {}, "ruleSelector": null})), fail("selector-null"));
        assert_eq!(verdict(json!({})), fail("selector-null"));
        let both = |selector: Value| json!({"serviceMonitorSelector": selector, "ruleSelector": selector});
        assert_eq!(verdict(both(json!({"matchLabels": {"team": "shop"}}))).0, Verdict::Pass);
        assert_eq!(verdict(both(json!({"matchLabels": {"team": "pay"}}))), fail("labels-not-selected"));
        assert_eq!(
            verdict(both(json!({"matchExpressions": [{"key": "team", "operator": "In", "values": ["shop", "pay"]}]}))).0,
            Verdict::Pass
        );
    }

    #[test]
    fn each_kind_of_object_has_its_own_selector() {
        let (verdict, reason) = verdict(json!({"serviceMonitorSelector": {}, "podMonitorSelector": {}, "probeSelector": {}}));
        assert_eq!((verdict, reason.as_str()), (Verdict::Fail, "selector-null"), "rules have their own selector");
    }

    #[test]
    fn namespaces_are_selected_by_their_labels() {
        let with = |selector: Value| {
            verdict(json!({"serviceMonitorSelector": {}, "ruleSelector": {}, "serviceMonitorNamespaceSelector": selector})).1
        };
        assert_eq!(with(json!({})), "holds");
        assert_eq!(with(json!(null)), "holds", "null is the operator object's own namespace");
        assert_eq!(with(json!({"matchLabels": {"monitored": "yes"}})), "holds");
        assert_eq!(with(json!({"matchLabels": {"monitored": "no"}})), "namespace-not-selected");
    }

    #[test]
    fn a_paused_operator_object_picks_nothing() {
        assert_eq!(verdict(json!({"paused": true, "serviceMonitorSelector": {}, "ruleSelector": {}})).1, "paused");
    }

    #[test]
    fn a_canary_shows_whether_the_next_object_would_be_picked() {
        let canary = |labels: Value| json!({"canary": {"kind": "ServiceMonitor", "labels": {"team": "new"}, "namespace": "pay", "namespaceLabels": labels}});
        let spec = json!({"serviceMonitorSelector": {}, "ruleSelector": {}, "serviceMonitorNamespaceSelector": {"matchLabels": {"monitored": "yes"}}});
        assert_eq!(world(spec.clone()).evaluate(check(canary(json!({"monitored": "yes"})))).verdict, Verdict::Pass);
        assert_eq!(world(spec).evaluate(check(canary(json!({})))).reason, "namespace-not-selected");
        let own_only = json!({"serviceMonitorSelector": {}, "ruleSelector": {}});
        assert_eq!(world(own_only).evaluate(check(canary(json!({})))).reason, "namespace-not-selected");
    }

    #[test]
    fn trap_fp01_nothing_selected_or_nobody_selecting_fails() {
        assert_eq!(World::default().evaluate(check(json!({}))).reason, "selecting-object-missing");
        let gone = world(json!({"serviceMonitorSelector": {}, "ruleSelector": {}})).without("ServiceMonitor");
        assert_eq!(gone.evaluate(check(json!({}))).reason, "no-objects");
    }
}
