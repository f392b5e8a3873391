use std::collections::HashMap;

use super::{
    super::{shape::quoted_list, yaml::Node},
    CheckNode, Judge,
};
use crate::{diagnostic::codes, points::Points, text::Text};

/// The most that bonus checks may earn: ten for advanced features and five for creative ones.
const BONUS_CAP: Points = Points::whole(15);

/// Roles, points, categories and what checks need of one another.
pub(super) fn judge(judge: &mut Judge<'_>) {
    let checks = judge.checks.clone();
    for check in &checks {
        role(judge, *check);
        references(judge, *check);
    }
    if judge.kind() == "Challenge" {
        sum(judge, &checks);
    }
    bonus(judge, &checks);
    cycles(judge, &checks);
}

fn points(node: &Node) -> Option<Points> {
    match node.get("points") {
        None => Some(Points::ZERO),
        Some(points) => serde_json::from_value(points.to_json()).ok(),
    }
}

fn role(judge: &mut Judge<'_>, check: CheckNode<'_>) {
    let node = check.node;
    let role = check.role();
    let worth = points(node);
    if worth.is_some_and(|p| p < Points::ZERO) {
        let message = Text::new("점수가 음수입니다", "points are negative");
        judge.error(codes::BAD_VALUE, node.get("points").map_or(node.span, |n| n.span), message, None);
    }
    if matches!(role, "guard" | "info") {
        for key in ["points", "category"].into_iter().filter(|key| node.get(key).is_some()) {
            let message = Text::new(format!("`{role}`에는 `{key}`가 없습니다"), format!("a check with the role `{role}` has no `{key}`"));
            let help = Text::new("점수는 objective와 bonus만 얻습니다", "only objectives and bonus checks earn points");
            judge.error(codes::POINTS_ROLE, Judge::key_span(node, key), message, Some(help));
        }
    }
    let earns = role == "bonus" || role == "objective" && judge.kind() == "Challenge";
    if earns && worth == Some(Points::ZERO) {
        let message = Text::new(format!("`{role}`인데 점수가 없습니다"), format!("a check with the role `{role}` earns no points"));
        let help = Text::new("`points`를 쓰거나 `role: info`로 바꾸세요", "write `points`, or change to `role: info`");
        judge.error(codes::POINTS_ROLE, node.span, message, Some(help));
    }
    if role == "objective" && judge.kind() == "Challenge" && node.get("category").is_none() {
        let message = Text::new("목표에 `category`가 없습니다", "the objective has no `category`");
        let help = Text::new(
            "functionality, security, operability, reliability 가운데 하나를 쓰세요",
            "write one of functionality, security, operability, reliability",
        );
        judge.error(codes::MISSING_CATEGORY, node.span, message, Some(help));
    }
    if role != "guard" && node.get("onBreach").is_some() {
        let message = Text::new("`onBreach`는 guard에만 씁니다", "only guards have `onBreach`");
        judge.error(codes::POINTS_ROLE, Judge::key_span(node, "onBreach"), message, None);
    }
    if check.is_true("regression") && node.list("needs").is_empty() && matches!(role, "objective" | "bonus") {
        let message = Text::new(
            "처음부터 통과하는 목표인데 `needs`가 없어, 아무것도 하지 않아도 점수를 얻습니다",
            "the objective holds from the start and has no `needs`, so it earns points for doing nothing",
        );
        let help = Text::new("먼저 통과해야 하는 목표를 `needs`에 쓰세요", "name the objectives that must pass first in `needs`");
        judge.error(codes::REGRESSION_NEEDS, Judge::key_span(node, "regression"), message, Some(help));
    }
}

fn references(judge: &mut Judge<'_>, check: CheckNode<'_>) {
    let file = judge.parts.scenario.file.clone();
    let ids: Vec<&str> = judge.checks.iter().filter_map(CheckNode::id).collect();
    let what = Text::new("검사", "check");
    for need in check.node.list("needs") {
        if need.text().is_some_and(|id| !ids.contains(&id)) {
            judge.unknown(&file, &what, need, &ids);
        }
    }
    let objectives: Vec<&str> =
        judge.checks.iter().filter(|c| matches!(c.role(), "objective" | "bonus")).filter_map(CheckNode::id).collect();
    for void in check.node.get("onBreach").map_or(&[][..], |n| n.list("void")) {
        if void.text().is_some_and(|id| !objectives.contains(&id)) {
            judge.unknown(&file, &Text::new("목표", "objective"), void, &objectives);
        }
    }
}

/// The objectives of a challenge add up to 100, exactly.
fn sum(judge: &mut Judge<'_>, checks: &[CheckNode<'_>]) {
    let objectives: Vec<Option<Points>> = checks.iter().filter(|c| c.role() == "objective").map(|c| points(c.node)).collect();
    let Some(spec) = judge.spec().filter(|_| !objectives.is_empty()) else { return };
    // Points that cannot be read were reported, and no sum is right with them.
    let Some(sum) = objectives.into_iter().sum::<Option<Points>>() else { return };
    let full = Points::whole(100);
    if sum == full {
        return;
    }
    let (ko, en) = if sum < full {
        (format!("{}점이 모자랍니다", full - sum), format!("{} short of 100", full - sum))
    } else {
        (format!("{}점이 남습니다", sum - full), format!("{} more than 100", sum - full))
    };
    let message = Text::new(format!("목표 점수의 합이 {sum}점입니다. {ko}"), format!("the objectives add up to {sum} points, {en}"));
    judge.error(codes::POINTS_SUM, Judge::key_span(spec, "checks"), message, None);
}

fn bonus(judge: &mut Judge<'_>, checks: &[CheckNode<'_>]) {
    let bonus: Vec<&CheckNode<'_>> = checks.iter().filter(|c| c.role() == "bonus").collect();
    let Some(sum) = bonus.iter().map(|c| points(c.node)).sum::<Option<Points>>() else { return };
    if let (true, Some(last)) = (sum > BONUS_CAP, bonus.last()) {
        let message = Text::new(
            format!("보너스의 합이 {sum}점입니다. {BONUS_CAP}점까지입니다"),
            format!("bonus checks add up to {sum} points; {BONUS_CAP} is the most"),
        );
        judge.error(codes::BONUS_CAP, Judge::key_span(last.node, "points"), message, None);
    }
}

/// Every circle of `needs`, once.
fn cycles(judge: &mut Judge<'_>, checks: &[CheckNode<'_>]) {
    let needs: HashMap<&str, Vec<&Node>> = checks.iter().filter_map(|c| Some((c.id()?, c.node.list("needs").iter().collect()))).collect();
    let mut done: Vec<&str> = Vec::new();
    for start in checks.iter().filter_map(CheckNode::id) {
        let mut path: Vec<(&str, usize)> = vec![(start, 0)];
        while let Some((id, next)) = path.pop() {
            if done.contains(&id) {
                continue;
            }
            let Some(need) = needs.get(id).and_then(|n| n.get(next)) else {
                done.push(id);
                continue;
            };
            path.push((id, next + 1));
            let Some(target) = need.text() else { continue };
            if let Some(at) = path.iter().position(|(seen, _)| *seen == target) {
                let circle = quoted_list(path[at..].iter().map(|(id, _)| *id).chain([target])).replace(", ", " → ");
                let message =
                    Text::new(format!("`needs`가 제자리로 돌아옵니다: {circle}"), format!("`needs` goes round in a circle: {circle}"));
                judge.error(codes::NEEDS_CYCLE, need.span, message, None);
            } else {
                path.push((target, 0));
            }
        }
    }
}
