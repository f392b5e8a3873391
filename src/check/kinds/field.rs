use serde_json::Value;
use serde_json_path::JsonPath;

use crate::{
    attempt::Outcome,
    check::{
        comparator::{compares, expectation},
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        object, redact,
    },
    scenario::{Comparator, Field},
    text::Text,
};

/// Every value at a path compares, in as many objects as asked.
pub(in crate::check) fn eval_field(spec: &Field, context: &Context) -> Result<Outcome, Trouble> {
    let path = JsonPath::parse(&spec.path).map_err(|e| Trouble(format!("`{}` is not a JSONPath: {e}", spec.path)))?;
    let mut findings = Findings::observed();
    let objects = context.select(&spec.on)?;
    for object in &objects {
        findings.add(judge(spec, &path, object, context)?);
        findings.evidence(evidence_at(spec, object));
    }
    if objects.is_empty() {
        findings.evidence(evidence::of_absence(&context.describe(&spec.on)));
    }
    let mut outcome = findings.conclude_by(&spec.of);
    if objects.is_empty() && outcome.observations.is_empty() {
        outcome
            .observations
            .push(Item::fails("no-objects", context.describe(&spec.on), Text::new("없습니다", "there is none")).observation);
    }
    Ok(outcome)
}

fn judge(spec: &Field, path: &JsonPath, object: &Value, context: &Context) -> Result<Item, Trouble> {
    let reference = object::reference(object);
    let values: Vec<&Value> = path.query(object).into_iter().filter(|value| !value.is_null()).collect();
    if let (true, false) = (values.is_empty(), matches!(spec.is, Comparator::Present(_))) {
        let missing = first_missing(&spec.path, object);
        let text = Text::new(format!("{missing} 없음"), format!("there is no {missing}"));
        return Ok(Item::fails("path-missing", reference, text).value("path", missing).value("value", ""));
    }
    let holds = if matches!(spec.is, Comparator::Present(_)) {
        compares(&spec.is, values.first().copied())?
    } else {
        let mut all = true;
        for value in &values {
            all &= compares(&spec.is, Some(value))?;
        }
        all
    };
    let secret = object::kind(object) == "Secret" || redact::sensitive(&spec.path);
    let shown = values.iter().map(|value| show(value, secret)).collect::<Vec<_>>().join(", ");
    let shown = if shown.is_empty() { "-".to_owned() } else { shown };
    let expected = if context.reveal { format!(" (= {})", expectation(&spec.is)) } else { String::new() };
    let text = Text::new(format!("{}의 현재 값: {shown}{expected}", spec.path), format!("{} is {shown}{expected}", spec.path));
    Ok(Item::new(holds, "different-value", reference, text).value("value", shown).value("path", &spec.path))
}

fn show(value: &Value, secret: bool) -> String {
    if secret { redact::hashed(&value.to_string()) } else { value.to_string() }
}

/// The top-level part that the path leads into is enough to judge again.
fn evidence_at(spec: &Field, object: &Value) -> crate::attempt::Evidence {
    let head: String = spec.path.trim_start_matches(['$', '.', '[', '\'', '"']).chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
    evidence::of(object, &[&format!("/{head}"), "/metadata/generation"])
}

/// The shortest beginning of a path that finds nothing.
fn first_missing<'p>(path: &'p str, object: &Value) -> &'p str {
    let mut depth = 0;
    let cuts = path.char_indices().skip(1).filter_map(|(at, c)| {
        let outside = depth == 0;
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        (outside && matches!(c, '.' | '[')).then_some(at)
    });
    let ends: Vec<usize> = cuts.chain([path.len()]).collect();
    let missing = |end: &&usize| JsonPath::parse(&path[..**end]).is_ok_and(|p| p.query(object).into_iter().all(Value::is_null));
    ends.iter().find(missing).map_or(path, |end| &path[..*end])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        attempt::Verdict,
        check::fixture::{World, deployment, object},
    };

    fn field(of: &str, path: &str, is: serde_json::Value) -> serde_json::Value {
        json!({"field": {"on": {"kind": "Service"}, "of": of, "path": path, "is": is}})
    }

    fn services() -> World {
        World::default()
            .with(object(
                "Service",
                "web",
                json!({"spec": {"type": "ClusterIP", "ports": [{"name": "http", "port": 80}, {"name": "m", "port": 9090}]}}),
            ))
            .with(object("Service", "api", json!({"spec": {"type": "NodePort", "ports": [{"name": "http", "port": 8080}]}})))
    }

    #[test]
    fn quantifiers_count_objects() {
        for (of, expected) in [("each", Verdict::Fail), ("any", Verdict::Pass), ("none", Verdict::Fail)] {
            let outcome = services().evaluate(field(of, "$.spec.ports[?@.name=='http'].port", json!({"equals": 80})));
            assert_eq!(outcome.verdict, expected, "{of}");
        }
        let count =
            json!({"field": {"on": {"kind": "Service"}, "of": {"count": {"min": 2}}, "path": "$.spec.type", "is": {"present": true}}});
        assert_eq!(services().evaluate(count).verdict, Verdict::Pass);
    }

    #[test]
    fn every_value_of_the_path_must_compare() {
        let ports = |max: i64| field("each", "$.spec.ports[*].port", json!({"int": {"max": max}}));
        assert_eq!(services().evaluate(ports(9090)).verdict, Verdict::Pass);
        let outcome = services().evaluate(ports(8080));
        assert_eq!((outcome.verdict, outcome.reason.as_str()), (Verdict::Fail, "different-value"));
        assert_eq!(outcome.observations[0].object, "Service/shop/web");
        assert_eq!(outcome.observations[0].text.en, "$.spec.ports[*].port is 80, 9090");
    }

    #[test]
    fn trap_ff07_a_missing_parent_is_not_yet_with_the_path_named() {
        let check = json!({"field": {"on": {"kind": "Deployment", "name": "web"}, "path": "$.status.loadBalancer.ingress[0].ip", "is": {"matches": ".+"}}});
        let outcome = World::default().with(deployment("web").object()).evaluate(check);
        assert_eq!((outcome.verdict, outcome.reason.as_str()), (Verdict::Fail, "path-missing"));
        assert_eq!(outcome.observations[0].text.en, "there is no $.status.loadBalancer");
    }

    #[test]
    fn trap_fp01_nothing_is_true_of_no_objects() {
        for of in ["each", "any"] {
            let outcome = World::default().evaluate(field(of, "$.spec.type", json!({"present": true})));
            assert_eq!((outcome.verdict, outcome.reason.as_str()), (Verdict::Fail, "no-objects"), "{of}");
            assert_eq!(outcome.observations[0].object, "Service/shop/*");
        }
    }

    #[test]
    fn trap_fb01_the_expected_value_shows_only_where_the_author_wants() {
        let check = field("each", "$.spec.type", json!({"equals": "LoadBalancer"}));
        assert!(!services().evaluate(check.clone()).observations[0].text.en.contains("LoadBalancer"));
        assert!(services().reveal().evaluate(check).observations[0].text.en.contains("LoadBalancer"));
    }

    #[test]
    fn values_of_secrets_are_only_hashes() {
        let check = json!({"field": {"on": {"kind": "Secret", "name": "db"}, "path": "$.data.password", "is": {"equals": "x"}}});
        let outcome = World::default().with(object("Secret", "db", json!({"data": {"password": "aHVudGVyMg=="}}))).evaluate(check);
        assert!(!format!("{outcome:?}").contains("aHVudGVyMg"));
    }
}
