use std::path::Path;

use super::{
    super::{
        Duration,
        yaml::{Node, Value},
    },
    Judge,
};
use crate::{diagnostic::codes, text::Text};

/// What is tried out: a check's whole statement, about what can be looked at again and again.
pub(super) fn judge(judge: &mut Judge<'_>) {
    scripts(judge);
    let whole: Vec<_> = judge.checks.iter().filter_map(|check| check.node.at(&["assert", "survives"])).map(|node| node.span).collect();
    let typed: Vec<_> =
        judge.scenario.iter().flat_map(|view| &view.typed).filter(|one| one.name == "Survives").map(|one| one.node).collect();
    for survives in typed {
        if !whole.contains(&survives.span) {
            let message = Text::new("`survives`는 다른 판정과 합칠 수 없습니다", "`survives` cannot be part of another statement");
            judge.error(codes::BAD_VALUE, survives.span, message, None);
        }
        if survives.get("after").is_some_and(|after| after.value == Value::List(Vec::new())) {
            let message = Text::new("아무것도 시험하지 않습니다", "it tries nothing out");
            judge.error(codes::NOTHING_STATED, Judge::key_span(survives, "after"), message, None);
        }
        for kind in ["autoscale", "manual", "answer", "artifact", "script"] {
            if let Some(inner) = survives.get("then").and_then(|then| find(then, kind)) {
                let message =
                    Text::new(format!("`{kind}`은(는) `survives` 안에 쓸 수 없습니다"), format!("`{kind}` cannot stand in `survives`"));
                judge.error(codes::BAD_VALUE, inner.span, message, None);
            }
        }
        let length = |key, default| survives.str(key).map_or(Some(Duration::secs(default)), |text| Duration::parse(text).ok());
        if let (Some(hold), Some(within)) = (length("for", 5), length("within", 120))
            && hold > within
        {
            let message = Text::new(
                format!("`for`({hold})가 `within`({within})보다 길어 통과할 수 없습니다"),
                format!("`for` ({hold}) is longer than `within` ({within}), so it can never pass"),
            );
            judge.error(codes::HOLD_TOO_LONG, survives.span, message, None);
        }
    }
}

/// A script is a check's whole statement, and lies in the scenario's folder, when it is no program of the machine.
fn scripts(judge: &mut Judge<'_>) {
    let whole: Vec<_> = judge.checks.iter().filter_map(|check| check.node.at(&["assert", "script"])).map(|node| node.span).collect();
    let typed: Vec<_> = judge.scenario.iter().flat_map(|view| &view.typed).filter(|one| one.name == "Script").map(|one| one.node).collect();
    for script in typed {
        if !whole.contains(&script.span) {
            let message = Text::new("`script`는 다른 판정과 합칠 수 없습니다", "`script` cannot be part of another statement");
            judge.error(codes::BAD_VALUE, script.span, message, None);
        }
        if script.get("run").is_some_and(|run| run.value == Value::List(Vec::new())) {
            let message = Text::new("실행할 것이 없습니다", "there is nothing to run");
            judge.error(codes::NOTHING_STATED, Judge::key_span(script, "run"), message, None);
        }
        let files = &judge.parts.pack.files;
        let inside = |word: &str| word.contains('/') && !word.starts_with('/');
        let missing = |word: &&Node| word.text().is_some_and(|word| inside(word) && !files.contains_key(Path::new(word)));
        if let Some(word) = script.list("run").iter().find(missing) {
            let file = word.text().unwrap_or_default();
            let message = Text::new(format!("`{file}`(이)라는 파일이 없습니다"), format!("there is no file `{file}`"));
            judge.error(codes::UNKNOWN_REFERENCE, word.span, message, None);
        }
    }
}

/// A statement of a kind within another.
fn find<'a>(assert: &'a Node, kind: &str) -> Option<&'a Node> {
    assert.entries().iter().find_map(|entry| match entry.key.as_str() {
        key if key == kind => Some(&entry.node),
        "all" | "any" | "none" => entry.node.items().iter().find_map(|part| find(part, kind)),
        "atLeast" => entry.node.list("of").iter().find_map(|part| find(part, kind)),
        _ => None,
    })
}
