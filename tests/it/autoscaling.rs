//! Loads: what a check of the kind `autoscale` sees of them, and the command that shows and drives them.

use std::{collections::BTreeMap, fs};

use serde_json::{Value, json};

use crate::support::Drill;

/// A scenario of one web application whose autoscaler may not grow. It goes by requests per second, which the adapter of custom
/// metrics tells at once.
fn pack(dir: &std::path::Path) {
    let both = |text: &str| json!({"ko": text, "en": text});
    let scenario = json!({
        "apiVersion": "kubedrill.dev/v1alpha1", "kind": "Challenge", "metadata": {"name": "busy", "title": both("Busy")},
        "spec": {"summary": both("Busy"), "level": "beginner", "minutes": 5, "requires": ["nodes", "metrics", "load"], "namespaces": ["busy"],
            "loads": [{"name": "web", "on": {"kind": "Service", "name": "web"}, "cap": "100m",
                "profiles": {"base": [{"demand": "20m"}], "surge": [{"demand": "180m"}]}}],
            "stage": [{"apply": {"path": "stage"}}, {"load": {"of": "web", "profile": "surge"}}],
            "fault": [{"apply": {"path": "fault"}}],
            "checks": [
                {"id": "grows-and-shrinks", "title": both("t"), "category": "functionality", "points": 60, "say": {"symptom": both("s")},
                    "assert": {"autoscale": {"load": "web", "turns": 1, "phases": [
                        {"profile": "surge", "ready": {"min": 2}, "saturated": false, "within": "60s", "patience": "20s"},
                        {"profile": "base", "ready": {"max": 1}, "within": "60s"}]}}},
                {"id": "working", "title": both("w"), "category": "functionality", "points": 40, "say": {"symptom": both("s")}, "regression": true,
                    "needs": ["grows-and-shrinks"],
                    "assert": {"condition": {"on": {"kind": "HorizontalPodAutoscaler", "name": "web"}, "type": "AbleToScale"}}},
            ]}
    });
    let hpa = |most: u32| {
        json!({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "web"}, "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}, "minReplicas": 1, "maxReplicas": most,
            "behavior": {"scaleDown": {"stabilizationWindowSeconds": 0}},
            "metrics": [{"type": "Pods", "pods": {"metric": {"name": "http_requests_per_second"}, "target": {"type": "AverageValue", "averageValue": "80"}}}]}})
        .to_string()
    };
    let files = BTreeMap::from([
        ("scenario.yaml", scenario.to_string()),
        ("story.ko.md", "느립니다.\n".into()),
        ("story.en.md", "It is slow.\n".into()),
        ("debrief.ko.md", "상한입니다.\n".into()),
        ("debrief.en.md", "The ceiling.\n".into()),
        (
            "stage/web.yaml",
            "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}\n---\n\
             apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 1\n  selector: {matchLabels: {app: web}}\n  template:\n    \
             metadata: {labels: {app: web}}\n    spec:\n      terminationGracePeriodSeconds: 1\n      containers:\n        - name: web\n          \
             image: registry.shop.example/shop/storefront:5.4.1\n          ports: [{containerPort: 8080}]\n"
                .into(),
        ),
        ("fault/hpa.yaml", hpa(1)),
        ("solutions/ceiling/hpa.yaml", hpa(3)),
        ("solutions/ceiling/solution.yaml", json!({"title": both("Ceiling"), "actions": [{"apply": {"path": "hpa.yaml"}}]}).to_string()),
    ]);
    for (name, text) in files {
        let file = dir.join("busy").join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
}

#[test]
fn a_load_is_tried_out_shown_and_driven() {
    let drill = Drill::with_sandbox();
    let packs = tempfile::tempdir().unwrap();
    pack(packs.path());
    let pack = packs.path().to_str().unwrap();
    drill.expect(0, &["start", "busy", "--pack", pack]);
    let load = || drill.json(&["load"]).1["loads"][0].clone();
    let surge = load();
    assert_eq!((&surge["state"]["milli"], &surge["state"]["profile"]), (&180.into(), &"surge".into()), "{surge}");
    assert!(surge["state"]["pods"][0]["failing"].as_f64().unwrap() > 0.4, "one pod can use 100m of 180m: {surge}");

    let result = |checked: &Value, id: &str| {
        let results = checked["run"]["results"].as_array().unwrap();
        results.iter().find(|r| r["id"] == id).unwrap().clone()
    };
    let (exit, broken) = drill.json(&["check"]);
    assert_eq!((exit, &result(&broken, "grows-and-shrinks")["reason"]), (3, &"wrong-replicas".into()), "{broken}");
    assert_eq!(result(&broken, "working")["verdict"], "blocked", "{broken}");

    drill.expect(0, &["solve", "ceiling", "--apply"]);
    let (exit, solved) = drill.json(&["check"]);
    let tried = result(&solved, "grows-and-shrinks");
    assert_eq!(
        (exit, &tried["verdict"], &tried["passed"], &tried["basis"]),
        (0, &"pass".into(), &2.into(), &"modelled".into()),
        "{solved}"
    );
    assert_eq!(load()["state"]["profile"], "surge", "the demand goes on as it was before");

    drill.expect(0, &["load", "set", "web", "40m"]);
    assert_eq!(load()["state"]["milli"], 40);
    drill.expect(0, &["load", "stop", "web"]);
    assert!(load()["state"].is_null());
    let refused = drill.expect(2, &["load", "run", "web", "nope"]);
    assert!(refused.err.contains("base, surge"), "{}", refused.err);
    let (exit, quick) = drill.json(&["check", "--now"]);
    assert_eq!(result(&quick, "grows-and-shrinks")["verdict"], "skipped", "a quick look drives no load: {exit} {quick}");
}
