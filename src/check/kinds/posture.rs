use serde_json::Value;

use crate::{
    attempt::Outcome,
    check::{
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        object,
        posture::{self, Judged},
    },
    scenario::Posture,
    text::{Lang, Text},
};

/// Every container of the workloads keeps every rule of a pack.
pub(in crate::check) fn eval_posture(spec: &Posture, context: &Context) -> Result<Outcome, Trouble> {
    let mut findings = Findings::evaluated();
    let mut workloads = context.select(&spec.on)?;
    workloads.retain(|workload| !object::terminating(workload));
    if workloads.is_empty() {
        findings.absent(context.describe(&spec.on));
    }
    for workload in workloads {
        let judged = posture::judge(spec.pack, workload, &spec.labels);
        let judged = judged.ok_or_else(|| Trouble(format!("{} makes no pods", object::reference(workload))))?;
        findings.evidence(evidence::of(workload, parts(workload)));
        judged.iter().for_each(|rule| findings.add(item(rule, workload)));
    }
    Ok(findings.conclude())
}

fn item(judged: &Judged, workload: &Value) -> Item {
    let reference = object::reference(workload);
    let rule = judged.rule;
    let Some(first) = judged.breaches.first() else {
        return Item::holds(reference, Text::new(format!("{rule}: 문제없음"), format!("{rule}: in order")));
    };
    let said = |lang| judged.breaches.iter().map(|breach| breach.text().get(lang).to_owned()).collect::<Vec<_>>().join("; ");
    let text = Text::new(format!("{rule}: {}", said(Lang::Ko)), format!("{rule}: {}", said(Lang::En)));
    let container = first.container.as_deref().unwrap_or("-");
    Item::fails(rule, reference, text).value("rule", rule).value("container", container).value("field", &first.field)
}

