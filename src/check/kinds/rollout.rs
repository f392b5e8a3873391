use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::{
    attempt::Outcome,
    check::{
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        object, workload,
    },
    scenario::{Duration, Rollout},
    text::Text,
};

/// Workloads are fully up: as many ready pods of the current revision as wanted, none of an earlier one left.
pub(in crate::check) fn eval_rollout(spec: &Rollout, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::observed();
    let workloads = context.select(&spec.on)?;
    for workload in &workloads {
        judge(spec, workload, context, &mut findings)?;
    }
    if workloads.is_empty() {
        let reference = context.describe(&spec.on);
        findings.evidence(evidence::of_absence(&reference));
        findings.add(Item::fails("no-objects", reference, Text::new("없습니다", "there is none")).value("ready", 0));
    }
    Ok(findings.conclude())
}

fn judge(spec: &Rollout, workload: &Value, context: &Context, findings: &mut Findings) -> Result<(), Trouble> {
    let reference = object::reference(workload);
    findings.evidence(evidence::of(workload, &["/metadata/generation", "/spec/replicas", "/spec/selector", "/status"]));
    let pods = workload::pods(workload, context)?;
    let ready = pods.current.iter().filter(|pod| workload::is_ready(pod)).count();
    let (ready, desired) = (u32::try_from(ready).unwrap_or(u32::MAX), u32::try_from(workload::desired(workload)).unwrap_or(0));
    let needed = desired.max(spec.min.unwrap_or(1)).max(1);
    let reason = if desired == 0 {
        "scaled-to-zero"
    } else if desired < spec.min.unwrap_or(0) {
        "too-few-wanted"
    } else if pods.current.is_empty() {
        "no-current-pods"
    } else {
        "pods-not-ready"
    };
    let text = Text::new(
        format!("현재 리비전의 준비된 파드 {ready}개, 요청한 파드 {desired}개"),
        format!("{ready} ready pods of the current revision, {desired} wanted"),
    );
    let item = Item::new(ready >= needed && desired > 0, reason, &reference, text).parts(ready.min(needed), needed);
    findings.add(item.value("ready", ready).value("desired", desired));
    for pod in pods.current.iter().filter(|pod| !workload::is_ready(pod) && !object::terminating(pod)) {
        let item = Item::fails(reason, object::reference(pod), workload::pod_text(pod, &reference)).uncounted();
        findings.add(item.value("state", workload::pod_state(pod)).value("pod", object::name(pod)));
    }
    for pod in &pods.current {
        findings.evidence(evidence::of(pod, &["/metadata/labels", "/status/phase", "/status/conditions", "/status/containerStatuses"]));
    }
    let left: Vec<_> = pods.old.iter().filter(|pod| !object::terminating(pod)).collect();
    if !left.is_empty() {
        let text = Text::new(
            format!("이전 리비전의 파드 {}개가 남아 있습니다", left.len()),
            format!("{} pods of an earlier revision are left", left.len()),
        );
        findings.add(Item::fails("old-revision-pods", &reference, text).value("old", left.len()));
    } else if !object::generation_observed(workload) {
        let text = Text::new("최근 변경을 컨트롤러가 아직 반영하지 않았습니다", "its controller has not caught up with the latest change");
        findings.add(Item::fails("not-observed-yet", &reference, text));
    }
    if let Some(steady) = spec.steady_for {
        judge_steadiness(steady, &reference, &pods.current, context.now, findings);
    }
    Ok(())
}

