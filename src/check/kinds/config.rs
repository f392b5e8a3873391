use serde_json::Value;

use super::config_env::{self, Sources};
use crate::{
    attempt::Outcome,
    check::{
        comparator::compares,
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        object, redact, workload,
    },
    scenario::Config,
    text::Text,
};

/// Every reference of a workload's template to ConfigMaps, Secrets and claims resolves, and its effective environment fits.
pub(in crate::check) fn eval_config(spec: &Config, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::evaluated();
    let workloads = context.select(&spec.on)?;
    for workload in &workloads {
        let reference = object::reference(workload);
        let template = workload::template(workload).unwrap_or(&Value::Null);
        let sources = Sources { namespace: object::namespace(workload), context };
        findings.evidence(evidence::of(
            workload,
            &["/spec/template/spec/containers", "/spec/template/spec/initContainers", "/spec/template/spec/volumes"],
        ));
        let wanted = references(template);
        for needed in &wanted {
            judge(needed, &reference, &sources, &mut findings)?;
        }
        if wanted.is_empty() && spec.env.is_empty() {
            findings.add(Item::holds(&reference, Text::new("참조가 없습니다", "it refers to nothing")));
        }
        judge_env(spec, template, &reference, &sources, &mut findings)?;
    }
    if workloads.is_empty() {
        findings.absent(context.describe(&spec.on));
    }
    Ok(findings.conclude())
}

/// A reference of a pod template to an object, or to a key of it.
#[derive(Debug, PartialEq, Eq)]
struct Reference<'a> {
    kind: &'static str,
    name: &'a str,
    key: Option<&'a str>,
}

fn judge(needed: &Reference, owner: &str, sources: &Sources, findings: &mut Findings) -> Result<(), Trouble> {
    let Reference { kind, name, key } = needed;
    let target = format!("{kind}/{}/{name}", sources.namespace);
    let found = sources.find(kind, name)?;
    let (reason, text) = match (found, key) {
        (None, _) => ("reference-missing", Text::new(format!("{target} 없음"), format!("there is no {target}"))),
        (Some(object), Some(key)) if !config_env::has_key(object, key) => {
            ("key-missing", Text::new(format!("{target}에 키 {key} 없음"), format!("{target} has no key {key}")))
        }
        (Some(_), Some(key)) => ("holds", Text::new(format!("{target}의 키 {key}"), format!("key {key} of {target}"))),
        (Some(_), None) => ("holds", Text::new(target.clone(), target.clone())),
    };
    findings
        .evidence(found.map_or_else(|| evidence::of_absence(&target), |object| evidence::of(object, &["/data", "/type", "/status/phase"])));
    findings.add(Item::new(reason == "holds", reason, owner, text).value("reference", &target).value("key", key.unwrap_or_default()));
    Ok(())
}

fn judge_env(spec: &Config, template: &Value, owner: &str, sources: &Sources, findings: &mut Findings) -> Result<(), Trouble> {
    for (name, comparator) in &spec.env {
        let mut defined = false;
        for container in object::list(template, "/spec/containers") {
            let Some(variable) = config_env::effective(container, sources)?.remove(name) else { continue };
            defined = true;
            let value = variable.value.map(Value::String);
            let holds = compares(comparator, value.as_ref())?;
            let shown = match &value {
                Some(Value::String(text)) if variable.secret || redact::sensitive(name) => redact::hashed(text),
                Some(Value::String(text)) => text.clone(),
                _ => "-".into(),
            };
            let text = Text::new(
                format!("컨테이너 {}의 환경 변수 {name}: {shown}", object::text(container, "/name")),
                format!("{name} of container {} is {shown}", object::text(container, "/name")),
            );
            findings.add(Item::new(holds, "different-value", owner, text).value("name", name).value("value", shown));
        }
        if !defined {
            let text = Text::new(format!("환경 변수 {name}을(를) 설정하는 컨테이너가 없습니다"), format!("no container sets {name}"));
            let holds = compares(comparator, None)?;
            findings.add(Item::new(holds, "env-missing", owner, text).value("name", name).value("value", ""));
        }
    }
    Ok(())
}

