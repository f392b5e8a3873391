use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    attempt::Outcome,
    check::{
        changes::{self, Path, Step},
        context::{Context, Trouble},
        evidence,
        findings::{Findings, Item},
        object,
    },
    scenario::{Footprint, ObjectRef},
    text::Text,
};

/// Of the watched objects, only what is allowed was made, deleted or changed since the attempt began, and no status by hand.
pub(in crate::check) fn eval_footprint(spec: &Footprint, context: &Context) -> Result<Outcome, Trouble> {
    let since = context.baseline.taken.ok_or_else(|| Trouble("the baseline does not say when the attempt began".into()))?;
    let mut findings = Findings::observed();
    for watched in &spec.watch {
        let now = context.select(watched)?;
        let mut breaches: Vec<Item> = now.iter().flat_map(|object| of_present(object, spec, context, since, &mut findings)).collect();
        breaches.extend(of_absent(watched, &now, spec, context, &mut findings)?);
        if breaches.is_empty() {
            let text = Text::new("허용된 것 말고는 바뀌지 않았습니다", "nothing but what is allowed has changed");
            breaches.push(Item::holds(context.describe(watched), text));
        }
        breaches.into_iter().for_each(|item| findings.add(item));
    }
    Ok(findings.conclude())
}

/// What was done to an object that is there.
fn of_present(object: &Value, spec: &Footprint, context: &Context, since: Timestamp, findings: &mut Findings) -> Vec<Item> {
    let recorded = context.baseline.objects.iter().find(|known| same(known, object) && !is_tombstone(known));
    let mut items: Vec<Item> = status_by_hand(object).into_iter().collect();
    let changed = match recorded {
        Some(known) => compared(object, known, context),
        None if made(object, since) => {
            if !allowed(spec, object, context).any(|a| a.create) {
                let text = Text::new("새로 만들어졌습니다", "it was made");
                items.push(Item::fails("made", object::reference(object), text));
            }
            Vec::new()
        }
        None => written_since(object, since),
    };
    let strayed: Vec<Path> = changed.into_iter().filter(|path| !may_change(spec, object, path, context)).collect();
    if let Some(first) = strayed.first() {
        let paths = changes::list(&strayed);
        let managers: BTreeSet<&str> = strayed.iter().flat_map(|path| changes::writers(object, path)).collect();
        let manager = if managers.is_empty() { "-".to_owned() } else { managers.into_iter().collect::<Vec<_>>().join(", ") };
        findings.evidence(evidence::of_answer(
            object,
            &json!({"changed": strayed.iter().map(ToString::to_string).collect::<Vec<_>>(), "managers": manager}),
        ));
        let text = Text::new(format!("바뀐 필드: {paths} (바꾼 도구: {manager})"), format!("changed fields: {paths} (by {manager})"));
        let item = Item::fails("changed", object::reference(object), text);
        items.push(item.value("path", first).value("paths", &paths).value("manager", &manager));
    } else if !items.is_empty() {
        findings.evidence(evidence::of(object, &["/metadata/creationTimestamp", "/metadata/labels"]));
    }
    items
}

/// What was there when the attempt began and is not any more.
fn of_absent(
    watched: &ObjectRef,
    now: &[&Value],
    spec: &Footprint,
    context: &Context,
    findings: &mut Findings,
) -> Result<Vec<Item>, Trouble> {
    let mut items = Vec::new();
    for known in context.baseline.objects.iter().filter(|known| !is_tombstone(known) && meant(watched, known, context)) {
        let there = now.iter().any(|object| same(known, object) && !object::terminating(object));
        if there || allowed(spec, known, context).any(|a| a.delete) || relabelled(watched, known, context)? {
            continue;
        }
        let reference = object::reference(known);
        findings.evidence(evidence::of_absence(&reference));
        items.push(Item::fails("deleted", reference, Text::new("삭제되었습니다", "it was deleted")));
    }
    Ok(items)
}

/// It is there and only lost the labels by which it is watched: that shows as a change of its labels, where those are watched.
fn relabelled(watched: &ObjectRef, known: &Value, context: &Context) -> Result<bool, Trouble> {
    let Some(kind) = watched.kind.as_deref().filter(|_| !watched.labels.is_empty()) else { return Ok(false) };
    Ok(context.objects(kind)?.iter().any(|object| same(known, object)))
}

/// Fields that are neither as the attempt began nor healthy, save for those that a controller wrote.
fn compared(object: &Value, known: &Value, context: &Context) -> Vec<Path> {
    let healthy = context.baseline.subjects.values().map(|subject| &subject.healthy).find(|healthy| same(healthy, object)).unwrap_or(known);
    let paths = changes::between([object, healthy, known].map(with_labels));
    let by_controllers = |path: &Path| {
        let writers = changes::writers(object, path);
        !writers.is_empty() && writers.iter().all(|writer| changes::is_controller(writer))
    };
    paths.into_iter().filter(|path| !by_controllers(path)).collect()
}

/// What an object says itself, and its labels.
fn with_labels(object: &Value) -> Value {
    let mut part = changes::own_part(object);
    if let (Some(fields), Some(labels)) = (part.as_object_mut(), object.pointer("/metadata/labels")) {
        fields.insert("metadata".into(), json!({"labels": labels}));
    }
    part
}

