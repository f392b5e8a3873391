use std::path::Path;

use super::{Graded, Grading, Rubric, SheetEntry, SheetFile, notes::Notes, schema};
use crate::{
    diagnostic::{Diagnostic, codes},
    points::Points,
    scenario::{
        document::{self, Document},
        shape::suggestion,
        sort,
        yaml::Node,
    },
    score::MARK_STEP,
    text::Text,
};

/// Reads a sheet and judges it by the rubric or assessment that it names.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_sheet(text: &str, file: &Path, grading: &Grading) -> Result<SheetFile, Vec<Diagnostic>> {
    let mut found = Vec::new();
    let Document { node, data, .. } = document::read::<SheetFile>(text, file, &schema::SHEET, &mut found);
    if let (Some(node), Some(data)) = (&node, &data) {
        let mut notes = Notes { file, found: &mut found };
        judge(data, node, grading, &mut notes);
    }
    sort(&mut found);
    match data {
        Some(data) if found.is_empty() => Ok(data),
        _ => Err(found),
    }
}

fn judge(sheet: &SheetFile, node: &Node, grading: &Grading, notes: &mut Notes<'_>) {
    let id = &sheet.metadata.rubric;
    let Some(graded) = grading.get(id) else {
        let message = Text::new(format!("루브릭 `{id}`이(가) 없습니다"), format!("there is no rubric `{id}`"));
        let help = suggestion(id, &grading.ids());
        return notes.error_help(codes::UNKNOWN_REFERENCE, node.at(&["metadata", "rubric"]), message, help);
    };
    let Some(spec) = node.get("spec") else { return };
    let ids = |key: &str| spec.list(key).iter().filter_map(|entry| entry.get("id")).collect::<Vec<_>>();
    for key in ["entries", "excused", "records"] {
        notes.unique(ids(key));
    }
    let (entries, records): (Vec<String>, Vec<&str>) = match graded {
        Graded::Rubric(rubric) => (
            rubric.lines().flat_map(super::LineSpec::worth).map(|(id, ..)| id).collect(),
            rubric.records.iter().map(|record| record.id.as_str()).collect(),
        ),
        Graded::Assessment(assessment) => (assessment.items().map(|item| item.id.clone()).collect(), Vec::new()),
    };
    let known: Vec<&str> = entries.iter().map(String::as_str).collect();
    notes.known(ids("entries"), &known, &Text::new("기준", "criterion"));
    notes.known(ids("records"), &records, &Text::new("기록", "record"));
    let excusable = if matches!(graded, Graded::Assessment(_)) { known.as_slice() } else { &[] };
    notes.known(ids("excused"), excusable, &Text::new("면제할 수 있는 항목", "item that can be excused"));
    for (entry, node) in sheet.spec.entries.iter().zip(spec.list("entries")) {
        one(entry, node, notes);
        match graded {
            Graded::Rubric(rubric) => by_rubric(entry, node, rubric, notes),
            Graded::Assessment(_) => by_assessment(entry, node, notes),
        }
    }
}

/// An entry holds exactly one finding.
fn one(entry: &SheetEntry, node: &Node, notes: &mut Notes<'_>) {
    let held = [entry.mark.is_some(), entry.check.is_some(), entry.scores.is_some()].into_iter().filter(|held| *held).count();
    if held != 1 {
        let message =
            Text::new("`mark`, `check`, `scores` 가운데 정확히 하나를 쓰세요", "write exactly one of `mark`, `check` and `scores`");
        notes.error(codes::NOT_ONE_KIND, Some(node), message);
    }
}

fn by_rubric(entry: &SheetEntry, node: &Node, rubric: &Rubric, notes: &mut Notes<'_>) {
    let Some((criterion, max)) = rubric.criterion(&entry.id) else { return };
    if entry.scores.is_some() {
        let message = Text::new("`scores`는 가중 평가에만 씁니다", "only weighted assessments have `scores`");
        notes.error(codes::WRONG_KIND_PART, node.get("scores"), message);
    }
    if let Some(mark) = &entry.mark {
        stepped(mark.points, max, node, notes);
        let given: Vec<Points> = criterion.levels.iter().map(|level| level.points).collect();
        if !given.is_empty() && mark.points != Points::ZERO && !given.contains(&mark.points) {
            let all: Vec<String> = given.iter().map(Points::to_string).collect();
            let message = Text::new(
                format!("`{}`에는 0, {}점만 줄 수 있습니다", entry.id, all.join(", ")),
                format!("`{}` takes 0, {} only", entry.id, all.join(", ")),
            );
            notes.error(codes::BAD_VALUE, node.at(&["mark", "points"]), message);
        }
    }
    if let Some(check) = &entry.check {
        let odd = match (check.passed, check.of) {
            (Some(passed), Some(of)) => of == 0 || passed > of,
            (None, None) => false,
            _ => true,
        };
        if odd {
            let message =
                Text::new("`passed`와 `of`는 함께 쓰고, `passed`가 `of`를 넘지 않습니다", "`passed` goes with `of`, and is not above it");
            notes.error(codes::BAD_VALUE, node.get("check"), message);
        }
    }
}

fn by_assessment(entry: &SheetEntry, node: &Node, notes: &mut Notes<'_>) {
    if entry.check.is_some() {
        let message = Text::new("`check`는 점수 루브릭에만 씁니다", "only rubrics of points have `check`");
        notes.error(codes::WRONG_KIND_PART, node.get("check"), message);
    }
    if let Some(mark) = &entry.mark {
        stepped(mark.points, Points::whole(100), node, notes);
    }
    if entry.scores.as_ref().is_some_and(Vec::is_empty) {
        let message = Text::new(
            "`scores`가 비어 있습니다. 점수가 없으면 항목을 빼세요",
            "`scores` is empty; leave the entry out when there are none",
        );
        notes.error(codes::NOTHING_STATED, node.get("scores"), message);
    }
}

/// A mark lies between nothing and all that there is, in steps.
fn stepped(mark: Points, max: Points, node: &Node, notes: &mut Notes<'_>) {
    if mark < Points::ZERO || mark > max || mark.as_hundredths() % MARK_STEP.as_hundredths() != 0 {
        let message = Text::new(
            format!("점수는 0에서 {max}까지, {MARK_STEP}점 단위입니다"),
            format!("a mark is between 0 and {max}, in steps of {MARK_STEP}"),
        );
        notes.error(codes::BAD_VALUE, node.at(&["mark", "points"]), message);
    }
}
