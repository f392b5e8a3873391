use super::{
    super::yaml::{Node, Value},
    Judge,
};
use crate::{
    diagnostic::{Span, codes},
    text::Text,
};
use std::path::PathBuf;

/// References to objects and to what the baseline recorded.
pub(super) fn judge(judge: &mut Judge<'_>) {
    let aliases: Vec<&str> = judge.spec().map_or(&[][..], |s| s.list("baseline")).iter().filter_map(|b| b.str("alias")).collect();
    let what = Text::new("기준선 별칭", "baseline alias");
    let mut refs: Vec<(PathBuf, &Node, Span)> = Vec::new();
    let mut subjects: Vec<(PathBuf, &Node)> = Vec::new();
    let mut single: Vec<(PathBuf, &Node)> = Vec::new();
    for file in judge.files() {
        for typed in &file.typed {
            let node = typed.node;
            match typed.name {
                "ObjectRef" => refs.push((file.file.clone(), node, typed.around)),
                "Preserved" => subjects.extend(node.get("subject").map(|n| (file.file.clone(), n))),
                "Untouched" => subjects.extend(node.list("subjects").iter().map(|n| (file.file.clone(), n))),
                "History" => {
                    let aliases = node.list("kept").iter().chain(node.get("rolledBack"));
                    subjects.extend(aliases.map(|n| (file.file.clone(), n)));
                }
                "Floor" => subjects.extend(node.get("subject").map(|n| (file.file.clone(), n))),
                "Patch" | "Scale" | "Restart" | "BaselineSpec" => single.extend(node.get("on").map(|n| (file.file.clone(), n))),
                _ => {}
            }
        }
    }
    for (file, node, around) in refs {
        reference(judge, &file, node, around);
        if let Some(alias) = node.get("baseline").filter(|n| n.text().is_some_and(|a| !aliases.contains(&a))) {
            judge.unknown(&file, &what, alias, &aliases);
        }
    }
    for (file, node) in subjects {
        if node.text().is_some_and(|a| !aliases.contains(&a)) {
            judge.unknown(&file, &what, node, &aliases);
        }
    }
    for (file, node) in single {
        if matches!(node.value, Value::Map(_)) && node.get("kind").is_some() && node.get("name").is_none() {
            let message = Text::new("객체 하나를 가리켜야 하는데 `name`이 없습니다", "it must point at one object, and has no `name`");
            judge.error_in(&file, codes::NOTHING_STATED, node.span, message, None);
        }
    }
}

fn reference(judge: &mut Judge<'_>, file: &std::path::Path, node: &Node, around: Span) {
    let Value::Map(entries) = &node.value else { return };
    if node.get("baseline").is_some() {
        if let Some(extra) = entries.iter().find(|e| e.key != "baseline") {
            let message = Text::new(
                format!("`baseline`은 객체를 이미 정합니다. `{}`를 함께 쓸 수 없습니다", extra.key),
                format!("`baseline` names the object already; `{}` cannot stand beside it", extra.key),
            );
            judge.error_in(file, codes::NOT_ONE_KIND, extra.key_span, message, None);
        }
        return;
    }
    let Some(kind) = node.get("kind") else {
        let message = Text::new(
            "아무 객체도 가리키지 않습니다: `kind`도 `baseline`도 없습니다",
            "it points at no object: there is neither `kind` nor `baseline`",
        );
        let span = entries.first().map_or(around, |e| e.key_span);
        return judge.error_in(file, codes::NOTHING_STATED, span, message, None);
    };
    if kind.text().is_some_and(|k| !k.starts_with(|c: char| c.is_ascii_uppercase())) {
        let name = kind.text().unwrap_or_default();
        let message = Text::new(format!("`{name}`은(는) 객체의 kind가 아닙니다"), format!("`{name}` is not the kind of an object"));
        let help = Text::new("매니페스트에 쓰는 대로 쓰세요: `Deployment`", "write it as in a manifest: `Deployment`");
        judge.error_in(file, codes::BAD_VALUE, kind.span, message, Some(help));
    }
}