/// What tools of people have written since to an object that came with the environment.
fn written_since(object: &Value, since: Timestamp) -> Vec<Path> {
    let entries = object::list(object, "/metadata/managedFields").iter();
    let by_hand =
        entries.filter(|entry| changes::is_by_hand(object::text(entry, "/manager")) && object::text(entry, "/subresource") != "status");
    let later = by_hand.filter(|entry| object::time(entry, "/time").is_some_and(|time| time >= since));
    later.flat_map(changes::owned).filter(|path| !path.is_below("metadata.annotations")).collect()
}

/// A status that no controller wrote.
fn status_by_hand(object: &Value) -> Option<Item> {
    let entries = object::list(object, "/metadata/managedFields").iter();
    let of_status =
        entries.filter(|entry| object::text(entry, "/subresource") == "status" || entry.pointer("/fieldsV1/f:status").is_some());
    let manager = of_status.map(|entry| object::text(entry, "/manager")).find(|manager| changes::is_by_hand(manager))?;
    let text =
        Text::new(format!("상태(status)를 손으로 고쳤습니다 (도구: {manager})"), format!("its status was written by hand (by {manager})"));
    Some(Item::fails("status-by-hand", object::reference(object), text).value("path", "status").value("manager", manager))
}

/// Made since, and not by a controller for another object or for every namespace.
fn made(object: &Value, since: Timestamp) -> bool {
    let given = matches!((object::kind(object), object::name(object)), ("ConfigMap", "kube-root-ca.crt") | ("ServiceAccount", "default"));
    let owned = !object::list(object, "/metadata/ownerReferences").is_empty();
    !given && !owned && object::time(object, "/metadata/creationTimestamp").is_some_and(|time| time >= since)
}

fn may_change(spec: &Footprint, object: &Value, path: &Path, context: &Context) -> bool {
    let under = |fields: &Vec<String>| fields.iter().any(|field| path.is_below(field));
    let restarted = matches!(path.0.last(), Some(Step::Field(name)) if name == "kubectl.kubernetes.io/restartedAt");
    restarted || allowed(spec, object, context).any(|allowance| allowance.fields.as_ref().is_none_or(under))
}

fn allowed<'s>(spec: &'s Footprint, object: &'s Value, context: &'s Context) -> impl Iterator<Item = &'s crate::scenario::Allowance> {
    spec.allow.iter().filter(move |allowance| meant(&allowance.on, object, context))
}

/// Whether a reference means an object, also one that is not there any more.
fn meant(on: &ObjectRef, object: &Value, context: &Context) -> bool {
    if let Some(alias) = &on.baseline {
        return context.subject(alias).is_ok_and(|subject| same(&subject.healthy, object));
    }
    let (kind, group) = match on.kind.as_deref().and_then(|kind| kind.split_once('.')) {
        Some((kind, group)) => (kind, Some(group)),
        None => (on.kind.as_deref().unwrap_or_default(), None),
    };
    let place = object::namespace(object);
    let namespace = on.namespace.as_deref().unwrap_or_else(|| context.home());
    kind == object::kind(object)
        && group.is_none_or(|group| group == self::group(object))
        && (namespace == "*" || place.is_empty() || place == namespace)
        && on.name.as_deref().is_none_or(|name| name == object::name(object))
        && on.labels.iter().all(|(key, value)| object::label(object, key) == Some(value))
}

/// The same object, also when it was made anew.
fn same(a: &Value, b: &Value) -> bool {
    let identity = |object| (object::kind(object), group(object), object::namespace(object), object::name(object));
    identity(a) == identity(b)
}

fn group(object: &Value) -> &str {
    object::text(object, "/apiVersion").split_once('/').map_or("", |(group, _)| group)
}

