use super::{
    super::{
        shape::suggestion,
        yaml::{Node, Value},
    },
    Judge,
};
use crate::{capability::Capability, diagnostic::codes, text::Text};

/// Which parts each kind of scenario has.
pub(super) fn judge(judge: &mut Judge<'_>) {
    let Some(spec) = judge.spec() else { return };
    match judge.kind() {
        "Challenge" => challenge(judge, spec),
        "Lab" => lab(judge, spec),
        _ => {}
    }
    if let Some(minutes) = spec.get("minutes").filter(|n| n.value == Value::Int(0)) {
        let message = Text::new("걸리는 시간이 0분일 수는 없습니다", "it cannot take 0 minutes");
        judge.error(codes::BAD_VALUE, minutes.span, message, None);
    }
    namespaces(judge, spec);
    capabilities(judge, spec);
}

fn challenge(judge: &mut Judge<'_>, spec: &Node) {
    foreign(judge, spec, &["steps"], &Text::new("챌린지", "a challenge"));
    // What is graded by a rubric is built rather than repaired: it begins with nothing in place of a fault.
    let parts: &[&str] = if spec.get("rubric").is_some() { &["stage", "checks"] } else { &["stage", "fault", "checks"] };
    needed(judge, spec, parts, &Text::new("챌린지", "a challenge"));
    objectives(judge, spec);
}

fn lab(judge: &mut Judge<'_>, spec: &Node) {
    foreign(judge, spec, &["checks", "hints"], &Text::new("랩", "a lab"));
    needed(judge, spec, &["steps"], &Text::new("랩", "a lab"));
    for step in spec.list("steps") {
        objectives(judge, step);
    }
}

fn foreign(judge: &mut Judge<'_>, spec: &Node, keys: &[&str], kind: &Text) {
    for key in keys.iter().filter(|key| spec.get(key).is_some()) {
        let message = Text::new(format!("{}에는 `{key}`를 쓰지 않습니다", kind.ko), format!("{} has no `{key}`", kind.en));
        let help = match *key {
            "steps" => Text::new("`checks`에 쓰거나 `kind: Lab`으로 바꾸세요", "write `checks`, or change to `kind: Lab`"),
            _ => Text::new(format!("각 단계의 `{key}`에 쓰세요"), format!("put them into the `{key}` of a step")),
        };
        judge.error(codes::WRONG_KIND_PART, Judge::key_span(spec, key), message, Some(help));
    }
}

fn needed(judge: &mut Judge<'_>, spec: &Node, keys: &[&str], kind: &Text) {
    for key in keys {
        let empty = match spec.get(key).map(|n| &n.value) {
            Some(Value::List(items)) => items.is_empty(),
            // A part of the wrong type was reported as such; the schema itself requires `stage`.
            Some(_) => false,
            None => *key != "stage",
        };
        if empty {
            let message = Text::new(format!("{}에는 `{key}`가 있어야 합니다", kind.ko), format!("{} needs `{key}`", kind.en));
            judge.error(codes::WRONG_KIND_PART, Judge::key_span(spec, key), message, None);
        }
    }
}

/// At least one objective among the checks of a challenge or a step.
fn objectives(judge: &mut Judge<'_>, owner: &Node) {
    let checks = owner.list("checks");
    let has = checks.iter().any(|c| matches!(c.str("role"), None | Some("objective")));
    let stated = matches!(owner.get("checks").map(|n| &n.value), Some(Value::List(_)));
    if stated && !has && (owner.get("id").is_some() || !checks.is_empty()) {
        let message = Text::new("목표(objective)인 검사가 하나도 없습니다", "no check is an objective");
        let help = Text::new("`role`을 빼면 목표가 됩니다", "a check without `role` is an objective");
        judge.error(codes::NO_OBJECTIVE, Judge::key_span(owner, "checks"), message, Some(help));
    }
}

fn namespaces(judge: &mut Judge<'_>, spec: &Node) {
    let Some(list) = spec.get("namespaces") else { return };
    if list.value == Value::List(Vec::new()) {
        let message = Text::new("네임스페이스가 하나는 있어야 합니다", "there must be at least one namespace");
        judge.error(codes::NOTHING_STATED, Judge::key_span(spec, "namespaces"), message, None);
    }
    for node in list.items() {
        let Some(name) = node.text().filter(|n| *n == "default" || n.starts_with("kube-")) else { continue };
        let message = Text::new(
            format!("`{name}` 네임스페이스는 시나리오의 것이 될 수 없습니다. 끝나면 지워지기 때문입니다"),
            format!("the namespace `{name}` cannot belong to a scenario: it would be deleted at the end"),
        );
        judge.error(codes::BAD_VALUE, node.span, message, None);
    }
}

fn capabilities(judge: &mut Judge<'_>, spec: &Node) {
    let known: Vec<&str> = Capability::ALL.iter().map(|c| c.name()).collect();
    for node in spec.list("requires") {
        let Some(name) = node.text().filter(|name| !known.contains(name)) else { continue };
        let message = Text::new(format!("`{name}`(이)라는 capability는 없습니다"), format!("there is no capability `{name}`"));
        judge.error(codes::UNKNOWN_CAPABILITY, node.span, message, suggestion(name, &known));
    }
    let declared = spec.list("requires").iter().any(|n| n.text() == Some("components"));
    let actions = ["stage", "fault"].into_iter().flat_map(|key| spec.list(key));
    let Some(component) = actions.filter_map(|a| a.entries().iter().find(|e| e.key == "component")).next() else { return };
    if !declared {
        let message =
            Text::new("`component`를 쓰려면 `requires`에 `components`가 있어야 합니다", "`component` needs `components` in `requires`");
        judge.error(codes::CAPABILITY_MISSING, component.key_span, message, None);
    }
}
