//! What a learner's changes leave behind on a real API server: postures of templates, and the footprint of the attempt.

use std::{collections::BTreeMap, fs};

use serde_json::{Value, json};

use crate::support::Drill;

/// What hardens the workload.
fn hardened() -> Value {
    json!({"spec": {"template": {"spec": {"hostPID": null,
        "securityContext": {"runAsNonRoot": true, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [{"name": "web", "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}]}}}})
}

/// A workload to be hardened, and to be changed in nothing else.
fn pack(dir: &std::path::Path) {
    let both = |text: &str| json!({"ko": text, "en": text});
    let web = json!({"kind": "Deployment", "name": "web"});
    let footprint = json!({
        "watch": [{"kind": "Deployment"}, {"kind": "ConfigMap"}, {"kind": "Namespace", "name": "hard"}],
        "allow": [{"on": web, "fields": ["template.spec"]}],
    });
    let scenario = json!({
        "apiVersion": "kubedrill.dev/v1alpha1", "kind": "Challenge", "metadata": {"name": "harden", "title": both("Harden")},
        "spec": {"summary": both("Harden"), "level": "beginner", "minutes": 5, "requires": ["nodes"], "namespaces": ["hard"],
            "stage": [{"apply": {"path": "stage"}}],
            "fault": [{"patch": {"on": web, "patch": {"spec": {"template": {"spec": {"hostPID": true}}}}}}, {"wait": {"on": web, "for": {"ready": {}}}}],
            "checks": [
                {"id": "hardened", "title": both("hardened"), "category": "security", "points": 100, "when": {"now": {}},
                    "assert": {"posture": {"on": web, "pack": "restricted"}}, "say": {"symptom": both("hardened")}},
                {"id": "nothing-else", "title": both("nothing-else"), "role": "guard", "when": {"now": {}}, "assert": {"footprint": footprint}},
            ]}
    });
    let files = BTreeMap::from([
        ("scenario.yaml", scenario.to_string()),
        ("story.ko.md", "느슨합니다.\n".into()),
        ("story.en.md", "It is loose.\n".into()),
        ("debrief.ko.md", "설정입니다.\n".into()),
        ("debrief.en.md", "The setting.\n".into()),
        ("solutions/harden/solution.yaml", json!({"title": both("Harden"), "actions": [{"patch": {"on": web, "patch": hardened()}}]}).to_string()),
        (
            "stage/web.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {mode: fast}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n\
             spec:\n  replicas: 1\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      terminationGracePeriodSeconds: 1\n      \
             containers:\n        - {name: web, image: 'busybox:1.37', command: [sleep, '86400']}\n"
                .into(),
        ),
    ]);
    for (name, text) in files {
        let file = dir.join("harden").join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
}

#[test]
fn a_fix_within_its_bounds_passes_and_what_strays_from_them_is_named() {
    let drill = Drill::with_sandbox();
    let packs = tempfile::tempdir().unwrap();
    pack(packs.path());
    let pack = packs.path().to_str().unwrap();
    drill.expect(0, &["start", "harden", "--pack", pack]);
    let checked = |wanted: i32| {
        let (exit, checked) = drill.json(&["check", "--pack", pack]);
        assert_eq!(exit, wanted, "{checked:#}");
        let results = checked["run"]["results"].as_array().unwrap().clone();
        move |id: &str| -> Value { results.iter().find(|r| r["id"] == id).unwrap().clone() }
    };
    let broken = checked(3);
    assert_eq!((&broken("hardened")["reason"], &broken("nothing-else")["verdict"]), (&"host-namespaces".into(), &"pass".into()));

    let kubectl = |args: &[&str]| drill.expect(0, &[&["kubectl", "-n", "hard"][..], args].concat());
    kubectl(&["patch", "deployment", "web", "-p", &hardened().to_string()]);
    let fixed = checked(0);
    assert_eq!(fixed("nothing-else")["verdict"], "pass", "{:#}", fixed("nothing-else"));

    kubectl(&["scale", "deployment", "web", "--replicas", "2"]);
    let strayed = checked(3)("nothing-else");
    assert_eq!(
        (&strayed["reason"], &strayed["observations"][0]["values"]["path"]),
        (&"changed".into(), &"spec.replicas".into()),
        "{strayed:#}"
    );
    kubectl(&["scale", "deployment", "web", "--replicas", "1"]);
    kubectl(&["create", "configmap", "shortcut"]);
    assert_eq!(checked(3)("nothing-else")["reason"], "made");
    kubectl(&["delete", "configmap", "shortcut", "settings"]);
    assert_eq!(checked(3)("nothing-else")["reason"], "deleted");
    drill.expect(0, &["stop"]);
}