/// Stands in a baseline for an object that must not be there.
fn is_tombstone(known: &Value) -> bool {
    known.pointer("/metadata/annotations/kubedrill.dev~1absent").is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        attempt::{Outcome, Verdict},
        check::fixture::{World, ago, deployment, object},
    };

    fn web(image: &str, replicas: i64) -> Value {
        deployment("web").replicas(replicas).pod_spec(json!({"containers": [{"name": "app", "image": image}]})).object()
    }

    fn written(mut object: Value, manager: &str, seconds: u32, fields: Value) -> Value {
        object["metadata"]["managedFields"] = json!([{"manager": manager, "time": ago(seconds), "fieldsV1": fields}]);
        object
    }

    fn judged(before: &[Value], now: &[Value], allow: Value) -> Outcome {
        let watch = json!([{"kind": "Deployment"}, {"kind": "ConfigMap"}, {"kind": "Role"}]);
        let world = now.iter().cloned().fold(World::default().began_with(before.to_vec(), 600), World::with);
        world.evaluate(json!({"footprint": {"watch": watch, "allow": allow}}))
    }

    fn reason(before: &[Value], now: &[Value], allow: Value) -> String {
        judged(before, now, allow).reason
    }

    #[test]
    fn only_the_fields_that_are_allowed_may_change() {
        let before = [web("web:1", 2)];
        let image = json!([{"on": {"kind": "Deployment", "name": "web"}, "fields": ["template.spec.containers"]}]);
        assert_eq!(reason(&before, &before, json!([])), "holds");
        assert_eq!(reason(&before, &[web("web:2", 2)], json!([])), "changed");
        assert_eq!(reason(&before, &[web("web:2", 2)], image.clone()), "holds");
        let outcome = judged(&before, &[web("web:2", 3)], image);
        assert_eq!(outcome.observations[0].values["path"], "spec.replicas");
        assert_eq!(reason(&before, &[web("web:2", 3)], json!([{"on": {"kind": "Deployment"}}])), "holds");
    }

    #[test]
    fn what_is_made_or_deleted_must_be_allowed() {
        let before = [web("web:1", 2)];
        let new = object("Role", "shortcut", json!({"metadata": {"creationTimestamp": ago(5)}}));
        let old = object("Role", "system", json!({}));
        assert_eq!(reason(&before, &[web("web:1", 2), new.clone(), old], json!([])), "made");
        assert_eq!(reason(&before, &[web("web:1", 2), new], json!([{"on": {"kind": "Role"}, "create": true}])), "holds");
        assert_eq!(reason(&before, &[], json!([])), "deleted");
        assert_eq!(reason(&before, &[], json!([{"on": {"kind": "Deployment", "name": "web"}, "delete": true}])), "holds");
    }

    #[test]
    fn what_controllers_make_and_write_is_nobodys_doing() {
        let before = [web("web:1", 2)];
        let scaled = written(web("web:1", 5), "kube-controller-manager", 5, json!({"f:spec": {"f:replicas": {}}}));
        assert_eq!(reason(&before, &[scaled], json!([])), "holds");
        let by_hand = written(web("web:1", 5), "kubectl-edit", 5, json!({"f:spec": {"f:replicas": {}}}));
        let outcome = judged(&before, &[by_hand], json!([]));
        assert_eq!((outcome.reason.as_str(), outcome.observations[0].values["manager"].as_str()), ("changed", "kubectl-edit"));
        let owned = object("ConfigMap", "made", json!({"metadata": {"creationTimestamp": ago(5), "ownerReferences": [{"uid": "x"}]}}));
        assert_eq!(reason(&before, &[web("web:1", 2), owned], json!([])), "holds");
    }

    #[test]
    fn what_came_with_the_environment_shows_who_wrote_to_it() {
        let role = |manager: &str, seconds| written(object("Role", "admin", json!({})), manager, seconds, json!({"f:rules": {}}));
        assert_eq!(reason(&[], &[role("kubectl-edit", 5)], json!([])), "changed");
        assert_eq!(reason(&[], &[role("kubectl-edit", 3000)], json!([])), "holds");
        assert_eq!(reason(&[], &[role("some-operator", 5)], json!([])), "holds");
        assert_eq!(reason(&[], &[role("learner", 5)], json!([{"on": {"kind": "Role"}, "fields": ["rules"]}])), "holds");
    }

    #[test]
    fn a_status_that_was_written_by_hand_is_found() {
        let mut now = web("web:1", 2);
        now["metadata"]["managedFields"] = json!([{"manager": "kubectl-patch", "subresource": "status", "time": ago(5), "fieldsV1": {"f:status": {"f:readyReplicas": {}}}}]);
        assert_eq!(reason(&[web("web:1", 2)], &[now.clone()], json!([{"on": {"kind": "Deployment"}}])), "status-by-hand");
        now["metadata"]["managedFields"][0]["manager"] = json!("kube-controller-manager");
        assert_eq!(reason(&[web("web:1", 2)], &[now], json!([])), "holds");
    }

    #[test]
    fn labels_count_too() {
        let with = |labels: Value| object("ConfigMap", "c", json!({"metadata": {"labels": labels}}));
        let before = [with(json!({"team": "shop"}))];
        assert_eq!(reason(&before, &[with(json!({}))], json!([])), "changed");
        assert_eq!(reason(&before, &[with(json!({}))], json!([{"on": {"kind": "ConfigMap"}, "fields": ["metadata.labels"]}])), "holds");
    }

    #[test]
    fn trap_fp03_putting_back_what_the_fault_did_is_no_breach() {
        let (healthy, broken) = (web("web:1", 2), web("web:broken", 2));
        let check = json!({"footprint": {"watch": [{"baseline": "web"}]}});
        let now = |object: Value| {
            let world = World::default().subject("web", "Deployment", healthy.clone(), broken.clone());
            world.began_with(vec![broken.clone()], 600).with(object).evaluate(check.clone()).reason
        };
        assert_eq!(now(healthy.clone()), "holds");
        assert_eq!(now(broken.clone()), "holds");
        assert_eq!(now(web("web:2", 2)), "changed");
    }

    #[test]
    fn trap_fp02_without_a_baseline_nothing_is_known() {
        let outcome = World::default().evaluate(json!({"footprint": {"watch": [{"kind": "Deployment"}]}}));
        assert_eq!(outcome.verdict, Verdict::Error);
    }
}
