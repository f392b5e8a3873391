//! The items over small worlds.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};

use super::{AuditInput, Facts, Item, ItemResult, Scope, Status, audit, wanted};
use crate::{
    attempt::{ApiCalls, Given},
    cluster::{KindState, Snapshot},
};

/// What an audit sees.
#[derive(Clone)]
struct World(Facts);

fn snapshot(kinds: &[&str]) -> Snapshot {
    let none = || KindState::Read { resource_version: "1".into(), objects: Vec::new() };
    let kinds: BTreeMap<String, KindState> = kinds.iter().map(|kind| ((*kind).to_owned(), none())).collect();
    let taken = "2026-01-02T03:04:05Z".parse().unwrap();
    Snapshot {
        taken,
        kinds,
        reviews: Vec::new(),
        live: Vec::new(),
        readings: Vec::new(),
        real: false,
        given: Given::default(),
        calls: ApiCalls::default(),
    }
}

impl World {
    fn new() -> Self {
        Self(Facts {
            scope: Scope::default(),
            own: snapshot(&[&wanted::IN_SCOPE[..], &wanted::OF_CLUSTER[..]].concat()),
            tools: snapshot(&wanted::ANYWHERE),
            version: Ok("v1.36.3".into()),
            metrics: Ok(String::new()),
            certificates: Vec::new(),
            uncertified: Vec::new(),
            routes: BTreeMap::new(),
        })
    }

    fn with(mut self, kind: &str, object: Value) -> Self {
        for snapshot in [&mut self.0.own, &mut self.0.tools] {
            if let Some(KindState::Read { objects, .. }) = snapshot.kinds.get_mut(kind) {
                objects.push(Arc::new(object.clone()));
            }
        }
        self
    }

    fn unreadable(mut self, kind: &str) -> Self {
        for snapshot in [&mut self.0.own, &mut self.0.tools] {
            if snapshot.kinds.contains_key(kind) {
                snapshot.kinds.insert(kind.into(), KindState::Unreadable("forbidden".into()));
            }
        }
        self
    }

    fn deployment(self, name: &str, spec: Value) -> Self {
        self.with("Deployment", object("Deployment", name, json!({"spec": {"template": {"spec": spec}}})))
    }

    fn item(&self, item: Item) -> ItemResult {
        let input = AuditInput { generated_by: "test".into(), cluster: "here".into(), calls: 0 };
        audit(&self.0, input).items.into_iter().find(|result| result.id == item).unwrap()
    }

    fn status(&self, item: Item) -> Status {
        self.item(item).status
    }
}

fn object(kind: &str, name: &str, body: Value) -> Value {
    let mut object = json!({"apiVersion": "x/v1", "kind": kind, "metadata": {"name": name, "namespace": "shop"}});
    for (key, value) in body.as_object().unwrap() {
        match (object.get_mut(key), value) {
            (Some(Value::Object(fields)), Value::Object(more)) => fields.extend(more.clone()),
            _ => object[key] = value.clone(),
        }
    }
    object
}

fn global(kind: &str, name: &str, body: Value) -> Value {
    let mut object = object(kind, name, body);
    object["metadata"].as_object_mut().unwrap().remove("namespace");
    object
}

/// A container that has everything, and a field of it that is otherwise.
fn container(pointer: &str, value: Value) -> Value {
    let mut container = json!({"name": "app", "image": "r.example/web:1",
        "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"cpu": "1", "memory": "64Mi"}},
        "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}}, "livenessProbe": {"httpGet": {"path": "/live", "port": 8080}},
        "securityContext": {"allowPrivilegeEscalation": false, "runAsNonRoot": true, "readOnlyRootFilesystem": true,
            "seccompProfile": {"type": "RuntimeDefault"}, "capabilities": {"drop": ["ALL"]}}});
    if let Some((parent, key)) = pointer.rsplit_once('/') {
        container.pointer_mut(parent).unwrap()[key] = value;
    }
    json!({"automountServiceAccountToken": false, "containers": [container]})
}

