use std::path::{Path, PathBuf};

use super::{
    super::{
        meaning::{CheckNode, Judge},
        yaml::{Dialect, Node, compose},
    },
    literals::{expected, is_telling, leaves, says},
};
use crate::{
    diagnostic::{Diagnostic, Span, codes},
    text::Text,
};

/// Answers in texts that a learner reads before the end, and causes in the story.
pub(super) fn lint(judge: &mut Judge<'_>) {
    for check in judge.checks.clone() {
        answers(judge, check);
    }
    hints(judge);
    story(judge);
}

/// What a check expects, save for what the author shows: by `show: full`, as a name of its objects, in the step's instructions
/// or in the story.
fn secrets(judge: &Judge<'_>, check: CheckNode<'_>) -> Vec<String> {
    let Some(assert) = check.node.get("assert").filter(|_| check.node.str("show") != Some("full")) else { return Vec::new() };
    let mut named = Vec::new();
    references(assert, &mut named);
    let told: Vec<&str> = ["title", "text"]
        .iter()
        .filter_map(|key| check.step?.get(key))
        .flat_map(languages)
        .filter_map(Node::text)
        .chain([judge.parts.story.ko.as_str(), judge.parts.story.en.as_str()])
        .collect();
    expected(assert).into_iter().filter(|value| !named.contains(value) && !told.iter().any(|text| says(text, value))).collect()
}

/// Names, kinds and labels of the objects that a statement is about; a learner may know those.
fn references(node: &Node, found: &mut Vec<String>) {
    for entry in node.entries() {
        match entry.key.as_str() {
            "name" | "namespace" | "kind" | "labels" | "subject" | "subjects" | "baseline" | "host" | "port" | "key" => {
                leaves(&entry.node, found)
            }
            // What is right is not what the question is about.
            "right" => {}
            _ => references(&entry.node, found),
        }
    }
    node.items().iter().for_each(|item| references(item, found));
}

fn answers(judge: &mut Judge<'_>, check: CheckNode<'_>) {
    let secrets = secrets(judge, check);
    let say = check.node.get("say");
    let said = ["symptom", "lookAt", "concept"].iter().filter_map(|key| say?.get(key));
    let texts: Vec<&Node> = check.node.get("title").into_iter().chain(said).collect();
    for node in texts.into_iter().flat_map(languages) {
        for value in secrets.iter().filter(|value| says(node.text().unwrap_or_default(), value)) {
            let message = Text::new(
                format!("기대하는 값 `{value}`을(를) 학습자에게 말해 버립니다"),
                format!("it tells the learner the expected value `{value}`"),
            );
            let help =
                Text::new("증상만 쓰거나, 보여 주려면 `show: full`을 쓰세요", "say the symptom only, or write `show: full` to show it");
            judge.error(codes::ANSWER_SHOWN, node.span, message, Some(help));
        }
    }
}

fn languages(text: &Node) -> impl Iterator<Item = &Node> {
    ["ko", "en"].into_iter().filter_map(|lang| text.get(lang))
}

/// The last hint may come close to the answer; the earlier ones may not.
fn hints(judge: &mut Judge<'_>) {
    let Some(spec) = judge.spec() else { return };
    let file = judge.parts.scenario.file.clone();
    let values: Vec<String> = judge.checks.iter().flat_map(|check| secrets(judge, *check)).collect();
    let lists = [spec.list("hints")].into_iter().chain(spec.list("steps").iter().map(|s| s.list("hints")));
    for (_, earlier) in lists.filter_map(<[Node]>::split_last) {
        for node in earlier.iter().filter_map(|h| h.get("text")).flat_map(languages) {
            for value in values.iter().filter(|value| says(node.text().unwrap_or_default(), value)) {
                let message = Text::new(
                    format!("마지막이 아닌 힌트가 기대하는 값 `{value}`을(를) 말합니다"),
                    format!("a hint before the last one says the expected value `{value}`"),
                );
                judge.warn_in(&file, codes::ANSWER_SHOWN, node.span, message, None);
            }
        }
    }
}

/// The story tells symptoms. What the fault writes and the healthy world does not hold is the cause.
fn story(judge: &mut Judge<'_>) {
    let pack = &judge.parts.pack;
    let healthy: String = pack.files.iter().filter(|(path, _)| path.starts_with("stage")).map(|(_, text)| text.as_str()).collect();
    let mut written = Vec::new();
    for action in judge.spec().map_or(&[][..], |s| s.list("fault")) {
        if let Some(patch) = action.get("patch").and_then(|p| p.get("patch")) {
            leaves(patch, &mut written);
        }
    }
    for (_, text) in pack.files.iter().filter(|(path, _)| path.starts_with("fault")) {
        compose(text, Dialect::Kubectl).documents.iter().for_each(|node| leaves(node, &mut written));
    }
    written.sort();
    written.dedup();
    written.retain(|value| is_telling(value) && !says(&healthy, value));
    let mut found = Vec::new();
    for (path, text) in pack.files.iter().filter(|(path, _)| is_story(path)) {
        for (at, line) in text.lines().enumerate() {
            for value in written.iter().filter(|value| says(line, value)) {
                found.push(told(pack.path(path), at, line, value));
            }
        }
    }
    judge.found.extend(found);
}

fn is_story(path: &Path) -> bool {
    path.to_str().is_some_and(|p| matches!(p, "story.ko.md" | "story.en.md"))
}

fn told(file: PathBuf, at: usize, line: &str, value: &str) -> Diagnostic {
    let start = line.find(value).map_or(1, |byte| line[..byte].chars().count() + 1);
    let span = Span { line: at + 1, column: start, end_line: at + 1, end_column: start + value.chars().count() };
    let message = Text::new(
        format!("장애가 바꾼 값 `{value}`이(가) 이야기에 나옵니다"),
        format!("the story names `{value}`, which the fault has set"),
    );
    let help = Text::new("이야기에는 증상만 쓰세요", "the story tells symptoms only");
    Diagnostic::warning(codes::STORY_TELLS, file, Some(span), message).help(help)
}
