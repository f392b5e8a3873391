//! A scenario through its whole life on a real cluster: start, learner's changes, exact reset, teardown.

use std::{path::Path, time::Duration};

use kubedrill::{
    attempt::{AttemptId, Baseline, Basis, CheckResult, Verdict},
    cluster::{Cluster, Freshness, Scope, Snapshot, SnapshotRequest},
    event::Events,
    provision::{self, Actor, Marker, NoComponents, ProvisionError, Provisioner},
    scenario::{Action, Role, Scenario},
    territory::Territory,
};
use serde_json::{Value, json};

use super::sandbox_support::Place;

fn scenario() -> Scenario {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/provision_scenario");
    let file = serde_saphyr::from_str(&std::fs::read_to_string(dir.join("scenario.yaml")).unwrap()).unwrap();
    Scenario {
        dir,
        digest: String::new(),
        file,
        story: Default::default(),
        debrief: Default::default(),
        solutions: vec![],
        cheats: vec![],
        names: Default::default(),
    }
}

fn request() -> SnapshotRequest {
    SnapshotRequest { kinds: [("Service".to_owned(), Some(vec!["drill".to_owned()]))].into(), ..SnapshotRequest::default() }
}

fn look(_: &Baseline, snapshot: &Snapshot) -> Vec<CheckResult> {
    let services = snapshot.objects("Service").unwrap();
    let good = services.iter().any(|s| s["spec"]["selector"]["app"] == "web");
    vec![CheckResult {
        id: "web-selects".into(),
        step: None,
        role: Role::Objective,
        verdict: if good { Verdict::Pass } else { Verdict::Fail },
        passed: u32::from(good),
        total: 1,
        reason: "selector".into(),
        blocked_by: vec![],
        observations: vec![],
        evidence: vec![],
        basis: Basis::Observed,
        held_millis: 0,
        since_millis: 0,
        moving: false,
    }]
}

fn actions(value: Value) -> Vec<Action> {
    serde_json::from_value(value).unwrap()
}

/// A cluster of another identity, or one that holds another attempt, is neither checked nor changed.
async fn trap_fp19_nothing_is_done_on_another_cluster(cluster: &Cluster, uid: &str) {
    for (nonce, uid) in [("nonce", "11111111-2222-3333-4444-555555555555"), ("another nonce", uid)] {
        let refused = provision::verify_marker(cluster, &Territory::WholeCluster, nonce, uid).await;
        assert!(matches!(refused, Err(ProvisionError::WrongCluster { .. })), "{refused:?}");
    }
}