#[test]
fn containers_are_held_against_the_list_before_a_deployment() {
    let all = [Item::P1, Item::P2, Item::P3, Item::P5];
    let sound = World::new().deployment("web", container("", json!(null)));
    assert_eq!(all.map(|item| sound.status(item)), [Status::Pass; 4]);
    for (item, pointer, value, status) in [
        (Item::P1, "/resources/limits/memory", json!(null), Status::Fail),
        (Item::P1, "/resources/limits/cpu", json!(null), Status::Warn),
        (Item::P2, "/readinessProbe", json!(null), Status::Fail),
        (Item::P2, "/livenessProbe", json!(null), Status::Warn),
        (Item::P2, "/livenessProbe", json!({"httpGet": {"path": "/api/ready", "port": 8080}}), Status::Pass),
        (Item::P3, "/securityContext/runAsNonRoot", json!(false), Status::Fail),
        (Item::P3, "/securityContext/readOnlyRootFilesystem", json!(null), Status::Warn),
        (Item::P5, "/image", json!("r.example/web:latest"), Status::Fail),
        (Item::P5, "/image", json!("k8s.gcr.io/pause:3.9"), Status::Warn),
    ] {
        let result = World::new().deployment("web", container(pointer, value)).item(item);
        assert_eq!(result.status, status, "{item:?} {pointer}");
        assert!(result.offenders.iter().all(|o| o.object == "Deployment/shop/web" && !o.fix.ko.is_empty() && !o.fix.en.is_empty()));
    }
    assert_eq!(all.map(|item| World::new().status(item)), [Status::NotApplicable; 4]);
}

#[test]
fn the_defaults_of_a_namespace_count_as_set() {
    let range =
        object("LimitRange", "defaults", json!({"spec": {"limits": [{"type": "Container", "default": {"cpu": "1", "memory": "1Gi"}}]}}));
    let bare = World::new().deployment("web", container("/resources", json!(null)));
    assert_eq!(bare.status(Item::P1), Status::Fail);
    assert_eq!(bare.with("LimitRange", range).status(Item::P1), Status::Pass);
}

#[test]
fn the_clusters_own_namespaces_count_only_when_asked_for() {
    let mut agent = object(
        "DaemonSet",
        "agent",
        json!({"spec": {"template": {"spec": {"hostNetwork": true, "containers": [{"name": "a", "image": "a"}]}}}}),
    );
    agent["metadata"]["namespace"] = json!("kube-system");
    let mut world = World::new().with("DaemonSet", agent);
    assert_eq!(world.status(Item::P3), Status::NotApplicable);
    world.0.scope.all = true;
    assert_eq!(world.status(Item::P3), Status::Fail);
}

#[test]
fn what_cannot_be_read_is_unknown_and_never_guessed() {
    let world = World::new().deployment("web", container("", json!(null))).unreadable("Deployment");
    let result = world.item(Item::P1);
    assert_eq!(result.status, Status::Unknown);
    assert!(result.reason.unwrap().en.contains("forbidden"));
    let input = AuditInput { generated_by: "test".into(), cluster: "here".into(), calls: 0 };
    let score = audit(&world.0, input).score;
    assert!(score.unknown > 0 && score.percent().is_some_and(|(low, high)| low < high), "{score:?}");
}

