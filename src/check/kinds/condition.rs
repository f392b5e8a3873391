use serde_json::Value;

use crate::{
    attempt::Outcome,
    check::{
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        object,
    },
    scenario::Condition,
    text::Text,
};

/// A status condition, believed only when it speaks of the current generation.
pub(in crate::check) fn eval_condition(spec: &Condition, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::observed();
    let objects = context.select(&spec.on)?;
    for object in &objects {
        findings.add(judge(spec, object));
        findings.evidence(evidence::of(object, &["/metadata/generation", "/status/observedGeneration", "/status/conditions"]));
    }
    let mut outcome = findings.conclude_by(&spec.of);
    if objects.is_empty() {
        let reference = context.describe(&spec.on);
        outcome.evidence.push(evidence::of_absence(&reference));
        outcome.observations.push(Item::fails("no-objects", reference, Text::new("없습니다", "there is none")).observation);
    }
    Ok(outcome)
}

fn judge(spec: &Condition, object: &Value) -> Item {
    let reference = object::reference(object);
    let wanted = &spec.condition_type;
    let found = object::list(object, "/status/conditions").iter().find(|c| object::text(c, "/type") == wanted);
    let Some(condition) = found else {
        let text = Text::new(format!("상태에 {wanted} 조건이 아직 없습니다"), format!("its status has no {wanted} condition yet"));
        return Item::fails("condition-missing", reference, text).value("status", "");
    };
    let generation = object::int(object, "/metadata/generation");
    let current = match (generation, object::int(condition, "/observedGeneration")) {
        (Some(generation), Some(observed)) => observed >= generation,
        _ => object::generation_observed(object),
    };
    let (status, reason) = (object::text(condition, "/status"), object::text(condition, "/reason"));
    if !current {
        let text = Text::new(
            format!("{wanted}={status}: 최근 변경을 컨트롤러가 아직 반영하지 않은 값입니다"),
            format!("{wanted}={status} is from before the latest change; its controller has not caught up"),
        );
        return Item::fails("condition-stale", reference, text).value("status", status);
    }
    let holds = status == spec.status && spec.reason.as_deref().is_none_or(|wanted| wanted == reason);
    let text = format!("{wanted}={status} ({reason})");
    Item::new(holds, "condition-differs", reference, Text::new(text.clone(), text)).value("status", status).value("reason", reason)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        attempt::Verdict,
        check::fixture::{World, object},
    };

    fn verdict(generation: i64, observed: i64, status: &str) -> (Verdict, String) {
        let body = json!({"metadata": {"generation": generation}, "status": {"observedGeneration": observed,
            "conditions": [{"type": "Available", "status": status, "reason": "MinimumReplicasAvailable"}]}});
        let check = json!({"condition": {"on": {"kind": "Deployment", "name": "web"}, "type": "Available"}});
        let outcome = World::default().with(object("Deployment", "web", body)).evaluate(check);
        (outcome.verdict, outcome.reason)
    }

    #[test]
    fn trap_fp07_a_condition_from_before_the_edit_does_not_count() {
        assert_eq!(verdict(2, 2, "True").0, Verdict::Pass);
        assert_eq!(verdict(3, 2, "True"), (Verdict::Fail, "condition-stale".into()));
        assert_eq!(verdict(2, 2, "False"), (Verdict::Fail, "condition-differs".into()));
    }

    #[test]
    fn a_condition_may_carry_its_own_generation() {
        let at = |observed: i64| {
            let body = json!({"metadata": {"generation": 4}, "status": {"conditions": [{"type": "Available", "status": "True", "observedGeneration": observed}]}});
            let check = json!({"condition": {"on": {"kind": "Prometheus.monitoring.coreos.com", "name": "main"}, "type": "Available"}});
            World::default().with_kind("Prometheus.monitoring.coreos.com", object("Prometheus", "main", body)).evaluate(check).verdict
        };
        assert_eq!((at(4), at(3)), (Verdict::Pass, Verdict::Fail));
    }

    #[test]
    fn trap_fp01_no_object_has_no_condition() {
        let check = json!({"condition": {"on": {"kind": "Deployment", "name": "web"}, "type": "Available"}});
        assert_eq!(World::default().evaluate(check).reason, "no-objects");
    }
}