/// Everything that a template refers to, also what it marks optional: a missing optional reference is a missing one.
fn references(template: &Value) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    let mut add = |kind, name, key| {
        if !str::is_empty(name) {
            found.push(Reference { kind, name, key });
        }
    };
    for container in workload::containers(template) {
        for from in object::list(container, "/envFrom") {
            add("ConfigMap", object::text(from, "/configMapRef/name"), None);
            add("Secret", object::text(from, "/secretRef/name"), None);
        }
        for env in object::list(container, "/env") {
            for (kind, at) in [("ConfigMap", "/valueFrom/configMapKeyRef"), ("Secret", "/valueFrom/secretKeyRef")] {
                if let Some(reference) = env.pointer(at) {
                    add(kind, object::text(reference, "/name"), Some(object::text(reference, "/key")));
                }
            }
        }
    }
    let projected = |volume| object::list(volume, "/projected/sources").iter();
    for volume in object::list(template, "/spec/volumes") {
        add("PersistentVolumeClaim", object::text(volume, "/persistentVolumeClaim/claimName"), None);
        for source in [volume].into_iter().chain(projected(volume)) {
            for (kind, at, name) in
                [("ConfigMap", "/configMap", "/name"), ("Secret", "/secret", "/secretName"), ("Secret", "/secret", "/name")]
            {
                let Some(reference) = source.pointer(at) else { continue };
                add(kind, object::text(reference, name), None);
                for item in object::list(reference, "/items") {
                    add(kind, object::text(reference, name), Some(object::text(item, "/key")));
                }
            }
        }
    }
    for secret in object::list(template, "/spec/imagePullSecrets") {
        add("Secret", object::text(secret, "/name"), None);
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        attempt::{Outcome, Verdict},
        check::fixture::{World, deployment, object},
    };

    fn evaluate(pod: Value, env: Value) -> Outcome {
        let world = World::default()
            .with(object("ConfigMap", "orders", json!({"data": {"DB_HOST": "db", "DB_PORT": "5432"}})))
            .with(object("Secret", "orders-secret", json!({"data": {"DB_PASSWORD": "aHVudGVyMg=="}})))
            .with(object("PersistentVolumeClaim", "data", json!({})))
            .with(deployment("orders").pod_spec(pod).object());
        world.evaluate(json!({"config": {"on": {"kind": "Deployment", "name": "orders"}, "env": env}}))
    }

    fn container(fields: Value) -> Value {
        let mut container = json!({"name": "app", "image": "orders:1"});
        container.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        json!({"containers": [container]})
    }

    #[test]
    fn every_kind_of_reference_is_followed() {
        let pod = json!({
            "initContainers": [{"name": "init", "envFrom": [{"configMapRef": {"name": "orders"}}]}],
            "containers": [{"name": "app", "env": [{"name": "P", "valueFrom": {"secretKeyRef": {"name": "orders-secret", "key": "DB_PASSWORD"}}}]}],
            "volumes": [{"name": "d", "persistentVolumeClaim": {"claimName": "data"}},
                {"name": "p", "projected": {"sources": [{"configMap": {"name": "orders", "items": [{"key": "DB_HOST", "path": "h"}]}}]}},
                {"name": "s", "secret": {"secretName": "orders-secret"}}],
            "imagePullSecrets": [{"name": "orders-secret"}]
        });
        let outcome = evaluate(pod.clone(), json!({}));
        assert_eq!((outcome.verdict, outcome.total), (Verdict::Pass, 7));
        let broken = pod.to_string().replace("\"claimName\":\"data\"", "\"claimName\":\"gone\"");
        assert_eq!(evaluate(serde_json::from_str(&broken).unwrap(), json!({})).reason, "reference-missing");
    }

    #[test]
    fn a_wrong_key_and_a_hidden_optional_reference_do_not_resolve() {
        let env = |reference: Value| container(json!({"env": [{"name": "DB_HOST", "valueFrom": reference}]}));
        let wrong = evaluate(env(json!({"configMapKeyRef": {"name": "orders", "key": "db_host"}})), json!({}));
        assert_eq!(
            (wrong.reason.as_str(), wrong.observations[0].text.en.as_str()),
            ("key-missing", "ConfigMap/shop/orders has no key db_host")
        );
        let optional = evaluate(env(json!({"secretKeyRef": {"name": "order-secrets", "key": "x", "optional": true}})), json!({}));
        assert_eq!(optional.reason, "reference-missing");
    }

    #[test]
    fn the_effective_environment_is_what_the_process_would_see() {
        let pod = container(json!({
            "envFrom": [{"prefix": "APP_", "configMapRef": {"name": "orders"}}],
            "env": [{"name": "URL", "value": "pg://$(APP_DB_HOST):$(APP_DB_PORT)/$$(x)$(GONE)"},
                {"name": "APP_DB_PORT", "value": "15432"},
                {"name": "NS", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}}]
        }));
        for (name, comparator) in [
            ("URL", json!({"equals": "pg://db:5432/$(x)$(GONE)"})),
            ("APP_DB_PORT", json!({"equals": "15432"})),
            ("NS", json!({"equals": "shop"})),
            ("GONE", json!({"present": false})),
        ] {
            let outcome = evaluate(pod.clone(), json!({name: comparator}));
            assert_eq!(outcome.verdict, Verdict::Pass, "{name} {outcome:?}");
        }
        assert_eq!(evaluate(pod, json!({"GONE": {"present": true}})).reason, "env-missing");
    }

    #[test]
    fn secret_values_are_compared_but_never_shown() {
        let pod =
            container(json!({"env": [{"name": "PASS", "valueFrom": {"secretKeyRef": {"name": "orders-secret", "key": "DB_PASSWORD"}}}]}));
        let right = evaluate(pod.clone(), json!({"PASS": {"equals": "hunter2"}}));
        let wrong = evaluate(pod, json!({"PASS": {"equals": "other"}}));
        assert_eq!((right.verdict, wrong.verdict), (Verdict::Pass, Verdict::Fail));
        assert!(!format!("{right:?}{wrong:?}").contains("hunter2") && !format!("{right:?}").contains("aHVudGVyMg"));
    }
}