#[test]
fn wide_rights_are_found_and_the_clusters_own_are_left_alone() {
    let role = |name: &str, rules: Value| global("ClusterRole", name, json!({"rules": rules}));
    let binding = |name: &str, role: &str, subject: Value| {
        global("ClusterRoleBinding", name, json!({"roleRef": {"kind": "ClusterRole", "name": role}, "subjects": [subject]}))
    };
    let ci = json!({"kind": "ServiceAccount", "namespace": "shop", "name": "ci"});
    let world = || {
        World::new()
            .with("ClusterRole", role("cluster-admin", json!([{"verbs": ["*"], "resources": ["*"]}])))
            .with("ClusterRole", role("all-pods", json!([{"verbs": ["*"], "resources": ["pods"]}])))
            .with("ClusterRole", role("climber", json!([{"verbs": ["escalate"], "resources": ["clusterroles"]}])))
            .with("ClusterRole", role("reader", json!([{"verbs": ["get"], "resources": ["secrets"]}])))
    };
    let with = |role: &str, subject: &Value| world().with("ClusterRoleBinding", binding("b", role, subject.clone()));
    let masters = json!({"kind": "Group", "name": "system:masters"});
    assert_eq!(with("cluster-admin", &masters).status(Item::P4), Status::Pass);
    for role in ["cluster-admin", "all-pods", "climber"] {
        assert_eq!(with(role, &ci).status(Item::P4), Status::Fail, "{role}");
    }
    let anybody = json!({"kind": "Group", "name": "system:unauthenticated"});
    assert_eq!(with("reader", &anybody).status(Item::P4), Status::Fail);
    assert_eq!(with("reader", &ci).status(Item::P4), Status::Pass);
    assert_eq!(with("reader", &ci).status(Item::T5), Status::Warn, "who reads Secrets is for a person to review");
    assert_eq!(with("reader", &masters).status(Item::T5), Status::Pass);
    let idle = world().deployment("web", json!({"containers": [{"name": "app", "image": "web:1"}]}));
    assert_eq!(idle.status(Item::P4), Status::Warn, "a token without rights");
}

#[test]
fn a_claim_needs_a_backup_that_is_kept() {
    let claim = || World::new().with("PersistentVolumeClaim", object("PersistentVolumeClaim", "data", json!({})));
    assert_eq!(World::new().status(Item::P6), Status::NotApplicable);
    assert_eq!(claim().status(Item::P6), Status::Fail);
    let schedule = |spec: Value| {
        object("Schedule", "nightly", json!({"spec": spec, "status": {"phase": "Enabled", "lastBackup": "2026-01-02T00:00:00Z"}}))
    };
    let with = |spec: Value| claim().with("Schedule.velero.io", schedule(spec)).status(Item::P6);
    assert_eq!(with(json!({"template": {"includedNamespaces": ["shop"], "ttl": "720h"}})), Status::Pass);
    assert_eq!(with(json!({"template": {"ttl": "720h"}})), Status::Pass, "no list means every namespace");
    assert_eq!(with(json!({"template": {"includedNamespaces": ["shop"]}})), Status::Warn);
    assert_eq!(with(json!({"paused": true, "template": {"ttl": "720h"}})), Status::Fail);
    assert_eq!(with(json!({"template": {"includedNamespaces": ["pay"], "ttl": "720h"}})), Status::Fail);
    assert_eq!(claim().unreadable("Schedule.velero.io").status(Item::P6), Status::Unknown);
}

fn monitored(selector: Value) -> World {
    let labels = json!({"metadata": {"name": "web", "namespace": "shop", "labels": {"app": "web"}}});
    let mut service = object("Service", "web", json!({"spec": {"selector": {"app": "web"}}}));
    service["metadata"] = labels["metadata"].clone();
    let available = json!([{"type": "Available", "status": "True"}]);
    World::new()
        .deployment("web", container("", json!(null)))
        .with("Service", service)
        .with("Namespace", global("Namespace", "shop", json!({})))
        .with(
            "ServiceMonitor.monitoring.coreos.com",
            object("ServiceMonitor", "web", json!({"spec": {"selector": {"matchLabels": {"app": "web"}}}})),
        )
        .with(
            "ConfigMap",
            object("ConfigMap", "board", json!({"metadata": {"name": "board", "namespace": "shop", "labels": {"grafana_dashboard": "1"}}})),
        )
        .with(
            "Prometheus.monitoring.coreos.com",
            object(
                "Prometheus",
                "main",
                json!({"spec": {"serviceMonitorSelector": selector, "ruleSelector": {}}, "status": {"conditions": available}}),
            ),
        )
}

