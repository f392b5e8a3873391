use crate::{
    attempt::Outcome,
    check::{
        changes,
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        object,
    },
    scenario::Untouched,
    text::Text,
};

/// Bystanders' specs are, field by field, as they were when healthy or as the fault left them.
pub(in crate::check) fn eval_untouched(spec: &Untouched, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::observed();
    for alias in &spec.subjects {
        let recorded = context.subject(alias)?;
        let reference = object::reference(&recorded.healthy);
        let Some(current) = context.current_of(alias)?.filter(|object| !object::terminating(object)) else {
            findings.evidence(evidence::of_absence(&reference));
            findings.add(Item::fails("gone", reference, Text::new("없습니다", "it is gone")));
            continue;
        };
        findings.evidence(evidence::of(current, &["/spec", "/data"]));
        let broken = if recorded.broken.is_null() { &recorded.healthy } else { &recorded.broken };
        let mut changed = changes::between([current, &recorded.healthy, broken].map(changes::own_part));
        changed.retain(|path| !spec.ignore.iter().any(|ignored| path.is_below(ignored)));
        let item = match changed.first() {
            None => Item::holds(reference, Text::new("그대로입니다", "it is as it was")),
            Some(first) => {
                let paths = changes::list(&changed);
                let text = Text::new(format!("달라진 필드: {paths}"), format!("changed fields: {paths}"));
                Item::fails("changed", reference, text).value("path", first).value("paths", &paths)
            }
        };
        findings.add(item);
    }
    Ok(findings.conclude())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        attempt::{Outcome, Verdict},
        check::fixture::{World, deployment, object, service},
    };

    fn evaluate(kind: &str, healthy: &Value, broken: &Value, now: &Value, ignore: Value) -> Outcome {
        let world = World::default().subject("it", kind, healthy.clone(), broken.clone()).with(now.clone());
        world.evaluate(json!({"untouched": {"subjects": ["it"], "ignore": ignore}}))
    }

    fn verdict(healthy: &Value, broken: &Value, now: &Value) -> Verdict {
        evaluate(healthy["kind"].as_str().unwrap(), healthy, broken, now, json!([])).verdict
    }

    fn with(mut object: Value, pointer: &str, value: Value) -> Value {
        *object.pointer_mut(pointer).unwrap() = value;
        object
    }

    #[test]
    fn a_changed_field_is_named_and_may_be_ignored() {
        let healthy = deployment("frontend").replicas(2).object();
        let now = with(healthy.clone(), "/spec/template/spec/containers/0/image", json!("other:1"));
        let outcome = evaluate("Deployment", &healthy, &healthy, &now, json!([]));
        assert_eq!(outcome.observations[0].values["path"], "spec.template.spec.containers[app].image");
        assert!(!outcome.observations[0].text.en.contains("other:1"));
        for ignored in ["template.spec", "spec.template.spec.containers[app].image"] {
            assert_eq!(evaluate("Deployment", &healthy, &healthy, &now, json!([ignored])).verdict, Verdict::Pass, "{ignored}");
        }
        assert_eq!(evaluate("Deployment", &healthy, &healthy, &now, json!(["template.spec.cont"])).verdict, Verdict::Fail);
    }

    #[test]
    fn trap_fp03_the_faults_own_change_is_no_breach_and_may_stay_or_go_field_by_field() {
        let healthy = deployment("frontend").replicas(2).object();
        let broken = with(with(healthy.clone(), "/spec/replicas", json!(1)), "/spec/template/spec/containers/0/image", json!("broken:1"));
        let half = with(broken.clone(), "/spec/replicas", json!(2));
        for now in [&healthy, &broken, &half] {
            assert_eq!(verdict(&healthy, &broken, now), Verdict::Pass);
        }
        assert_eq!(verdict(&healthy, &broken, &with(broken.clone(), "/spec/replicas", json!(5))), Verdict::Fail);
    }

    #[test]
    fn what_servers_fill_in_and_restarts_do_not_count() {
        let old = with(service("web", "web", json!("http")), "/metadata/uid", json!("old"));
        let mut anew = with(old.clone(), "/metadata/uid", json!("new"));
        anew["spec"]["clusterIP"] = json!("10.96.0.99");
        anew["metadata"]["annotations"] = json!({"by": "kubectl"});
        assert_eq!(verdict(&old, &old, &anew), Verdict::Pass);
        let healthy = deployment("frontend").replicas(2).object();
        let mut restarted = healthy.clone();
        restarted["spec"]["template"]["metadata"]["annotations"] = json!({"kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z"});
        assert_eq!(verdict(&healthy, &healthy, &restarted), Verdict::Pass);
    }

    #[test]
    fn data_of_config_maps_and_rules_of_roles_count() {
        let healthy = object("ConfigMap", "c", json!({"data": {"a": "1", "b": "2"}}));
        assert_eq!(verdict(&healthy, &healthy, &with(healthy.clone(), "/data/a", json!("9"))), Verdict::Fail);
        let role = object("Role", "r", json!({"rules": [{"verbs": ["get"]}]}));
        assert_eq!(verdict(&role, &role, &with(role.clone(), "/rules/0/verbs", json!(["*"]))), Verdict::Fail);
    }

    #[test]
    fn trap_ff02_order_of_named_items_does_not_matter() {
        let healthy = object("Deployment", "d", json!({"spec": {"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}}));
        let reordered = object("Deployment", "d", json!({"spec": {"env": [{"name": "B", "value": "2"}, {"name": "A", "value": "1"}]}}));
        assert_eq!(verdict(&healthy, &healthy, &reordered), Verdict::Pass);
    }

    #[test]
    fn a_bystander_that_is_gone_was_touched() {
        let world = World::default().subject("it", "ConfigMap", object("ConfigMap", "c", json!({})), json!(null));
        assert_eq!(world.evaluate(json!({"untouched": {"subjects": ["it"]}})).reason, "gone");
    }
}
