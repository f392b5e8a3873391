use super::{
    super::yaml::{Node, Value},
    CheckNode, Judge,
};
use crate::{diagnostic::codes, text::Text};

/// What people give: answers of learners and marks of graders.
pub(super) fn judge(judge: &mut Judge<'_>) {
    let checks = judge.checks.clone();
    for check in &checks {
        questions(judge, *check);
        marked(judge, *check);
    }
    needed(judge, &checks);
    answers(judge, &checks);
}

/// The statements of one kind in a check.
fn all<'a>(assert: &'a Node, kind: &str, found: &mut Vec<&'a Node>) {
    for entry in assert.entries() {
        match entry.key.as_str() {
            key if key == kind => found.push(&entry.node),
            "all" | "any" | "none" => entry.node.items().iter().for_each(|part| all(part, kind, found)),
            "atLeast" => entry.node.list("of").iter().for_each(|part| all(part, kind, found)),
            _ => {}
        }
    }
}

fn of_kind<'a>(check: CheckNode<'a>, kind: &str) -> Vec<&'a Node> {
    let mut found = Vec::new();
    check.node.get("assert").into_iter().for_each(|assert| all(assert, kind, &mut found));
    found
}

/// An answer is given to a check, and must not be found by trying every choice.
fn questions(judge: &mut Judge<'_>, check: CheckNode<'_>) {
    let questions = of_kind(check, "answer");
    for second in questions.iter().skip(1) {
        let message = Text::new(
            "한 검사에는 질문이 하나만 있을 수 있습니다. 답은 검사의 id로 합니다",
            "a check asks one question at most: answers are given by the check's id",
        );
        judge.error(codes::BAD_VALUE, second.span, message, None);
    }
    for question in questions {
        let tries = question.get("tries").map_or(&Value::Int(3), |node| &node.value);
        let options = question.at(&["right", "choice"]).map(|choice| choice.list("options").len());
        let (Value::Int(tries), Some(options)) = (tries, options) else { continue };
        if i128::from(*tries) >= i128::try_from(options).unwrap_or(i128::MAX) {
            let message = Text::new(
                format!("보기가 {options}개인데 {tries}번 답할 수 있어, 모두 골라 보면 맞습니다"),
                format!("with {tries} tries for {options} choices, trying them all out is right"),
            );
            let help = Text::new("`tries`를 보기의 수보다 작게 하세요", "make `tries` smaller than the number of choices");
            judge.error(codes::BAD_VALUE, question.span, message, Some(help));
        }
    }
}

/// A mark is a check's whole statement, in a challenge, for points.
fn marked(judge: &mut Judge<'_>, check: CheckNode<'_>) {
    let whole = check.node.at(&["assert", "manual"]);
    for manual in of_kind(check, "manual") {
        if whole.is_none_or(|whole| whole.span != manual.span) {
            let message = Text::new("`manual`은 다른 판정과 합칠 수 없습니다", "`manual` cannot be part of another statement");
            judge.error(codes::BAD_VALUE, manual.span, message, None);
        }
        if check.step.is_some() {
            let message = Text::new(
                "랩의 단계는 바로 끝나야 하므로 사람이 채점할 수 없습니다",
                "a lab's step must be done at once, so no grader can mark it",
            );
            judge.error(codes::WRONG_KIND_PART, manual.span, message, None);
        } else if !matches!(check.role(), "objective" | "bonus") {
            let message = Text::new("사람의 점수는 objective와 bonus만 얻습니다", "only objectives and bonus checks are marked by hand");
            judge.error(codes::POINTS_ROLE, manual.span, message, None);
        }
    }
}

/// Nothing waits for a mark: it may come days later.
fn needed(judge: &mut Judge<'_>, checks: &[CheckNode<'_>]) {
    let by_hand: Vec<&str> = checks.iter().filter(|check| !of_kind(**check, "manual").is_empty()).filter_map(CheckNode::id).collect();
    for need in checks.iter().flat_map(|check| check.node.list("needs")).filter(|need| need.text().is_some_and(|id| by_hand.contains(&id)))
    {
        let message = Text::new(
            "사람이 채점하는 검사를 기다릴 수는 없습니다. 점수는 며칠 뒤에 나올 수도 있습니다",
            "a check cannot need one that a grader marks: the mark may come days later",
        );
        judge.error(codes::BAD_VALUE, need.span, message, None);
    }
}

/// Solutions and cheats answer questions that are asked.
fn answers(judge: &mut Judge<'_>, checks: &[CheckNode<'_>]) {
    let asked: Vec<&str> = checks.iter().filter(|check| !of_kind(**check, "answer").is_empty()).filter_map(CheckNode::id).collect();
    let views: Vec<_> = judge.solutions.iter().chain(&judge.cheats).map(|view| (view.file.clone(), view.node)).collect();
    for (file, node) in views {
        for entry in node.get("answers").map_or(&[][..], Node::entries).iter().filter(|entry| !asked.contains(&entry.key.as_str())) {
            let id = &entry.key;
            let message = Text::new(format!("검사 `{id}`은(는) 아무것도 묻지 않습니다"), format!("the check `{id}` asks nothing"));
            judge.error_in(&file, codes::UNKNOWN_REFERENCE, entry.key_span, message, None);
        }
    }
}