#[test]
fn a_service_is_monitored_when_the_whole_chain_holds() {
    assert_eq!(monitored(json!({})).status(Item::Q1), Status::Pass);
    assert_eq!(monitored(json!(null)).status(Item::Q1), Status::Warn, "a monitor that no Prometheus selects leads nowhere");
    let bare = World::new().with("Service", object("Service", "web", json!({"spec": {"selector": {"app": "web"}}})));
    assert_eq!(bare.status(Item::Q1), Status::Fail);
    assert_eq!(World::new().status(Item::Q1), Status::NotApplicable);
}

#[test]
fn an_alert_needs_a_rule_and_somebody_to_reach() {
    let rule = |name: &str| object("PrometheusRule", name, json!({"spec": {"groups": [{"rules": [{"alert": name}]}]}}));
    let manager = object("Alertmanager", "main", json!({"status": {"conditions": [{"type": "Available", "status": "True"}]}}));
    let mut world = monitored(json!({})).with("Alertmanager.monitoring.coreos.com", manager);
    assert_eq!(world.status(Item::Q3), Status::Fail, "no rule");
    world = world.with("PrometheusRule.monitoring.coreos.com", rule("Watchdog"));
    assert_eq!(world.status(Item::Q3), Status::Unknown, "the route was not read");
    let config = |receiver: &str| {
        format!("route: {{receiver: {receiver}}}\nreceivers: [{{name: 'null'}}, {{name: ops, webhook_configs: [{{url: 'http://x'}}]}}]\n")
    };
    world.0.routes.insert("Alertmanager/shop/main".into(), Ok(config("'null'")));
    assert_eq!(world.status(Item::Q3), Status::Fail, "a receiver without an address");
    world.0.routes.insert("Alertmanager/shop/main".into(), Ok(config("ops")));
    assert_eq!(world.status(Item::Q3), Status::Pass);
}

#[test]
fn logs_are_collected_on_every_node_that_has_pods() {
    let pod = |name: &str, node: &str, labels: Value| {
        let mut pod =
            object("Pod", name, json!({"spec": {"nodeName": node}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}));
        pod["metadata"]["labels"] = labels;
        pod
    };
    let set = |ready: u32| {
        object(
            "DaemonSet",
            "logs",
            json!({"spec": {"selector": {"matchLabels": {"app": "logs"}}, "template": {"spec": {"containers": [{"name": "f", "image": "cr.fluentbit.io/fluent/fluent-bit:4"}]}}},
            "status": {"desiredNumberScheduled": 1, "numberReady": ready}}),
        )
    };
    let world = || World::new().with("Pod", pod("web", "a", json!({})));
    assert_eq!(World::new().status(Item::Q2), Status::NotApplicable);
    assert_eq!(world().status(Item::Q2), Status::Fail);
    assert_eq!(world().with("DaemonSet", set(1)).with("Pod", pod("logs", "a", json!({"app": "logs"}))).status(Item::Q2), Status::Pass);
    assert_eq!(world().with("DaemonSet", set(0)).status(Item::Q2), Status::Fail);
    let elsewhere =
        world().with("DaemonSet", set(1)).with("Pod", pod("logs", "b", json!({"app": "logs"}))).with("Pod", pod("web-2", "b", json!({})));
    assert_eq!(elsewhere.item(Item::Q2).offenders[0].object, "Node/a");
}

