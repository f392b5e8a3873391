use serde_json::Value;

use crate::{
    attempt::Outcome,
    check::{
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        object, redact, shape,
    },
    scenario::Exists,
    text::Text,
};

/// Objects are there: so many of the shape, not counting those on their way out.
pub(in crate::check) fn eval_exists(spec: &Exists, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::observed();
    let wanted = spec.min.unwrap_or(1).max(1);
    let (mut fitting, mut others) = (0, Vec::new());
    for object in context.select(&spec.on)? {
        match mismatch(spec, object) {
            _ if object::terminating(object) => others.push((object, Text::new("삭제되는 중입니다", "it is being deleted"))),
            None => {
                fitting += 1;
                findings.add(Item::holds(object::reference(object), Text::new("있습니다", "it is there")).value("count", fitting));
                findings.evidence(evidence::of(object, &["/metadata/labels", "/spec", "/data"]));
            }
            Some(difference) => {
                findings.evidence(evidence::of(object, &["/metadata/labels", "/spec", "/data"]));
                others.push((object, difference));
            }
        }
    }
    if fitting < wanted {
        let reason = if others.is_empty() { "missing" } else { "different-shape" };
        let reference = context.describe(&spec.on);
        let text = Text::new(format!("조건에 맞는 것이 {fitting}개 있습니다"), format!("{fitting} that fit"));
        findings.add(Item::fails(reason, &reference, text).value("count", fitting).parts(0, wanted - fitting));
        for (object, difference) in others {
            findings.add(Item::fails(reason, object::reference(object), difference).uncounted());
        }
        findings.evidence(evidence::of_absence(&reference));
    }
    Ok(findings.conclude())
}

/// Objects are not there; those on their way out still are.
pub(in crate::check) fn eval_absent(spec: &Exists, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::observed();
    for object in context.select(&spec.on)?.into_iter().filter(|object| mismatch(spec, object).is_none()) {
        let text = if object::terminating(object) {
            Text::new("아직 삭제되는 중입니다", "it is still being deleted")
        } else {
            Text::new("있습니다", "it is there")
        };
        findings.add(Item::fails("present", object::reference(object), text));
        findings.evidence(evidence::of(object, &["/metadata/labels", "/spec"]));
    }
    let outcome = findings.conclude();
    if !outcome.observations.is_empty() {
        return Ok(outcome);
    }
    let reference = context.describe(&spec.on);
    let mut findings = Findings::observed();
    findings.evidence(evidence::of_absence(&reference));
    findings.add(Item::holds(reference, Text::new("없습니다", "it is not there")));
    Ok(findings.conclude())
}

/// Where an object does not have the shape: what it has there instead.
fn mismatch(spec: &Exists, object: &Value) -> Option<Text> {
    let (path, found) = shape::mismatch(spec.like.as_ref()?, object)?;
    let secret = object::kind(object) == "Secret" && !path.starts_with("type");
    Some(match found {
        Some(value) if secret => {
            let hash = redact::hashed(&value.to_string());
            Text::new(format!("{path}의 현재 값: {hash}"), format!("{path} is {hash}"))
        }
        Some(value) => Text::new(format!("{path}의 현재 값: {value}"), format!("{path} is {value}")),
        None => Text::new(format!("{path} 없음"), format!("there is no {path}")),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        attempt::{Outcome, Verdict},
        check::fixture::{World, ago, object},
    };

    fn world() -> World {
        World::default().with(object("Secret", "pull", json!({"type": "Opaque", "data": {".dockerconfigjson": "c2VjcmV0"}}))).with(object(
            "Secret",
            "old",
            json!({"metadata": {"deletionTimestamp": ago(1), "labels": {"app": "old"}}}),
        ))
    }

    fn evaluate(kind: &str, on: Value, like: Value) -> Outcome {
        let mut spec = json!({"on": on});
        if !like.is_null() {
            spec["like"] = like;
        }
        world().evaluate(json!({kind: spec}))
    }

    #[test]
    fn an_object_counts_with_its_shape() {
        let pull = json!({"kind": "Secret", "name": "pull"});
        assert_eq!(evaluate("exists", pull.clone(), json!(null)).verdict, Verdict::Pass);
        let outcome = evaluate("exists", pull.clone(), json!({"type": "kubernetes.io/dockerconfigjson"}));
        assert_eq!((outcome.verdict, outcome.reason.as_str()), (Verdict::Fail, "different-shape"));
        assert!(outcome.observations.iter().any(|o| o.text.en == "type is \"Opaque\""), "{outcome:?}");
        let data = evaluate("exists", pull, json!({"data": {".dockerconfigjson": "x"}}));
        assert!(!format!("{data:?}").contains("c2VjcmV0"));
        assert_eq!(evaluate("exists", json!({"kind": "Secret", "name": "none"}), json!(null)).reason, "missing");
    }

    #[test]
    fn what_is_on_its_way_out_is_neither_there_nor_gone() {
        let old = json!({"kind": "Secret", "labels": {"app": "old"}});
        assert_eq!(evaluate("exists", old.clone(), json!(null)).verdict, Verdict::Fail);
        assert_eq!(evaluate("absent", old, json!(null)).verdict, Verdict::Fail);
        let gone = evaluate("absent", json!({"kind": "Secret", "name": "none"}), json!(null));
        assert_eq!((gone.verdict, gone.evidence[0].part.is_null()), (Verdict::Pass, true));
    }

    #[test]
    fn so_many_are_asked_for() {
        let asked = |min: u32| world().evaluate(json!({"exists": {"on": {"kind": "Secret"}, "min": min}}));
        assert_eq!(asked(1).verdict, Verdict::Pass);
        let two = asked(2);
        assert_eq!((two.verdict, two.passed, two.total), (Verdict::Fail, 1, 2));
    }
}
