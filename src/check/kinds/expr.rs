use serde_json::Value;

use crate::{
    attempt::{Observation, Outcome},
    cel::{Bindings, CelFailure, Expression},
    check::{
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        object, redact,
    },
    scenario::Expr,
    text::Text,
};

/// A CEL expression over named sets of objects is true.
pub(in crate::check) fn eval_expr(spec: &Expr, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::observed();
    let mut bindings = Bindings::default();
    let (mut named, mut veil) = (Vec::new(), Veil::default());
    for (name, on) in &spec.bindings {
        let objects = context.select(on)?;
        objects.iter().for_each(|object| veil.over(object));
        for object in &objects {
            findings.evidence(evidence::of(object, &["/metadata/labels", "/metadata/generation", "/spec", "/status", "/data"]));
        }
        let single = on.name.is_some() || on.baseline.is_some();
        named.push(if single { context.describe(on) } else { format!("{} × {}", context.describe(on), objects.len()) });
        let value = if single {
            objects.first().map_or(Value::Null, |object| (*object).clone())
        } else {
            Value::Array(objects.into_iter().cloned().collect())
        };
        bindings = bindings.with(name, &value);
    }
    truth(&mut findings, &spec.that, &bindings, &named.join(", "), &veil)?;
    Ok(findings.conclude())
}

/// What must not be read in the texts about an expression's parts.
#[derive(Debug, Default)]
pub(super) struct Veil {
    everything: bool,
    values: Vec<String>,
}

impl Veil {
    pub(super) fn over(&mut self, object: &Value) {
        self.everything |= object::kind(object) == "Secret";
        self.values.extend(redact::secrets_of(object));
    }

    pub(super) fn values(&mut self, secrets: impl IntoIterator<Item = String>) {
        self.values.extend(secrets);
    }
}

/// Adds what an expression came to.
pub(super) fn truth(findings: &mut Findings, text: &str, bindings: &Bindings, about: &str, veil: &Veil) -> Result<(), Trouble> {
    let expression = Expression::compile(text).map_err(|problem| Trouble(problem.message.en))?;
    match expression.eval(bindings) {
        Ok(true) => findings.add(Item::holds(about, Text::new("조건을 만족합니다", "the condition holds"))),
        Ok(false) => {
            let facts = if veil.everything { Vec::new() } else { expression.explain(bindings) };
            let seen: Vec<(&str, String)> =
                facts.iter().map(|fact| (fact.at.as_str(), redact::masked(&fact.value, &veil.values))).collect();
            let parts = serde_json::to_string(&seen).unwrap_or_default();
            if !facts.iter().any(|fact| fact.decisive) {
                let item = Item::fails("condition-false", about, Text::new("조건을 만족하지 않습니다", "the condition does not hold"));
                findings.add(if facts.is_empty() { item } else { item.value(Observation::PARTS, &parts) });
            }
            for fact in facts.iter().filter(|fact| fact.decisive) {
                let value = redact::masked(&fact.value, &veil.values);
                let text = Text::new(format!("{}의 현재 값: {value}", fact.part), format!("{} is {value}", fact.part));
                findings.add(
                    Item::fails("condition-false", about, text)
                        .value("part", &fact.part)
                        .value("value", value)
                        .value(Observation::PARTS, &parts),
                );
            }
        }
        Err(CelFailure::Missing { path }) => {
            let text = Text::new(format!("{path} 없음"), format!("there is no {path}"));
            findings.add(Item::fails("path-missing", about, text).value("path", path));
        }
        Err(failure) => return Err(Trouble(format!("`{text}`: {failure}"))),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        attempt::{Observation, Verdict},
        check::fixture::{World, object},
    };

    fn world() -> World {
        World::default()
            .with(object("Service", "web", json!({"spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]}})))
            .with(object("Service", "api", json!({"spec": {"selector": {"app": "api"}}})))
    }

    fn expr(that: &str) -> serde_json::Value {
        json!({"expr": {"let": {"web": {"kind": "Service", "name": "web"}, "all": {"kind": "Service"}, "gone": {"kind": "Service", "name": "gone"}}, "that": that}})
    }

    #[test]
    fn names_are_objects_and_labels_are_lists() {
        for that in ["web.spec.selector.app == 'web'", "all.size() == 2", "gone == null", "all.exists(s, s.metadata.name == 'api')"] {
            assert_eq!(world().evaluate(expr(that)).verdict, Verdict::Pass, "{that}");
        }
    }

    #[test]
    fn a_false_answer_says_what_the_parts_were() {
        let outcome = world().evaluate(expr("web.spec.ports.size() == 2"));
        assert_eq!((outcome.verdict, outcome.reason.as_str()), (Verdict::Fail, "condition-false"));
        assert_eq!(outcome.observations[0].text.en, "web.spec.ports.size() is 1");
    }

    #[test]
    fn the_parts_within_are_kept_for_the_explanation() {
        let outcome = world().evaluate(expr("all.all(s, s.spec.selector.app == 'web')"));
        let parts: Vec<(String, String)> = serde_json::from_str(&outcome.observations[0].values[Observation::PARTS]).unwrap();
        assert!(parts.contains(&("s.spec.selector.app".into(), "\"api\"".into())), "{parts:?}");
    }

    #[test]
    fn trap_ff07_what_is_missing_fails_and_what_is_wrong_in_the_expression_errs() {
        assert_eq!(world().evaluate(expr("web.status.loadBalancer.ready == true")).reason, "path-missing");
        assert_eq!(world().evaluate(expr("gone.spec.ports.size() == 1")).reason, "path-missing");
        for broken in ["web.spec.ports.size()", "nobody == 1", "web.spec ==", "web.spec.selector.app > 1"] {
            assert_eq!(world().evaluate(expr(broken)).verdict, Verdict::Error, "{broken}");
        }
    }

    #[test]
    fn parts_of_secrets_never_reach_the_text() {
        let secret = object("Secret", "db", json!({"data": {"password": "aHVudGVyMg=="}}));
        let check = json!({"expr": {"let": {"db": {"kind": "Secret", "name": "db"}}, "that": "db.data.password == 'x'"}});
        assert!(!format!("{:?}", World::default().with(secret).evaluate(check)).contains("aHVudGVyMg"));
        let pod = json!({"spec": {"env": [{"name": "DB_PASSWORD", "value": "hunter2"}]}});
        let check = json!({"expr": {"let": {"pod": {"kind": "Pod", "name": "p"}}, "that": "pod.spec.env == []"}});
        let outcome = World::default().with(object("Pod", "p", pod)).evaluate(check);
        assert!(outcome.observations[0].text.en.contains("DB_PASSWORD") && !format!("{outcome:?}").contains("hunter2"), "{outcome:?}");
    }
}
