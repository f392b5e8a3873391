use serde_json::{Value, json};

use super::edits::edits;

fn named(assert: Value) -> Vec<(&'static str, String)> {
    let baseline: Vec<_> = serde_json::from_value(json!([
        {"alias": "web", "on": {"kind": "Deployment", "name": "web"}},
        {"alias": "agent", "on": {"kind": "DaemonSet", "name": "agent"}}
    ]))
    .unwrap();
    edits(&assert, &baseline).into_iter().map(|edit| (edit.mutation, edit.pointer().to_owned())).collect()
}

fn names(assert: Value) -> Vec<&'static str> {
    named(assert).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn each_kind_has_its_own_operators() {
    let on = json!({"kind": "Pod"});
    let field = json!({"field": {"on": on, "of": "each", "path": "$.a", "is": {"int": {"min": 2, "max": 5}}}});
    assert_eq!(
        named(json!({"all": [field, {"exists": {"on": on, "min": 1}}]})),
        [
            ("condition-dropped", "/all/0".to_owned()),
            ("condition-dropped", "/all/1".into()),
            ("all-to-any", "/any".into()),
            ("each-to-any", "/all/0/field/of".into()),
            ("min-dropped", "/all/0/field/is/int/min".into()),
            ("max-dropped", "/all/0/field/is/int/max".into()),
            ("comparison-dropped", "/all/0/field/is".into()),
        ],
        "a minimum of one has nothing to spare"
    );
    let shape = json!({"exists": {"on": on, "like": {"spec": {"type": "NodePort", "ports": [{"port": 80}]}}}});
    assert_eq!(names(shape), ["shape-dropped"; 2]);
    assert_eq!(names(json!({"posture": {"on": on, "pack": "restricted"}})), ["pack-lowered"]);
    assert_eq!(names(json!({"endpoints": {"min": 1, "fromTemplate": true}})), ["template-ignored"]);
    assert_eq!(names(json!({"history": {"kept": ["a", "b"]}})), ["subject-dropped"; 2]);
    assert_eq!(names(json!({"footprint": {"watch": [{}, {}], "allow": [{"fields": ["a"]}]}}))[2], "fields-unbounded");
    assert_eq!(names(json!({"artifact": {"that": "a && b", "accepted": true}})).last(), Some(&"acceptance-ignored"));
}

#[test]
fn rows_that_mean_the_same_are_dropped_together() {
    let row =
        |namespace: &str, allowed: bool, verb: &str| json!({"verb": verb, "resource": "pods", "namespace": namespace, "allowed": allowed});
    let rows = json!([row("dev", true, "get"), row("prod", false, "get"), row("dev", true, "list"), row("prod", false, "list")]);
    let found = edits(&json!({"access": {"rows": rows}}), &[]);
    assert_eq!(found.iter().map(|edit| edit.detail.as_str()).collect::<Vec<_>>(), ["allowed in dev", "denied in prod"]);
    let left = found[0].applied(&json!({"access": {"rows": rows}})).unwrap();
    assert_eq!(left["access"]["rows"], json!([row("prod", false, "get"), row("prod", false, "list")]));
    assert_eq!(names(json!({"reach": {"rows": [{"port": 1}]}})), [""; 0], "its only row is the check itself");
}

#[test]
fn an_aspect_is_forgotten_for_all_that_is_kept() {
    let preserved = json!({"preserved": {"subject": "web", "image": true, "command": false, "ports": true, "probes": false}});
    assert_eq!(names(preserved.clone()), ["image-ignored", "ports-ignored", "replicas-ignored"]);
    let both = json!({"all": [preserved, {"preserved": {"subject": "agent", "image": true, "command": true}}]});
    assert_eq!(names(both.clone())[..4], ["image-ignored", "command-ignored", "ports-ignored", "replicas-ignored"]);
    let without = edits(
        &both,
        &serde_json::from_value::<Vec<_>>(json!([
            {"alias": "web", "on": {"kind": "Deployment", "name": "web"}}, {"alias": "agent", "on": {"kind": "DaemonSet", "name": "agent"}}
        ]))
        .unwrap(),
    )[0]
    .applied(&both)
    .unwrap();
    assert_eq!((&without["all"][0]["preserved"]["image"], &without["all"][1]["preserved"]["image"]), (&json!(false), &json!(false)));
}

#[test]
fn what_must_not_have_happened_is_not_narrowed() {
    let happened = json!({"events": {"reason": "Killing", "matches": "a", "since": {"ago": "60s"}, "times": {"min": 3}}});
    assert_eq!(names(happened), ["reason-ignored", "pattern-ignored", "moment-ignored", "min-dropped"]);
    assert_eq!(names(json!({"events": {"reason": "Killing", "times": {"max": 0}}})), [""; 0]);
}
