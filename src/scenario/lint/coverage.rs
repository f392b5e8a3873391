use std::collections::BTreeSet;

use super::super::{
    meaning::{CheckNode, Judge},
    yaml::{Node, Value},
};
use crate::{
    diagnostic::{Diagnostic, codes},
    text::Text,
};

/// What is too little: hints, categories, solutions of steps.
pub(super) fn lint(judge: &mut Judge<'_>) {
    let Some(spec) = judge.spec() else { return };
    let file = judge.parts.scenario.file.clone();
    match judge.kind() {
        "Challenge" => {
            let hints = spec.list("hints").len();
            if hints < 3 {
                let message = Text::new(
                    format!("힌트가 {hints}개입니다. 막연한 것부터 답에 가까운 것까지 세 개는 있어야 합니다"),
                    format!("the hints number {hints}; three at least lead from vague to near-answer"),
                );
                judge.warn_in(&file, codes::FEW_HINTS, Judge::key_span(spec, "hints"), message, None);
            }
            categories(judge, spec);
        }
        "Lab" => steps(judge, spec),
        _ => {}
    }
}

/// One category alone says nothing about whether the fix is safe or lasts.
fn categories(judge: &mut Judge<'_>, spec: &Node) {
    let named: BTreeSet<&str> =
        judge.checks.iter().filter(|c| c.role() == "objective").filter_map(|c: &CheckNode<'_>| c.node.str("category")).collect();
    // A misspelt category was reported as such.
    let misspelt = named.iter().any(|name| !["functionality", "security", "operability", "reliability"].contains(name));
    if misspelt || named.is_empty() || named.len() > 1 && named.contains("functionality") {
        return;
    }
    let message = if named.contains("functionality") {
        Text::new("모든 점수가 기능성(functionality) 하나에 있습니다", "all points are in functionality alone")
    } else {
        Text::new("기능성(functionality) 검사가 하나도 없습니다", "no objective is about functionality")
    };
    let file = judge.parts.scenario.file.clone();
    judge.warn_in(&file, codes::CATEGORY_UNCHECKED, Judge::key_span(spec, "checks"), message, None);
}

/// Every step that must be done has a solution that proves that it can be.
fn steps(judge: &mut Judge<'_>, spec: &Node) {
    if judge.solutions.is_empty() || judge.solutions.iter().any(|s| s.node.get("step").is_none()) {
        return;
    }
    let solved: BTreeSet<&str> = judge.solutions.iter().filter_map(|s| s.node.str("step")).collect();
    let file = judge.parts.scenario.file.clone();
    for step in spec.list("steps") {
        let optional = step.get("optional").is_some_and(|n| n.value == Value::Bool(true));
        let Some(id) = step.get("id").filter(|id| !optional && id.text().is_some_and(|id| !solved.contains(id))) else { continue };
        let name = id.text().unwrap_or_default();
        let message = Text::new(format!("단계 `{name}`을(를) 푸는 풀이가 없습니다"), format!("no solution solves the step `{name}`"));
        judge.found.push(Diagnostic::warning(codes::NO_SOLUTION, &file, Some(id.span), message));
    }
}
