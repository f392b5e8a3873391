use std::{collections::BTreeMap, path::Path};

use super::{Grading, Rubric, notes::Notes};
use crate::{
    diagnostic::{Diagnostic, codes, read_source},
    points::Points,
    scenario::{
        shape::suggestion,
        yaml::{Dialect, Node, compose},
    },
    text::Text,
};

/// How the checks of a scenario depart from the rubric that it names.
#[must_use]
pub fn lint_scenario(dir: &Path, grading: &Grading) -> Vec<Diagnostic> {
    let file = dir.join("scenario.yaml");
    let mut found = Vec::new();
    let documents = read_source(&file).map(|text| compose(&text, Dialect::Core).documents).unwrap_or_default();
    let Some(spec) = documents.first().and_then(|root| root.get("spec")) else { return found };
    let checks = spec.list("checks");
    let mut notes = Notes { file: &file, found: &mut found };
    let Some(name) = spec.get("rubric") else {
        for criterion in checks.iter().filter_map(|check| check.get("criterion")) {
            let message = Text::new(
                "`spec.rubric`이 없어 어느 루브릭의 기준인지 알 수 없습니다",
                "without `spec.rubric` nobody knows whose criterion this is",
            );
            notes.error(codes::UNKNOWN_REFERENCE, Some(criterion), message);
        }
        return found;
    };
    let id = name.text().unwrap_or_default();
    match grading.rubric(id) {
        Some(rubric) => judge(&rubric.spec, checks, &mut notes),
        None => {
            let message = Text::new(format!("루브릭 `{id}`이(가) 없습니다"), format!("there is no rubric `{id}`"));
            notes.error_help(codes::UNKNOWN_REFERENCE, Some(name), message, suggestion(id, &grading.ids()));
        }
    }
    found
}

fn judge(rubric: &Rubric, checks: &[Node], notes: &mut Notes<'_>) {
    let ids: Vec<String> = rubric.lines().flat_map(super::LineSpec::worth).map(|(id, ..)| id).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    notes.known(checks.iter().filter_map(|check| check.get("criterion")), &ids, &Text::new("기준", "criterion"));
    let mut sums: BTreeMap<&str, Points> = BTreeMap::new();
    for check in checks {
        let points: Option<Points> = check.get("points").and_then(|points| serde_json::from_value(points.to_json()).ok());
        let Some(criterion) = check.str("criterion").filter(|id| ids.contains(id)) else {
            if points.is_some() && check.get("criterion").is_none() {
                let message = Text::new(
                    "점수가 있는데 루브릭의 기준(`criterion`)이 없습니다",
                    "it has points and names no `criterion` of the rubric",
                );
                notes.error(codes::CRITERION_POINTS, check.get("id"), message);
            }
            continue;
        };
        category(rubric, criterion, check, notes);
        let sum = sums.entry(criterion).or_default();
        *sum += points.unwrap_or_default();
        let max = rubric.criterion(criterion).map_or(Points::ZERO, |(_, points)| points);
        if *sum > max {
            let message = Text::new(
                format!("`{criterion}`의 검사가 모두 {sum}점입니다. 루브릭은 {max}점입니다"),
                format!("the checks of `{criterion}` come to {sum} points; the rubric has {max}"),
            );
            notes.error(codes::CRITERION_POINTS, check.get("points"), message);
        }
    }
}

/// A check counts for the category of its line; those of a bonus have none.
fn category(rubric: &Rubric, criterion: &str, check: &Node, notes: &mut Notes<'_>) {
    let line = criterion.split('.').next().unwrap_or_default();
    let of = rubric.categories.iter().find(|category| category.lines.iter().any(|one| one.id == line));
    let wanted = of.and_then(|category| serde_json::to_value(category.category).ok());
    let wanted = wanted.as_ref().and_then(serde_json::Value::as_str);
    if let Some(wanted) = wanted.filter(|wanted| check.str("category") != Some(*wanted)) {
        let message =
            Text::new(format!("`{criterion}`은(는) `{wanted}` 분류입니다"), format!("`{criterion}` is of the category `{wanted}`"));
        notes.error(codes::CRITERION_POINTS, check.get("category").or(Some(check)), message);
    }
}