#[test]
fn an_hpa_must_be_able_to_act_alone() {
    let conditions = |active: &str| json!([{"type": "ScalingActive", "status": active, "message": "no metrics"}, {"type": "AbleToScale", "status": "True"}]);
    let scaler = |name: &str, active: &str| {
        object(
            "HorizontalPodAutoscaler",
            name,
            json!({"spec": {"scaleTargetRef": {"kind": "Deployment", "name": "web"},
            "metrics": [{"resource": {"name": "cpu", "target": {"type": "Utilization"}}}]}, "status": {"conditions": conditions(active)}}),
        )
    };
    let with = |active: &str| World::new().with("HorizontalPodAutoscaler", scaler("web", active));
    assert_eq!(with("True").status(Item::Q4), Status::Pass);
    assert_eq!(with("False").status(Item::Q4), Status::Fail);
    assert_eq!(with("True").with("HorizontalPodAutoscaler", scaler("again", "True")).status(Item::Q4), Status::Fail);
    let vertical = |policy: Value| {
        object(
            "VerticalPodAutoscaler",
            "web",
            json!({"spec": {"targetRef": {"kind": "Deployment", "name": "web"}, "updatePolicy": {"updateMode": "Auto"}, "resourcePolicy": {"containerPolicies": policy}}}),
        )
    };
    let overlap = |policy: Value| with("True").with("VerticalPodAutoscaler.autoscaling.k8s.io", vertical(policy)).status(Item::Q4);
    assert_eq!(overlap(json!([])), Status::Fail);
    assert_eq!(overlap(json!([{"containerName": "*", "controlledResources": ["memory"]}])), Status::Pass);
    assert_eq!(overlap(json!([{"containerName": "*", "mode": "Off"}])), Status::Pass);
}

#[test]
fn traffic_is_denied_by_default_in_both_directions() {
    let policy = |types: Value, extra: Value| {
        let mut spec = json!({"podSelector": {}, "policyTypes": types});
        spec.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        object("NetworkPolicy", "p", json!({"spec": spec}))
    };
    let with = |policy: Value| World::new().deployment("web", container("", json!(null))).with("NetworkPolicy", policy).status(Item::Q5);
    assert_eq!(World::new().deployment("web", container("", json!(null))).status(Item::Q5), Status::Fail);
    assert_eq!(with(policy(json!(["Ingress"]), json!({}))), Status::Warn);
    assert_eq!(with(policy(json!(["Ingress", "Egress"]), json!({}))), Status::Pass);
    assert_eq!(with(policy(json!(["Ingress"]), json!({"ingress": [{}]}))), Status::Fail, "it allows everything");
    assert_eq!(with(policy(json!(["Ingress"]), json!({"podSelector": {"matchLabels": {"app": "web"}}}))), Status::Fail);
}

#[test]
fn a_backup_of_etcd_is_fresh_verified_and_was_restored() {
    let job = |args: &str, succeeded: &str, tested: &str| {
        let mut job = object(
            "CronJob",
            "etcd-backup",
            json!({"spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": [{"name": "a", "image": "etcd:3", "args": [args]}]}}}}},
            "status": {"lastSuccessfulTime": succeeded}}),
        );
        job["metadata"]["annotations"] = json!({"kubedrill.dev/restore-tested": tested});
        World::new().with("CronJob", job)
    };
    let verified = "etcdctl snapshot save /b && etcdutl snapshot status /b";
    let (fresh, old) = ("2026-01-02T01:00:00Z", "2025-12-30T01:00:00Z");
    assert_eq!(job(verified, fresh, "2025-12-20T00:00:00Z").status(Item::T1), Status::Pass);
    assert_eq!(job(verified, fresh, "2025-10-20T00:00:00Z").status(Item::T1), Status::Warn);
    assert_eq!(job("etcdctl snapshot save /b", fresh, fresh).status(Item::T1), Status::Warn);
    assert_eq!(job(verified, old, fresh).status(Item::T1), Status::Fail);
    assert_eq!(World::new().status(Item::T1), Status::NotApplicable, "no etcd is in sight");
    let mut pod = object("Pod", "etcd-a", json!({}));
    pod["metadata"] = json!({"name": "etcd-a", "namespace": "kube-system", "labels": {"component": "etcd"}});
    assert_eq!(World::new().with("Pod", pod).status(Item::T1), Status::Fail);
}

