use serde_json::Value;

use crate::{
    attempt::Outcome,
    cel::ImageReference,
    check::{
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        object, workload,
    },
    scenario::Preserved,
    text::Text,
};

/// A baseline subject is still itself; made anew under the same name is as good.
pub(in crate::check) fn eval_preserved(spec: &Preserved, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::observed();
    let recorded = context.subject(&spec.subject)?;
    let reference = object::reference(&recorded.healthy);
    let Some(current) = context.current_of(&spec.subject)?.filter(|object| !object::terminating(object)) else {
        findings.evidence(evidence::of_absence(&reference));
        findings.add(Item::fails("gone", reference, Text::new("없습니다", "it is gone")));
        return Ok(findings.conclude());
    };
    findings.evidence(evidence::of(current, &["/spec/replicas", "/spec/template/spec/containers", "/spec/containers"]));
    findings.add(Item::holds(&reference, Text::new("있습니다", "it is there")));
    replicas(spec, current, [&recorded.healthy, &recorded.broken], &reference, &mut findings);
    for healthy in containers(&recorded.healthy) {
        let name = object::text(healthy, "/name");
        let Some(container) = named(current, name) else {
            let text = Text::new(format!("컨테이너 {name} 없음"), format!("there is no container {name}"));
            findings.add(Item::fails("container-gone", &reference, text));
            continue;
        };
        let broken = named(&recorded.broken, name);
        for (wanted, reason, aspect) in aspects(spec) {
            if !wanted {
                continue;
            }
            let now = aspect(container);
            let same = now == aspect(healthy) || broken.is_some_and(|broken| now == aspect(broken));
            let text = Text::new(format!("컨테이너 {name}: {now}"), format!("container {name}: {now}"));
            findings.add(Item::new(same, reason, &reference, text).value("container", name).value("value", &now));
        }
    }
    Ok(findings.conclude())
}

/// Whether it is asked for, the word for its breach, and how it reads.
type Aspect = (bool, &'static str, Box<dyn Fn(&Value) -> String>);

/// Each compares by itself, since a fault may have changed one and a fix may put back only that.
fn aspects(spec: &Preserved) -> [Aspect; 7] {
    let field = |c: &Value, name: &str| format!("{name} {}", c.get(name).unwrap_or(&Value::Null));
    [
        (spec.image, "image-replaced", Box::new(|c| ImageReference::parse(object::text(c, "/image")).repository)),
        (spec.command, "command-replaced", Box::new(move |c| field(c, "command"))),
        (spec.command, "command-replaced", Box::new(move |c| field(c, "args"))),
        (
            spec.ports,
            "ports-changed",
            Box::new(|c| {
                let mut ports: Vec<_> = object::list(c, "/ports").iter().filter_map(|p| object::int(p, "/containerPort")).collect();
                ports.sort_unstable();
                format!("ports {ports:?}")
            }),
        ),
        (spec.probes, "probes-changed", Box::new(move |c| field(c, "livenessProbe"))),
        (spec.probes, "probes-changed", Box::new(move |c| field(c, "readinessProbe"))),
        (spec.probes, "probes-changed", Box::new(move |c| field(c, "startupProbe"))),
    ]
}

/// The floor is the author's, or the baseline's; what the fault itself took away is not asked back here.
fn replicas(spec: &Preserved, current: &Value, recorded: [&Value; 2], reference: &str, findings: &mut Findings) {
    let wanted = |object: &Value| object::int(object, "/spec/replicas");
    let baseline = recorded.iter().filter_map(|object| wanted(object)).min();
    let Some(floor) = spec.min_replicas.map(i64::from).or(baseline) else { return };
    let Some(now) = wanted(current) else { return };
    let text = Text::new(format!("복제본 {now}개"), format!("{now} replicas"));
    findings.add(Item::new(now >= floor, "fewer-replicas", reference, text).value("replicas", now));
}

fn containers(object: &Value) -> &[Value] {
    workload::template(object).map(|template| object::list(template, "/spec/containers")).unwrap_or_default()
}

fn named<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    containers(object).iter().find(|container| object::text(container, "/name") == name)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        attempt::Verdict,
        check::fixture::{World, deployment},
    };

    fn container(image: &str, extra: Value) -> Value {
        let mut container = json!({"name": "app", "image": image, "ports": [{"containerPort": 8080}]});
        container.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!({"containers": [container]})
    }

    fn reason_with(healthy: Value, broken: Value, current: Option<Value>, spec: Value) -> String {
        let mut world = World::default().subject("web", "Deployment", healthy, broken);
        if let Some(current) = current {
            world = world.with(current);
        }
        let mut preserved = json!({"subject": "web"});
        preserved.as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
        let outcome = world.evaluate(json!({"preserved": preserved}));
        assert_eq!(outcome.verdict == Verdict::Pass, outcome.reason == "holds");
        outcome.reason
    }

    fn with(image: &str, extra: Value) -> Value {
        deployment("web").replicas(3).pod_spec(container(image, extra)).object()
    }

    fn reason(current: Value, spec: Value) -> String {
        reason_with(with("r.example/web:1", json!({})), with("r.example/web:1-broken", json!({})), Some(current), spec)
    }

    #[test]
    fn another_tag_is_the_same_app_and_another_image_is_not() {
        assert_eq!(reason(with("r.example/web:2", json!({})), json!({})), "holds");
        assert_eq!(reason(with("docker.io/library/nginx:1", json!({})), json!({})), "image-replaced");
        assert_eq!(reason(with("r.example/web:1", json!({"command": ["sleep", "1d"]})), json!({"command": true})), "command-replaced");
        assert_eq!(reason(with("r.example/web:1", json!({"ports": []})), json!({"ports": true})), "ports-changed");
        assert_eq!(
            reason(with("r.example/web:1", json!({"readinessProbe": {"tcpSocket": {"port": 1}}})), json!({"probes": true})),
            "probes-changed"
        );
    }

    #[test]
    fn trap_fp01_deleted_or_scaled_down_is_not_kept() {
        let healthy = with("r.example/web:1", json!({}));
        assert_eq!(reason_with(healthy.clone(), healthy.clone(), None, json!({})), "gone");
        let scaled = |n| deployment("web").replicas(n).pod_spec(container("r.example/web:1", json!({}))).object();
        assert_eq!(reason(scaled(0), json!({})), "fewer-replicas");
        assert_eq!(reason(scaled(2), json!({})), "fewer-replicas");
        assert_eq!(reason(scaled(2), json!({"minReplicas": 2})), "holds");
    }

    #[test]
    fn trap_fp03_what_the_fault_changed_is_no_breach() {
        let healthy = with("r.example/web:1", json!({}));
        let broken = with("r.example/web:1", json!({"command": ["/bin/wrong"]}));
        assert_eq!(reason_with(healthy.clone(), broken.clone(), Some(broken.clone()), json!({"command": true})), "holds");
        assert_eq!(reason_with(healthy.clone(), broken, Some(healthy.clone()), json!({"command": true})), "holds");
        let both = with("r.example/web:1", json!({"command": ["/bin/wrong"], "args": ["--wrong"]}));
        let half = with("r.example/web:1", json!({"args": ["--wrong"]}));
        assert_eq!(reason_with(healthy, both, Some(half), json!({"command": true})), "holds");
    }

    #[test]
    fn trap_fp02_a_subject_without_baseline_is_an_error() {
        assert_eq!(World::default().evaluate(json!({"preserved": {"subject": "web"}})).verdict, Verdict::Error);
    }
}
