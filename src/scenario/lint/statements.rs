use std::path::PathBuf;

use super::super::{
    meaning::{CheckNode, Judge},
    shape::{Typed, quoted_list},
    yaml::{Node, Value},
};
use crate::{
    diagnostic::{Span, codes},
    text::Text,
};

/// Statements that pass too easily, too briefly, or never.
pub(super) fn lint(judge: &mut Judge<'_>) {
    for check in judge.checks.clone() {
        negative(judge, check);
        hold(judge, check);
    }
    let values: Vec<(PathBuf, Typed<'_>)> = judge.files().flat_map(|view| view.typed.iter().map(|t| (view.file.clone(), *t))).collect();
    for (file, typed) in values {
        if let Some((span, message, help)) = impossible(&typed) {
            judge.error_in(&file, codes::IMPOSSIBLE, span, message, help);
        }
        if let Some((node, meant)) = unlikely_kind(&typed) {
            let name = node.text().unwrap_or_default();
            let message = Text::new(format!("`{name}`(이)라는 kind는 알려져 있지 않습니다"), format!("`{name}` is not a known kind"));
            let help = Text::new(format!("`{meant}`을(를) 쓰려던 것인가요?"), format!("did you mean `{meant}`?"));
            judge.warn_in(&file, codes::UNLIKELY_KIND, node.span, message, Some(help));
        }
        if let Some(span) = transient(&typed) {
            let message = Text::new(
                "몇 초만 이어지는 상태입니다. 검사하는 순간에 따라 결과가 달라집니다",
                "this state lasts seconds; the result depends on the moment of looking",
            );
            let help = Text::new("그 뒤에 오는 상태를 검사하세요", "state what comes after it");
            judge.warn_in(&file, codes::TRANSIENT, span, message, Some(help));
        }
    }
}

fn negative(judge: &mut Judge<'_>, check: CheckNode<'_>) {
    let Some(assert) = check.node.get("assert") else { return };
    let lone = matches!(check.role(), "objective" | "bonus") && check.node.list("needs").is_empty();
    if !lone || assert.entries().is_empty() || is_positive(assert) || assert.get("absent").is_some() {
        return;
    }
    let message = Text::new(
        "무엇이 아니어야 하는지만 말합니다. 다른 틀린 값도 통과합니다",
        "it only says what must not be, so another wrong value passes",
    );
    let help = Text::new("받아들일 값이나 범위를 함께 검사하세요", "state beside it which values or bounds are right");
    judge.error(codes::LONE_NEGATIVE, Judge::key_span(check.node, "assert"), message, Some(help));
}

/// Whether a statement says what must be, not only what must not.
fn is_positive(assert: &Node) -> bool {
    let Some(entry) = assert.entries().first() else { return true };
    let node = &entry.node;
    match entry.key.as_str() {
        // An empty list was reported as such.
        "all" => node.items().is_empty() || node.items().iter().any(is_positive),
        "any" => node.items().iter().all(is_positive),
        "atLeast" => node.list("of").iter().all(is_positive),
        "none" | "absent" => false,
        "field" => node.str("of") != Some("none") && node.get("is").is_none_or(|is| is.get("noneOf").is_none() && !is_absence(is)),
        "condition" => node.str("of") != Some("none"),
        "events" => !is_silence(node),
        "survives" => node.get("then").is_none_or(is_positive),
        "probe" => node.get("expect").is_none_or(|expect| expect.get("failure").is_none()),
        _ => true,
    }
}

/// Events that must not have been recorded, or not often.
fn is_silence(events: &Node) -> bool {
    events.get("times").is_some_and(|times| matches!(times.get("min").map(|n| &n.value), None | Some(Value::Null | Value::Int(0))))
}

fn is_absence(comparator: &Node) -> bool {
    comparator.get("present").is_some_and(|n| n.value == Value::Bool(false))
}

/// What is not there now may only not be there yet.
fn hold(judge: &mut Judge<'_>, check: CheckNode<'_>) {
    let Some(assert) = check.node.get("assert") else { return };
    let held = check.node.get("when").is_some_and(|w| w.get("hold").is_some());
    if held || check.role() == "info" {
        return;
    }
    if let Some(span) = absence(assert) {
        let message = Text::new("한순간만 없어도 통과합니다", "one instant of absence is enough to pass");
        let help = Text::new(
            "`when: {hold: {for: 3s, within: 60s}}`처럼 얼마 동안 없어야 하는지 쓰세요",
            "say for how long, such as `when: {hold: {for: 3s, within: 60s}}`",
        );
        let file = judge.parts.scenario.file.clone();
        judge.warn_in(&file, codes::NEGATIVE_WITHOUT_HOLD, span, message, Some(help));
    }
}

/// Where a statement asks that something is not there.
fn absence(assert: &Node) -> Option<Span> {
    assert.entries().iter().find_map(|entry| match entry.key.as_str() {
        "absent" | "none" => Some(entry.key_span),
        "events" if is_silence(&entry.node) => Some(entry.key_span),
        "all" | "any" => entry.node.items().iter().find_map(absence),
        "atLeast" => entry.node.list("of").iter().find_map(absence),
        _ => None,
    })
}

const WORKLOADS: &[&str] = &["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"];
const TEMPLATED: &[&str] = &["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod"];
const SCALABLE: &[&str] = &["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"];
const RESTARTABLE: &[&str] = &["Deployment", "StatefulSet", "DaemonSet"];

/// Kinds whose status never has a condition.
const UNCONDITIONAL: &[&str] = &[
    "ClusterRole",
    "ClusterRoleBinding",
    "ConfigMap",
    "CronJob",
    "DaemonSet",
    "EndpointSlice",
    "Endpoints",
    "Ingress",
    "LimitRange",
    "NetworkPolicy",
    "PersistentVolume",
    "PriorityClass",
    "ResourceQuota",
    "Role",
    "RoleBinding",
    "Secret",
    "ServiceAccount",
    "StatefulSet",
    "StorageClass",
];

/// The conditions of kinds that have a fixed set of them.
const CONDITIONS: &[(&str, &[&str])] = &[
    ("Deployment", &["Available", "Progressing", "ReplicaFailure"]),
    ("HorizontalPodAutoscaler", &["AbleToScale", "ScalingActive", "ScalingLimited"]),
    ("Job", &["Complete", "Failed", "FailureTarget", "SuccessCriteriaMet", "Suspended"]),
    (
        "PersistentVolumeClaim",
        &["ControllerResizeError", "FileSystemResizePending", "ModifyVolumeError", "ModifyingVolume", "NodeResizeError", "Resizing"],
    ),
    ("PodDisruptionBudget", &["DisruptionAllowed"]),
    ("ReplicaSet", &["ReplicaFailure"]),
];

type Finding = (Span, Text, Option<Text>);

fn impossible(typed: &Typed<'_>) -> Option<Finding> {
    let node = typed.node;
    match typed.name {
        "Condition" => condition(node.get("on")?, node.get("type")?),
        "Wait" => match node.get("for")? {
            state if state.get("condition").is_some() => condition(node.get("on")?, state.get("condition")?),
            state if state.get("reason").is_some() => kind_is(node.get("on")?, &["Pod"]),
            _ => None,
        },
        "Rollout" => kind_is(node.get("on")?, WORKLOADS),
        "Endpoints" => kind_is(node.get("service")?, &["Service"]).or_else(|| kind_is(node.get("backedBy")?, TEMPLATED)),
        "Resolves" | "Hosts" => kind_is(node.get("backedBy")?, TEMPLATED),
        "Mounted" => kind_is(node.get("by")?, TEMPLATED),
        "Config" | "Posture" => kind_is(node.get("on")?, TEMPLATED),
        "Parse" => kind_is(node.get("from")?, &["ConfigMap", "Secret"]),
        "Scale" => kind_is(node.get("on")?, SCALABLE),
        "Restart" => kind_is(node.get("on")?, RESTARTABLE),
        "Taint" => kind_is(node.get("on")?, &["Node"]),
        _ => None,
    }
}

fn kind_is(on: &Node, kinds: &[&str]) -> Option<Finding> {
    let kind = on.get("kind")?;
    let name = kind.text().filter(|name| !kinds.contains(name) && !name.contains('.'))?;
    let list = quoted_list(kinds.iter().copied());
    let message = Text::new(
        format!("`{name}`에는 물을 수 없습니다. 여기에는 {list}이(가) 옵니다"),
        format!("`{name}` cannot answer this; {list} can"),
    );
    Some((kind.span, message, None))
}

fn condition(on: &Node, wanted: &Node) -> Option<Finding> {
    let (kind, name) = (on.str("kind")?, wanted.text()?);
    if UNCONDITIONAL.contains(&kind) {
        let message =
            Text::new(format!("`{kind}`의 상태에는 조건(condition)이 없습니다"), format!("the status of a `{kind}` has no conditions"));
        let help = match kind {
            "PersistentVolume" => Text::new("`field`로 `$.status.phase`를 검사하세요", "look at `$.status.phase` with `field`"),
            _ if WORKLOADS.contains(&kind) => Text::new("`rollout`을 쓰세요", "use `rollout`"),
            _ => Text::new("`field`나 `expr`로 값을 검사하세요", "look at a value with `field` or `expr`"),
        };
        return Some((wanted.span, message, Some(help)));
    }
    let (_, known) = CONDITIONS.iter().find(|(k, _)| *k == kind)?;
    if known.contains(&name) {
        return None;
    }
    let message = Text::new(format!("`{kind}`에는 조건 `{name}`이(가) 없습니다"), format!("a `{kind}` has no condition `{name}`"));
    let help = match kind {
        "PersistentVolumeClaim" => Text::new(
            "연결됐는지는 `field`로 `$.status.phase`가 `Bound`인지 검사하세요",
            "whether it is bound is in `$.status.phase`; look at it with `field`",
        ),
        _ => {
            let list = quoted_list(known.iter().copied());
            Text::new(format!("있는 조건: {list}"), format!("its conditions are {list}"))
        }
    };
    Some((wanted.span, message, Some(help)))
}

/// Kinds that ship with Kubernetes and are common in scenarios.
const KNOWN: &[&str] = &[
    "ClusterRole",
    "ClusterRoleBinding",
    "ConfigMap",
    "CronJob",
    "CustomResourceDefinition",
    "DaemonSet",
    "Deployment",
    "EndpointSlice",
    "Endpoints",
    "Event",
    "HorizontalPodAutoscaler",
    "Ingress",
    "IngressClass",
    "Job",
    "Lease",
    "LimitRange",
    "MutatingWebhookConfiguration",
    "Namespace",
    "NetworkPolicy",
    "Node",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "PodDisruptionBudget",
    "PriorityClass",
    "ReplicaSet",
    "ResourceQuota",
    "Role",
    "RoleBinding",
    "Secret",
    "Service",
    "ServiceAccount",
    "StatefulSet",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingWebhookConfiguration",
    "VolumeSnapshot",
];

/// A kind that is most likely misspelt. Kinds that nobody here knows may come from an add-on.
fn unlikely_kind<'a>(typed: &Typed<'a>) -> Option<(&'a Node, &'static str)> {
    let node = typed.node.get("kind").filter(|_| typed.name == "ObjectRef")?;
    let name = node.text().filter(|name| name.starts_with(char::is_uppercase) && !name.contains('.') && !KNOWN.contains(name))?;
    let meant = KNOWN.iter().copied().filter(|known| strsim::damerau_levenshtein(name, known) <= 2 && known.len() > 4).min()?;
    Some((node, meant))
}

const TRANSIENT: &[&str] = &["ContainerCreating", "Pending", "PodInitializing", "Terminating"];

fn transient(typed: &Typed<'_>) -> Option<Span> {
    let value = match typed.name {
        "Field" if typed.node.str("path").is_some_and(|p| p.contains("status")) => typed.node.get("is")?.get("equals")?,
        "Wait" => typed.node.get("for")?.get("reason")?,
        _ => return None,
    };
    value.text().is_some_and(|text| TRANSIENT.contains(&text)).then_some(value.span)
}
