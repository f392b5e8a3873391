use super::{
    args::{SchemaArgs, SchemaKind},
    exit_code::Exit,
    failure::Failure,
    output,
    run::Result,
};
use crate::{report, rubric, runner::MarkSheet, scenario, seal};

/// Prints a JSON Schema.
pub fn run(args: &SchemaArgs) -> Result {
    let [(_, scenario), (_, solution), (_, cheat), (_, bundle), (_, platform)] = scenario::schemas();
    let schema = match args.kind {
        SchemaKind::Scenario => scenario,
        SchemaKind::Solution => solution,
        SchemaKind::Cheat => cheat,
        SchemaKind::Bundle => bundle,
        SchemaKind::Platform => platform,
        SchemaKind::BundleReport => report::json::bundle_schema(),
        SchemaKind::Appeal => report::json::appeal_schema(),
        SchemaKind::Explanation => report::json::explanation_schema(),
        SchemaKind::Rules => scenario::rules_schema(),
        SchemaKind::MarkSheet => MarkSheet::schema(),
        SchemaKind::Changes => report::json::changes_schema(),
        SchemaKind::Audit => report::json::audit_schema(),
        SchemaKind::Archive => seal::archive_schema(),
        SchemaKind::Gradebook => report::json::gradebook_schema(),
        SchemaKind::Report => report::json::schema(),
        SchemaKind::Rubric => grading("rubric")?,
        SchemaKind::Assessment => grading("assessment")?,
        SchemaKind::Levels => grading("levels")?,
        SchemaKind::Checkpoints => grading("checkpoints")?,
        SchemaKind::LearningItems => grading("learning-items")?,
        SchemaKind::Course => grading("course")?,
        SchemaKind::Sheet => grading("sheet")?,
        SchemaKind::RubricScore => grading("rubric-score")?,
        SchemaKind::AssessmentScore => grading("assessment-score")?,
    };
    output::print_text(&serde_json::to_string_pretty(&schema).map_err(|e| Failure::bug(&e.to_string()))?)?;
    Ok(Exit::Done)
}

fn grading(name: &str) -> std::result::Result<serde_json::Value, Failure> {
    let file = format!("{name}.schema.json");
    let found = rubric::grading_schemas().into_iter().find(|(one, _)| *one == file);
    found.map(|(_, schema)| schema).ok_or_else(|| Failure::bug(&format!("no schema {file}")))
}