/// No container was restarted lately. This heals by waiting alone, so it counts as moving.
fn judge_steadiness(steady: Duration, reference: &str, pods: &[&Value], now: Timestamp, findings: &mut Findings) {
    let since = SignedDuration::try_from(steady.0).ok().and_then(|steady| now.checked_sub(steady).ok());
    for pod in pods {
        let ended = |status: &Value| {
            [object::time(status, "/state/terminated/finishedAt"), object::time(status, "/lastState/terminated/finishedAt")]
        };
        let last = object::list(pod, "/status/containerStatuses").iter().flat_map(ended).flatten().max();
        if let Some(last) = last.filter(|last| since.is_none_or(|since| *last > since)) {
            let ago = now.duration_since(last).as_secs().max(0);
            let text = Text::new(
                format!("{reference} → 파드 {}: {ago}초 전에 컨테이너가 종료되었습니다", object::name(pod)),
                format!("{reference} → pod {}: a container ended {ago} s ago", object::name(pod)),
            );
            findings.add(Item::fails("restarted-lately", object::reference(pod), text).changing().value("ago", ago));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        attempt::Verdict,
        check::fixture::{World, deployment},
    };

    fn rollout(extra: serde_json::Value) -> serde_json::Value {
        let mut spec = json!({"on": {"kind": "Deployment", "name": "web"}});
        spec.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!({"rollout": spec})
    }

    fn reason(world: World, extra: serde_json::Value) -> String {
        world.evaluate(rollout(extra)).reason
    }

    #[test]
    fn a_workload_with_all_pods_of_its_current_revision_ready_is_up() {
        let outcome = World::default().workload(deployment("web").replicas(3)).evaluate(rollout(json!({"min": 2})));
        assert_eq!(outcome.verdict, Verdict::Pass);
        assert_eq!(outcome.observations[0].values["ready"], "3");
    }

    #[test]
    fn trap_fp01_nothing_running_is_not_all_running() {
        assert_eq!(reason(World::default(), json!({})), "no-objects");
        assert_eq!(reason(World::default().workload(deployment("web").replicas(0)), json!({})), "scaled-to-zero");
        assert_eq!(reason(World::default().workload(deployment("web").replicas(1)), json!({"min": 2})), "too-few-wanted");
    }

    #[test]
    fn trap_fp06_healthy_pods_of_the_old_revision_do_not_count() {
        let world = World::default().workload(deployment("web").replicas(2).old_pods(2).pods("CrashLoopBackOff", 1));
        let outcome = world.evaluate(rollout(json!({})));
        assert_eq!((outcome.verdict, outcome.reason.as_str()), (Verdict::Fail, "pods-not-ready"));
        assert!(outcome.observations.iter().any(|o| o.values.get("state").is_some_and(|s| s == "CrashLoopBackOff")));
        assert!(outcome.observations.iter().any(|o| o.text.en.starts_with("Deployment/shop/web → pod web-")), "{outcome:?}");
    }

    #[test]
    fn trap_fp08_ready_counts_only_the_current_revision() {
        let world = World::default().workload(deployment("web").replicas(2).old_pods(1).pods("Ready", 1).status_ready(2));
        assert_eq!(reason(world, json!({})), "pods-not-ready");
        let leftover = World::default().workload(deployment("web").replicas(2).old_pods(1).pods("Ready", 2));
        assert_eq!(reason(leftover, json!({})), "old-revision-pods");
    }

    #[test]
    fn trap_fp07_an_edit_the_controller_has_not_seen_is_not_rolled_out() {
        assert_eq!(reason(World::default().workload(deployment("web").replicas(2).edited_image("web:2")), json!({})), "no-current-pods");
        assert_eq!(reason(World::default().workload(deployment("web").replicas(2).generation(5, 4)), json!({})), "not-observed-yet");
    }

    #[test]
    fn trap_fp05_look_alike_pods_without_the_owner_do_not_count() {
        let world = World::default().workload(deployment("web").replicas(2).pods("CrashLoopBackOff", 2)).stray_pods("web", 2);
        assert_eq!(reason(world, json!({})), "pods-not-ready");
    }

    #[test]
    fn a_late_restart_fails_and_heals_by_waiting() {
        let world = || World::default().workload(deployment("web").replicas(1).restarted_ago(20));
        let outcome = world().evaluate(rollout(json!({"steadyFor": "60s"})));
        assert_eq!((outcome.reason.as_str(), outcome.moving), ("restarted-lately", true));
        assert_eq!(world().evaluate(rollout(json!({"steadyFor": "10s"}))).verdict, Verdict::Pass);
    }

    #[test]
    fn daemon_sets_and_stateful_sets_go_by_their_controller_revision() {
        for kind in ["StatefulSet", "DaemonSet"] {
            let check = json!({"rollout": {"on": {"kind": kind, "name": "db"}}});
            let up = World::default().workload(deployment("db").kind(kind).replicas(2)).evaluate(check.clone());
            assert_eq!(up.verdict, Verdict::Pass, "{kind} {up:?}");
            let half = World::default().workload(deployment("db").kind(kind).replicas(2).old_pods(1).pods("Ready", 1)).evaluate(check);
            assert_eq!(half.verdict, Verdict::Fail, "{kind}");
        }
    }

    #[test]
    fn partial_points_count_ready_pods() {
        let outcome = World::default().workload(deployment("web").replicas(3).pods("Ready", 2)).evaluate(rollout(json!({})));
        assert_eq!((outcome.passed, outcome.total), (2, 3));
    }
}
