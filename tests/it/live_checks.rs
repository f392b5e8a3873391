//! Checks that ask running containers: what they log, and what a command in them prints.

use std::{collections::BTreeMap, fs};

use serde_json::json;

use crate::support::Drill;

/// A scenario of one pod that logs and keeps a file, with one check of each live kind.
fn pack(dir: &std::path::Path) {
    let both = |text: &str| json!({"ko": text, "en": text});
    let pod = json!({"kind": "Deployment", "name": "talker"});
    let check = |id: &str, assert: serde_json::Value| json!({"id": id, "title": both(id), "category": "functionality", "points": 25, "assert": assert, "say": {"symptom": both(id)}});
    let probe = |id: &str, to: serde_json::Value, expect: serde_json::Value| json!({"id": id, "title": both(id), "role": "info", "assert": {"probe": {"from": pod, "to": to, "expect": expect}}});
    let scenario = json!({
        "apiVersion": "kubedrill.dev/v1alpha1", "kind": "Challenge", "metadata": {"name": "live", "title": both("Live")},
        "spec": {"summary": both("Live"), "level": "beginner", "minutes": 5, "requires": ["nodes"], "namespaces": ["live"],
            "stage": [{"apply": {"path": "stage"}}],
            "fault": [{"patch": {"on": {"kind": "ConfigMap", "name": "mode"}, "patch": {"data": {"mode": "slow"}}}}, {"restart": {"on": pod}},
                {"wait": {"on": pod, "for": {"ready": {}}}}],
            "checks": [
                check("says-fast", json!({"logs": {"on": pod, "matches": "^mode is fast$", "min": 2}})),
                check("reads-fast", json!({"exec": {"on": pod, "command": ["cat", "/etc/mode/mode"], "prints": "^fast$"}})),
                check("reaches-itself", json!({"exec": {"on": pod, "command": ["sh", "-c", "test \"$(cat /etc/mode/mode)\" = fast"]}})),
                probe("finds-the-api", json!({"dns": "kubernetes.default"}), json!({})),
                probe("misses-a-name", json!({"http": "http://nobody/"}), json!({"failure": "no-such-host"})),
                check("knows-fast", json!({"field": {"on": {"kind": "ConfigMap", "name": "mode"}, "path": "$.data.mode", "is": {"equals": "fast"}}})),
            ]}
    });
    let files = BTreeMap::from([
        ("scenario.yaml", scenario.to_string()),
        ("story.ko.md", "느립니다.\n".into()),
        ("story.en.md", "It is slow.\n".into()),
        ("debrief.ko.md", "설정입니다.\n".into()),
        ("debrief.en.md", "The setting.\n".into()),
        (
            "stage/talker.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mode}\ndata: {mode: fast}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: talker}\n\
             spec:\n  replicas: 2\n  selector: {matchLabels: {app: talker}}\n  template:\n    metadata: {labels: {app: talker}}\n    spec:\n      terminationGracePeriodSeconds: 1\n      containers:\n        - name: talker\n          \
             image: busybox:1.37\n          command: [sh, -c, 'echo mode is $(cat /etc/mode/mode); exec sleep 86400']\n          volumeMounts: [{name: mode, mountPath: /etc/mode}]\n      \
             volumes: [{name: mode, configMap: {name: mode}}]\n"
                .into(),
        ),
        (
            "solutions/fast/solution.yaml",
            json!({"title": both("Fast"), "actions": [
                {"patch": {"on": {"kind": "ConfigMap", "name": "mode"}, "patch": {"data": {"mode": "fast"}}}},
                {"restart": {"on": pod}}]})
            .to_string(),
        ),
    ]);
    for (name, text) in files {
        let file = dir.join("live").join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
}

#[test]
fn a_look_asks_the_containers_themselves() {
    let drill = Drill::with_sandbox();
    let packs = tempfile::tempdir().unwrap();
    pack(packs.path());
    let pack = packs.path().to_str().unwrap();
    drill.expect(0, &["start", "live", "--pack", pack]);
    let (exit, broken) = drill.json(&["check", "--pack", pack]);
    assert_eq!(exit, 3, "{broken}");
    let result = |checked: &serde_json::Value, id: &str| {
        let results = checked["run"]["results"].as_array().unwrap();
        results.iter().find(|r| r["id"] == id).unwrap().clone()
    };
    for (id, reason) in [("says-fast", "not-logged"), ("reads-fast", "wrong-output"), ("reaches-itself", "wrong-exit-code")] {
        assert_eq!(result(&broken, id)["reason"], reason, "{broken}");
        assert_eq!(result(&broken, id)["basis"], "modelled");
    }
    for id in ["finds-the-api", "misses-a-name"] {
        assert_eq!((&result(&broken, id)["verdict"], &result(&broken, id)["basis"]), (&"pass".into(), &"evaluated".into()), "{broken}");
    }
    assert!(broken["run"]["calls"]["live"].as_u64().unwrap() >= 4, "two logs and two commands: {broken}");
    drill.expect(0, &["solve", "fast", "--apply", "--pack", pack]);
    let (exit, solved) = drill.json(&["check", "--pack", pack]);
    assert_eq!(exit, 0, "{solved}");
    assert_eq!(result(&solved, "says-fast")["verdict"], "pass");
}
