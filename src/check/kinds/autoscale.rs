use std::time::Duration;

use crate::{
    attempt::{Basis, Observation, Outcome, Verdict},
    check::{
        context::Context,
        evaluate::evaluate,
        findings::{Findings, Item},
    },
    load::DemandState,
    scenario::AutoscalePhase,
    text::Text,
};

/// How the number of pods went that shared a load.
pub(in crate::check) fn course(load: &str, counts: &[(Duration, usize)], holds: bool) -> Observation {
    let steps: Vec<String> = counts.iter().map(|(at, count)| format!("{}s: {count}", at.as_secs())).collect();
    let steps = steps.join(", ");
    let text = Text::new(format!("부하를 받은 파드 수: {steps}"), format!("pods that shared the load: {steps}"));
    Item::new(holds, "course", load, text).value("course", steps).observation
}

/// One look at a phase: the pods that share the load, and what else must be true.
pub(in crate::check) fn eval_phase(phase: &AutoscalePhase, state: &DemandState, context: &Context) -> Outcome {
    let mut findings = Findings::of_containers(context.snapshot.real);
    let place = format!("{}/{}", state.demand.namespace, state.demand.name);
    let ready = i64::try_from(state.pods.len()).unwrap_or(i64::MAX);
    let text = Text::new(
        format!("부하 {}m을 준비된 파드 {ready}개가 나누어 받습니다", state.milli),
        format!("{ready} ready pods share a load of {}m", state.milli),
    );
    let enough =
        phase.ready.as_ref().is_none_or(|bounds| bounds.min.is_none_or(|min| ready >= min) && bounds.max.is_none_or(|max| ready <= max));
    findings.add(Item::new(enough, "wrong-replicas", &place, text).value("ready", ready));
    if let Some(wanted) = phase.saturated {
        let saturated = state.saturated();
        let text = match saturated {
            true => Text::new("처리할 수 있는 것보다 많은 요청을 받는 파드가 있습니다", "some pods are asked for more than they can serve"),
            false => Text::new("모든 파드가 받은 요청을 처리합니다", "every pod serves what it is asked for"),
        };
        findings.add(Item::new(saturated == wanted, "saturated", &place, text));
    }
    let mut outcome = findings.conclude();
    let Some(until) = &phase.until else { return outcome };
    let other = evaluate(until, context);
    outcome.observations.extend(other.observations);
    outcome.evidence.extend(other.evidence);
    if outcome.verdict == Verdict::Pass && other.verdict != Verdict::Pass {
        (outcome.verdict, outcome.reason) = (other.verdict, other.reason);
    }
    outcome.observations.sort_by_key(|observation| observation.holds);
    outcome.basis = if context.snapshot.real { Basis::Probed } else { Basis::Modelled };
    outcome
}

/// What holds, but with other pods again and again.
pub(in crate::check) fn unsteady(state: &DemandState, churn: u32) -> Outcome {
    let mut findings = Findings::default();
    let place = format!("{}/{}", state.demand.namespace, state.demand.name);
    let text = Text::new(
        format!("부하가 그대로인데 파드가 {churn}번 생기거나 사라졌습니다"),
        format!("pods came or went {churn} times while the load stayed the same"),
    );
    findings.add(Item::fails("unsteady", place, text).value("churn", churn));
    findings.conclude()
}

/// A check whose load was not driven: quick looks do not.
pub(in crate::check) fn untried() -> Outcome {
    let mut findings = Findings::default();
    findings.add(Item::fails("untried", "", Text::new("부하를 주어 보지 않았습니다", "the load was not driven")));
    findings.conclude()
}
