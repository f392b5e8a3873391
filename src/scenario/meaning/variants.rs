use super::{super::yaml::Node, CheckNode, Judge};
use crate::{
    diagnostic::{Diagnostic, codes},
    points::Points,
    text::Text,
};

/// Solutions and cheats: that there are some, and what they name.
pub(super) fn judge(judge: &mut Judge<'_>) {
    let dir = judge.parts.pack.dir.clone();
    let challenge = judge.kind() == "Challenge";
    if judge.parts.pack.folders_in("solutions").is_empty() && judge.scenario.is_some() {
        let message = Text::new(
            "모범 풀이가 없습니다. 풀 수 있다는 것을 증명할 수 없습니다",
            "there is no solution, so nothing proves that it can be solved",
        );
        let help = Text::new("`solutions/이름/solution.yaml`을 만드세요", "write `solutions/NAME/solution.yaml`");
        judge.found.push(Diagnostic::error(codes::NO_SOLUTION, &dir, None, message).help(help));
    }
    if judge.parts.pack.folders_in("cheats").is_empty() && challenge {
        let message = Text::new(
            "편법이 하나도 없습니다. 편법이 막힌다는 것을 증명할 수 없습니다",
            "there is no cheat, so nothing proves that shortcuts fail",
        );
        let help = Text::new("`cheats/이름/cheat.yaml`을 만드세요", "write `cheats/NAME/cheat.yaml`");
        judge.found.push(Diagnostic::warning(codes::NO_CHEAT, &dir, None, message).help(help));
    }
    solutions(judge, challenge);
    cheats(judge);
    addons(judge);
}

/// What a variant needs, the scenario offers.
fn addons(judge: &mut Judge<'_>) {
    let environment = judge.spec().and_then(|spec| spec.get("environment"));
    let offered: Vec<&str> = environment.map_or(&[][..], |e| e.list("optionalAddons")).iter().filter_map(Node::text).collect();
    let views: Vec<_> = judge.solutions.iter().chain(&judge.cheats).map(|v| (v.file.clone(), v.node)).collect();
    for (file, node) in views {
        for addon in node.list("with").iter().filter(|addon| addon.text().is_some_and(|name| !offered.contains(&name))) {
            judge.unknown(&file, &Text::new("선택 애드온", "optional add-on"), addon, &offered);
        }
    }
}

fn solutions(judge: &mut Judge<'_>, challenge: bool) {
    let steps: Vec<&str> = judge.spec().map_or(&[][..], |s| s.list("steps")).iter().filter_map(|s| s.str("id")).collect();
    let views: Vec<_> = judge.solutions.iter().map(|v| (v.file.clone(), v.node)).collect();
    for (file, node) in views {
        if let Some(step) = node.get("step") {
            if challenge {
                let message = Text::new("챌린지에는 단계가 없습니다", "a challenge has no steps");
                judge.error_in(&file, codes::WRONG_KIND_PART, Judge::key_span(node, "step"), message, None);
            } else if step.text().is_some_and(|id| !steps.contains(&id)) {
                judge.unknown(&file, &Text::new("단계", "step"), step, &steps);
            }
        }
        let points = node.get("points").and_then(|n| Some((serde_json::from_value::<Points>(n.to_json()).ok()?, n.span)));
        if let Some((points, span)) = points.filter(|(p, _)| !(Points::ZERO..=Points::whole(115)).contains(p)) {
            let message = Text::new(
                format!("풀이의 점수 {points}은(는) 0과 115 사이가 아닙니다"),
                format!("{points} points of a solution are not between 0 and 115"),
            );
            judge.error_in(&file, codes::BAD_VALUE, span, message, None);
        }
    }
}

fn cheats(judge: &mut Judge<'_>) {
    let ids: Vec<&str> = judge.checks.iter().filter_map(CheckNode::id).collect();
    let infos: Vec<&str> = judge.checks.iter().filter(|c| c.role() == "info").filter_map(CheckNode::id).collect();
    let views: Vec<_> = judge.cheats.iter().map(|v| (v.file.clone(), v.node)).collect();
    for (file, node) in views {
        let stopped = node.get("stoppedBy");
        if stopped.is_some_and(|n| n.value == super::super::yaml::Value::List(Vec::new())) {
            let message = Text::new("이 편법을 막는 검사가 없습니다", "no check stops this cheat");
            judge.error_in(&file, codes::NOTHING_STATED, Judge::key_span(node, "stoppedBy"), message, None);
        }
        for id in node.list("stoppedBy") {
            let Some(name) = id.text() else { continue };
            if !ids.contains(&name) {
                judge.unknown(&file, &Text::new("검사", "check"), id, &ids);
            } else if infos.contains(&name) {
                let message = Text::new(
                    format!("`{name}`은(는) info라서 점수를 막지 못합니다"),
                    format!("`{name}` is an info check and cannot stop a score"),
                );
                judge.warn_in(&file, codes::UNSTOPPED_CHEAT, id.span, message, None);
            }
        }
    }
}