/// A definition, an object of it, and a webhook that would refuse everything: each round the learner's world must go again.
async fn trap_in03_no_reset_leaves_anything_however_often<L: Fn(&Baseline, &Snapshot) -> Vec<CheckResult>>(
    provisioner: &Provisioner<'_, NoComponents, L>,
    marker: &Marker,
    baseline: &Baseline,
) {
    let made = [
        json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "toys.example.com"},
            "spec": {"group": "example.com", "scope": "Cluster", "names": {"plural": "toys", "singular": "toy", "kind": "Toy"},
                "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {"type": "object"}}}]}}),
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "own", "namespace": "drill"}}),
        json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration", "metadata": {"name": "shut"},
            "webhooks": [{"name": "shut.example.com", "sideEffects": "None", "admissionReviewVersions": ["v1"],
                "clientConfig": {"url": "https://127.0.0.1:1/"}, "failurePolicy": "Fail",
                "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["services"]}]}]}),
    ];
    for round in 1..=10 {
        for object in &made {
            provisioner.cluster.apply(object).await.unwrap();
        }
        let reset = provisioner.reset(marker, baseline).await.unwrap();
        assert!(reset.found.len() >= made.len(), "round {round}: {:?}", reset.found);
        assert_eq!(reset.left, [], "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scenario_is_started_reset_exactly_and_taken_down() {
    let place = Place::new();
    let environment = place.ensure("default", 2).await.expect("it starts");
    let cluster = Cluster::connect(&environment.admin_kubeconfig).unwrap();
    let (scenario, events) = (scenario(), Events::none());
    let provisioner = Provisioner {
        cluster: &cluster,
        territory: &Territory::WholeCluster,
        scenario: &scenario,
        learner: "learner",
        components: &NoComponents,
        events: &events,
        request: request(),
        look,
    };
    let started = provisioner.start(&AttemptId("a1".into()), "nonce").await.unwrap();
    let uid = cluster.uid().await.unwrap().to_owned();
    let marker = provision::verify_marker(&cluster, &Territory::WholeCluster, "nonce", &uid).await.unwrap();
    trap_fp19_nothing_is_done_on_another_cluster(&cluster, &uid).await;
    let nodes = cluster.kind("Node").await.unwrap().unwrap();
    let worker = cluster.get(&nodes, None, "worker-1").await.unwrap().unwrap();
    let learner = Actor { cluster: &cluster, scenario: &scenario, dir: &scenario.dir, list: "test", components: &NoComponents };
    let reset = provisioner.reset(&marker, &started.baseline).await.unwrap();
    assert_eq!((reset.found.len(), reset.left.len(), reset.replayed), (0, 0, false));

    learner
        .run(&actions(json!([
            {"patch": {"on": {"kind": "Service", "name": "web"}, "patch": {"spec": {"selector": {"app": "web"}}}}},
            {"delete": {"on": {"kind": "Service", "name": "alias"}}},
            {"patch": {"on": {"kind": "Deployment", "name": "web"}, "patch": {"spec": {"template": {"metadata": {"labels": {"x": "y"}}}}}}},
            {"taint": {"on": {"kind": "Node", "labels": {"kubernetes.io/os": "linux"}}, "key": "team", "effect": "PreferNoSchedule", "remove": true}},
            {"delete": {"on": {"kind": "PriorityClass", "name": "drill-high"}}},
            {"wait": {"on": {"kind": "Deployment", "name": "web"}, "for": {"ready": {}}}},
            {"delete": {"on": {"kind": "ConfigMap", "name": "web-config"}}}
        ])))
        .await
        .unwrap();
    cluster.apply(&json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "learner-made"}})).await.unwrap();
    cluster
        .apply(&json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "alias", "namespace": "drill"}, "spec": {"ports": [{"port": 80}], "selector": {"a": "b"}}}))
        .await
        .unwrap();
    let reset = provisioner.reset(&marker, &started.baseline).await.unwrap();
    assert_eq!(reset.left, []);
    assert!(reset.found.len() >= 6, "{:?}", reset.found);
    let same = cluster.get(&nodes, None, "worker-1").await.unwrap().unwrap();
    assert_eq!((&same["metadata"]["uid"], &same["spec"]["podCIDR"]), (&worker["metadata"]["uid"], &worker["spec"]["podCIDR"]));

    let pods = cluster.kind("Pod").await.unwrap().unwrap();
    let pod = cluster.list(&pods, Some("drill"), Freshness::Consistent).await.unwrap().objects[0]["metadata"]["name"]
        .as_str()
        .unwrap()
        .to_owned();
    learner
        .run(&actions(json!([{"patch": {"on": {"kind": "Pod", "name": pod}, "patch": {"metadata": {"labels": {"extra": "1"}}}}}])))
        .await
        .unwrap();
    let reset = provisioner.reset(&marker, &reset.baseline).await.unwrap();
    assert_eq!(reset.left, []);
    assert!(cluster.get(&pods, Some("drill"), &pod).await.unwrap().is_none(), "the touched pod was replaced");

    trap_in03_no_reset_leaves_anything_however_often(&provisioner, &marker, &reset.baseline).await;

    // A start is interrupted while something in the old namespace holds on. Until it is empty the namespace controller must stay
    // away from it: it would go on deleting in the successor of the same name.
    let held = |finalizers: Value| json!([{"patch": {"on": {"kind": "ConfigMap", "name": "held"}, "type": "merge", "patch": {"metadata": {"finalizers": finalizers}}}}]);
    cluster.apply(&json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "held", "namespace": "drill"}})).await.unwrap();
    learner.run(&actions(held(json!(["example.com/held"])))).await.unwrap();
    let namespaces = cluster.kind("Namespace").await.unwrap().unwrap();
    let drill = Scope { kind: &namespaces, namespace: None, name: Some("drill") };
    let emptying = cluster.wait(drill, "the namespace is being emptied", Duration::from_secs(30), |objects| {
        let namespace = objects.first().ok_or("it is gone")?;
        let ours = namespace["metadata"]["deletionTimestamp"].is_string() && namespace["spec"]["finalizers"].is_null();
        if ours { Ok(()) } else { Err(namespace.to_string()) }
    });
    let second = AttemptId("a2".into());
    tokio::select! {
        started = provisioner.start(&second, "nonce2") => panic!("the ConfigMap did not hold: {:?}", started.err()),
        seen = emptying => seen.unwrap(),
    }
    learner.run(&actions(held(Value::Null))).await.unwrap();
    provisioner.start(&second, "nonce2").await.unwrap();
    provision::teardown(&cluster, &Territory::WholeCluster).await.unwrap();
    assert!(cluster.get(&namespaces, None, "drill").await.unwrap().is_none());
    assert!(cluster.get(&namespaces, None, "kubedrill-system").await.unwrap().is_none());
    place.stop("default").await;
}