fn parts(workload: &Value) -> &'static [&'static str] {
    match object::kind(workload) {
        "Pod" => &["/metadata/generation", "/metadata/labels", "/spec"],
        "CronJob" => &["/metadata/generation", "/metadata/labels", "/spec/jobTemplate/spec/template"],
        _ => &["/metadata/generation", "/metadata/labels", "/spec/template"],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        attempt::{Outcome, Verdict},
        check::fixture::{World, deployment, object},
    };

    fn hardened() -> Value {
        json!({
            "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [{"name": "app", "image": "r.example/web:1", "ports": [{"name": "http", "containerPort": 8080}],
                "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}},
                "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}}, "livenessProbe": {"tcpSocket": {"port": 8080}}}],
        })
    }

    fn with(pointer: &str, value: Value) -> Value {
        let mut spec = hardened();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match spec.pointer_mut(parent).unwrap() {
            Value::Array(items) => items.push(value),
            parent => parent[key] = value,
        }
        spec
    }

    fn judged_as(kind: &str, pack: &str, spec: Value) -> Outcome {
        let world = World::default().workload(deployment("web").kind(kind).pod_spec(spec));
        world.evaluate(json!({"posture": {"on": {"kind": kind, "name": "web"}, "pack": pack}}))
    }

    fn broken(pack: &str, spec: Value) -> Vec<String> {
        let outcome = judged_as("Deployment", pack, spec);
        assert_eq!(outcome.verdict == Verdict::Pass, outcome.observations.iter().all(|o| o.holds));
        outcome.observations.iter().filter(|o| !o.holds).map(|o| o.values["rule"].clone()).collect()
    }

    #[test]
    fn a_hardened_workload_keeps_every_pack() {
        for pack in ["baseline", "restricted", "probes", "images"] {
            assert_eq!(broken(pack, hardened()), [""; 0], "{pack}");
        }
    }

    #[test]
    fn what_the_pod_says_counts_for_containers_that_say_nothing() {
        assert_eq!(broken("restricted", with("/securityContext", json!({}))), ["run-as-non-root", "seccomp"]);
        let own = json!({"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": true, "seccompProfile": {"type": "Localhost", "localhostProfile": "a"}});
        let mut moved = with("/securityContext", json!({}));
        moved["containers"][0]["securityContext"] = own;
        assert_eq!(broken("restricted", moved), [""; 0]);
        let overridden = with("/containers/0/securityContext/runAsNonRoot", json!(false));
        assert_eq!(broken("restricted", overridden), ["run-as-non-root"]);
    }

    #[test]
    fn init_containers_and_sidecars_are_containers_too() {
        for restart in [json!(null), json!("Always")] {
            let bare = json!([{"name": "init", "image": "busybox", "restartPolicy": restart}]);
            assert_eq!(
                broken("restricted", with("/initContainers", bare.clone())),
                ["privilege-escalation", "capabilities"],
                "the pod's own context covers the rest"
            );
            assert_eq!(broken("images", with("/initContainers", bare)), ["image-pinned"]);
        }
    }

    #[test]
    fn each_way_out_of_a_container_breaks_baseline() {
        for (pointer, value, rule) in [
            ("/hostNetwork", json!(true), "host-namespaces"),
            ("/hostPID", json!(true), "host-namespaces"),
            ("/containers/0/securityContext/privileged", json!(true), "privileged"),
            ("/containers/0/securityContext/capabilities", json!({"add": ["SYS_ADMIN"]}), "capabilities"),
            ("/volumes", json!([{"name": "v", "hostPath": {"path": "/"}}]), "host-path"),
            ("/containers/0/ports", json!([{"containerPort": 80, "hostPort": 80}]), "host-ports"),
            ("/containers/0/livenessProbe", json!({"httpGet": {"port": 80, "host": "10.0.0.1"}}), "host-probes"),
            ("/containers/0/securityContext/appArmorProfile", json!({"type": "Unconfined"}), "app-armor"),
            ("/securityContext/seLinuxOptions", json!({"type": "spc_t"}), "se-linux"),
            ("/containers/0/securityContext/procMount", json!("Unmasked"), "proc-mount"),
            ("/securityContext/seccompProfile", json!({"type": "Unconfined"}), "seccomp"),
            ("/securityContext/sysctls", json!([{"name": "kernel.msgmax", "value": "1"}]), "sysctls"),
            ("/securityContext/windowsOptions", json!({"hostProcess": true}), "windows-host-process"),
        ] {
            assert_eq!(broken("baseline", with(pointer, value)), [rule], "{pointer}");
        }
        assert_eq!(broken("restricted", with("/volumes", json!([{"name": "v", "nfs": {"server": "s", "path": "/"}}]))), ["volume-types"]);
        assert_eq!(broken("restricted", with("/securityContext/runAsUser", json!(0))), ["run-as-user"]);
    }

    #[test]
    fn a_pod_with_users_of_its_own_may_be_root_in_it() {
        let mut spec = with("/securityContext", json!({"runAsUser": 0, "seccompProfile": {"type": "RuntimeDefault"}}));
        spec["hostUsers"] = json!(false);
        assert_eq!(broken("restricted", spec), [""; 0]);
    }

    #[test]
    fn a_service_needs_probes_and_a_job_does_not() {
        let without = with("/containers/0/readinessProbe", json!(null));
        assert_eq!(broken("probes", without), ["readiness"]);
        let lost = with("/containers/0/livenessProbe", json!({"httpGet": {"port": "metrics"}}));
        assert_eq!(broken("probes", lost), ["probe-ports"]);
        let job = object("Job", "once", json!({"spec": {"template": {"spec": {"containers": [{"name": "a", "image": "a:1"}]}}}}));
        let outcome = World::default().with(job).evaluate(json!({"posture": {"on": {"kind": "Job"}, "pack": "probes"}}));
        assert_eq!(outcome.verdict, Verdict::Pass);
    }

    #[test]
    fn a_missing_liveness_probe_may_be_explained() {
        let mut web = deployment("web").pod_spec(with("/containers/0/livenessProbe", json!(null))).object();
        let probes = json!({"posture": {"on": {"kind": "Deployment"}, "pack": "probes"}});
        assert_eq!(World::default().with(web.clone()).evaluate(probes.clone()).reason, "liveness");
        web["metadata"]["annotations"] = json!({"kubedrill.dev/no-liveness": "restarting loses the queue"});
        assert_eq!(World::default().with(web).evaluate(probes).verdict, Verdict::Pass);
    }

    #[test]
    fn labels_belong_to_the_workload_and_to_its_pods() {
        let check = json!({"posture": {"on": {"kind": "Deployment"}, "pack": "labels", "labels": ["team"]}});
        let mut web = deployment("web").object();
        web["metadata"]["labels"] = json!({"team": "shop"});
        let outcome = World::default().with(web.clone()).evaluate(check.clone());
        assert_eq!((outcome.verdict, outcome.observations[0].values["field"].as_str()), (Verdict::Fail, "template.metadata.labels.team"));
        web["spec"]["template"]["metadata"]["labels"]["team"] = json!("shop");
        assert_eq!(World::default().with(web).evaluate(check).verdict, Verdict::Pass);
    }

    #[test]
    fn trap_fp01_no_workload_keeps_no_pack() {
        let outcome = World::default().evaluate(json!({"posture": {"on": {"kind": "Deployment"}, "pack": "restricted"}}));
        assert_eq!((outcome.verdict, outcome.reason.as_str()), (Verdict::Fail, "no-objects"));
        let service = object("Service", "web", json!({}));
        let outcome = World::default().with(service).evaluate(json!({"posture": {"on": {"kind": "Service"}, "pack": "images"}}));
        assert_eq!(outcome.verdict, Verdict::Error);
    }

    #[test]
    fn trap_ff11_each_rule_counts_for_itself() {
        let outcome = judged_as("StatefulSet", "probes", with("/containers/0/livenessProbe", json!(null)));
        assert_eq!((outcome.passed, outcome.total), (2, 3));
    }
}
