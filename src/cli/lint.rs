use std::path::PathBuf;

use serde_json::json;

use super::{args::LintArgs, context::Context, exit_code::Exit, output, run::Result};
use crate::{
    diagnostic::{self, Diagnostic, Severity},
    rubric, runner, scenario,
    text::Text,
};

/// Looks for mistakes in scenarios and rubrics: all that loading finds, then what authors regret.
pub fn run(context: &Context, args: &LintArgs) -> Result {
    let mut roots = args.dirs.clone();
    if roots.is_empty() {
        roots = runner::content_roots(&context.paths, &context.packs)?;
        roots.push(runner::shipped_grading(&context.paths)?);
    }
    let (gradings, roots): (Vec<PathBuf>, Vec<PathBuf>) = roots.into_iter().partition(|root| rubric::is_grading(root));
    let folders: Vec<PathBuf> = roots.iter().flat_map(|root| runner::scenario_folders(root)).collect();
    let ids = runner::gradable(&context.packs);
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let graded = gradings.iter().flat_map(|dir| rubric::load_grading(dir, &ids).diagnostics);
    let shipped = runner::grading(&context.paths, &context.packs, None).ok();
    let by_rubric = folders.iter().flat_map(|folder| shipped.iter().flat_map(|grading| rubric::lint_scenario(folder, grading)));
    let found: Vec<Diagnostic> = folders.iter().flat_map(|folder| scenario::lint(folder)).chain(by_rubric).chain(graded).collect();
    let errors = found.iter().filter(|d| d.severity == Severity::Error).count();
    let warnings = found.len() - errors;
    let summary = Text::new(
        format!("시나리오 {}개: 오류 {errors}개, 경고 {warnings}개", folders.len()),
        format!("{} scenarios: {errors} errors, {warnings} warnings", folders.len()),
    );
    let text = || match found.is_empty() {
        true => summary.get(context.lang).to_owned(),
        false => diagnostic::render_terminal(&found, context.lang, context.colour, &diagnostic::read_source),
    };
    output::print(
        context,
        "Lint",
        text,
        &json!({"scenarios": folders.len(), "errors": errors, "warnings": warnings, "diagnostics": found}),
    )?;
    let failed = errors > 0 || folders.is_empty() && gradings.is_empty() || (args.strict && warnings > 0);
    Ok(if failed { Exit::ContentInvalid } else { Exit::Done })
}
