use serde_json::{Value, json};

use crate::{
    attempt::Outcome,
    check::{
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        labels, live, object, workload,
    },
    scenario::{Bounds, Disruption},
    text::Text,
};

/// Each ready pod of a workload could be evicted now, and budgets keep so many of them whatever is drained.
pub(in crate::check) fn eval_disruption(spec: &Disruption, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::evaluated();
    for workload in context.select(&spec.on)?.into_iter().filter(|workload| !object::terminating(workload)) {
        let ready = live::ready_pods(workload, context)?;
        if ready.is_empty() {
            let text = Text::new("준비된 파드가 없습니다", "it has no ready pod");
            findings.add(Item::fails("no-ready-pods", object::reference(workload), text));
        }
        for pod in &ready {
            evict(pod, context, &mut findings)?;
        }
        if let Some(bounds) = &spec.keeps {
            let item = kept(bounds, workload, &ready, context, &mut findings)?;
            findings.add(item);
        }
    }
    Ok(findings.conclude())
}

fn evict(pod: &Value, context: &Context, findings: &mut Findings) -> Result<(), Trouble> {
    let reference = object::reference(pod);
    let refusal = live::refusal(&live::eviction(pod), context)?;
    if let Some(why) = refusal {
        findings.evidence(evidence::of_answer(pod, &json!({"evictionRefused": why})));
    }
    findings.add(match refusal {
        None => Item::holds(reference, Text::new("내보낼 수 있습니다", "it can be evicted")),
        Some(why) => {
            let text = Text::new(format!("내보낼 수 없습니다: {why}"), format!("it cannot be evicted: {why}"));
            let reason = if why.contains("more than one PodDisruptionBudget") { "two-budgets" } else { "eviction-refused" };
            Item::fails(reason, reference, text)
        }
    });
    Ok(())
}

/// The most that one of the budgets over these pods keeps of them.
fn kept(bounds: &Bounds<i64>, workload: &Value, ready: &[&Value], context: &Context, findings: &mut Findings) -> Result<Item, Trouble> {
    let namespace = object::namespace(workload);
    let over = |budget: &&Value| {
        let selector = budget.pointer("/spec/selector");
        object::namespace(budget) == namespace && ready.iter().any(|pod| labels::selects(selector, &workload::pod_labels(pod)))
    };
    let budgets: Vec<&Value> =
        context.objects("PodDisruptionBudget")?.iter().map(AsRef::as_ref).filter(|b| !object::terminating(b)).filter(over).collect();
    let count = i64::try_from(ready.len()).unwrap_or(i64::MAX);
    let mut most = None;
    let mut counted = true;
    for budget in budgets {
        findings.evidence(evidence::of(budget, &["/metadata/generation", "/spec", "/status"]));
        counted &= object::generation_observed(budget);
        let left = |at: &str| object::int(budget, at).unwrap_or_default();
        let keeps = (left("/status/currentHealthy") - left("/status/disruptionsAllowed")).clamp(0, count);
        most = most.max(Some(keeps));
    }
    let reference = object::reference(workload);
    let Some(most) = most else {
        let text = Text::new("PodDisruptionBudget이 없습니다", "no disruption budget covers it");
        return Ok(Item::fails("no-budget", reference, text));
    };
    let holds = bounds.min.is_none_or(|min| most >= min) && bounds.max.is_none_or(|max| most <= max);
    let text = Text::new(
        format!("예산이 준비된 파드 {count}개 가운데 {most}개를 지킵니다"),
        format!("of {count} ready pods, the budget keeps {most}"),
    );
    let item = Item::new(holds && counted, if counted { "wrong-budget" } else { "not-observed-yet" }, reference, text);
    let item = item.value("ready", count).value("keeps", most);
    Ok(if counted { item } else { item.changing() })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        attempt::Verdict,
        check::fixture::{World, deployment, object},
        cluster::LiveAnswer,
    };

    fn budget(allowed: u32, observed: u32) -> Value {
        object(
            "PodDisruptionBudget",
            "web",
            json!({
                "metadata": {"generation": 2},
                "spec": {"selector": {"matchLabels": {"app": "web"}}},
                "status": {"observedGeneration": observed, "currentHealthy": 3, "disruptionsAllowed": allowed},
            }),
        )
    }

    fn world(answer: LiveAnswer) -> World {
        World::default().workload(deployment("web").replicas(3)).tried(answer)
    }

    fn judged(world: &World, keeps: Value) -> (Verdict, String) {
        let outcome = world.evaluate(json!({"disruption": {"on": {"kind": "Deployment", "name": "web"}, "keeps": keeps}}));
        (outcome.verdict, outcome.reason)
    }

    #[test]
    fn every_ready_pod_must_be_able_to_go() {
        assert_eq!(judged(&world(LiveAnswer::Accepted), json!(null)), (Verdict::Pass, "holds".into()));
        let refused = LiveAnswer::Refused("Cannot evict pod as it would violate the pod's disruption budget.".into());
        assert_eq!(judged(&world(refused), json!(null)), (Verdict::Fail, "eviction-refused".into()));
        let two = LiveAnswer::Refused("This pod has more than one PodDisruptionBudget, which is not supported.".into());
        assert_eq!(judged(&world(two), json!(null)), (Verdict::Fail, "two-budgets".into()));
        assert_eq!(judged(&world(LiveAnswer::Unanswered("no".into())), json!(null)).0, Verdict::Error);
    }

    #[test]
    fn nothing_ready_is_not_evictable() {
        let down = World::default().workload(deployment("web").replicas(1).pods("CrashLoopBackOff", 1)).tried(LiveAnswer::Accepted);
        assert_eq!(judged(&down, json!(null)), (Verdict::Fail, "no-ready-pods".into()));
    }

    #[test]
    fn a_budget_keeps_what_it_does_not_allow_to_go() {
        let with = |allowed, observed| world(LiveAnswer::Accepted).with(budget(allowed, observed));
        assert_eq!(judged(&with(1, 2), json!({"min": 2})), (Verdict::Pass, "holds".into()));
        assert_eq!(judged(&with(3, 2), json!({"min": 2})), (Verdict::Fail, "wrong-budget".into()));
        assert_eq!(judged(&with(1, 1), json!({"min": 2})), (Verdict::Fail, "not-observed-yet".into()));
        assert_eq!(judged(&world(LiveAnswer::Accepted), json!({"min": 2})), (Verdict::Fail, "no-budget".into()));
    }
}