#[test]
fn a_certificate_near_its_end_is_named() {
    let ending = |year: i32, month: u8, day: u8| {
        let mut params = rcgen::CertificateParams::new(vec!["web".to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(year, month, day);
        let mut world = World::new();
        let certificate = params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
        world.0.certificates.push(("Secret/shop/tls".into(), certificate.der().to_vec()));
        world.status(Item::T2)
    };
    assert_eq!(ending(2027, 1, 1), Status::Pass);
    assert_eq!(ending(2026, 1, 20), Status::Warn);
    assert_eq!(ending(2026, 1, 5), Status::Fail);
    assert_eq!(ending(2025, 1, 5), Status::Fail);
    let mut blind = World::new();
    blind.0.uncertified.push(("API server".into(), "refused".into()));
    assert_eq!(blind.status(Item::T2), Status::Unknown);
}

#[test]
fn usage_is_held_against_nodes_quotas_and_requests() {
    let node = global("Node", "a", json!({"status": {"allocatable": {"cpu": "1", "memory": "1Gi"}}}));
    let pod = |cpu: &str| {
        object(
            "Pod",
            "web",
            json!({"spec": {"nodeName": "a", "containers": [{"resources": {"requests": {"cpu": cpu}}}]}, "status": {"phase": "Running"}}),
        )
    };
    let used = |cpu: &str| object("PodMetrics", "web", json!({"containers": [{"usage": {"cpu": cpu}}]}));
    let world = |wanted: &str, cpu: &str| {
        World::new().with("Node", node.clone()).with("Pod", pod(wanted)).with("PodMetrics.metrics.k8s.io", used(cpu)).status(Item::T3)
    };
    assert_eq!(world("500m", "250m"), Status::Pass);
    assert_eq!(world("900m", "450m"), Status::Warn, "the node is nearly full");
    assert_eq!(world("500m", "10m"), Status::Warn, "most of it is never used");
    assert_eq!(world("500m", "600m"), Status::Warn, "more than was asked for");
    let unmeasured = World::new().with("Pod", pod("500m"));
    assert_eq!(unmeasured.status(Item::T3), Status::Unknown);
    let quota = object("ResourceQuota", "q", json!({"status": {"hard": {"requests.cpu": "1"}, "used": {"requests.cpu": "950m"}}}));
    assert_eq!(World::new().with("ResourceQuota", quota).status(Item::T3), Status::Warn);
}

#[test]
fn versions_must_be_supported_and_near_each_other() {
    let node = |kubelet: &str, runtime: &str| {
        global("Node", "a", json!({"status": {"nodeInfo": {"kubeletVersion": kubelet, "containerRuntimeVersion": runtime}}}))
    };
    let with = |node: Value| World::new().with("Node", node).status(Item::T4);
    assert_eq!(with(node("v1.36.1", "containerd://2.1.0")), Status::Pass);
    assert_eq!(with(node("v1.32.1", "containerd://2.1.0")), Status::Fail);
    assert_eq!(with(node("v1.37.0", "containerd://2.1.0")), Status::Fail);
    assert_eq!(with(node("v1.36.1", "containerd://1.7.2")), Status::Warn);
    let mut old = World::new();
    old.0.version = Ok("v1.31.9".into());
    assert_eq!(old.status(Item::T4), Status::Fail, "its patches have ended");
    let mut asked = World::new();
    asked.0.metrics =
        Ok("apiserver_requested_deprecated_apis{group=\"a\",removed_release=\"1.40\",resource=\"b\",subresource=\"\",version=\"v1\"} 1\n"
            .into());
    assert_eq!(asked.item(Item::T4).offenders[0].object, "a/v1/b");
    asked.0.metrics = Err("forbidden".into());
    assert_eq!(asked.status(Item::T4), Status::Unknown);
    asked.0.scope.named = vec!["shop".into()];
    assert_eq!(asked.status(Item::T4), Status::NotApplicable);
}
