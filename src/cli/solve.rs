use serde_json::json;

use super::{
    args::SolveArgs,
    context::Context,
    exit_code::Exit,
    failure::Failure,
    output,
    run::{Result, engine},
};
use crate::{
    scenario::{Scenario, Solution},
    text::{self, Text},
};

/// Lists the solutions, shows one, or applies it. Whoever sees one is assisted.
pub async fn run(context: &Context, args: SolveArgs) -> Result {
    let engine = engine(context, "solve").await?;
    let session = engine.session(&engine.environment().await?).await?;
    let solutions = &session.scenario.solutions;
    let Some(name) = &args.solution else {
        let rows: Vec<_> =
            solutions.iter().map(|s| json!({"name": s.name, "title": s.file.title, "step": s.file.step, "with": s.file.with})).collect();
        let text = || {
            let width = solutions.iter().map(|s| text::width(&s.name)).max().unwrap_or_default();
            let lines: Vec<_> =
                solutions.iter().map(|s| format!("  {}  {}", text::pad(&s.name, width), s.file.title.get(context.lang))).collect();
            let next = Text::new(
                "보려면 `kubedrill solve NAME`, 적용하려면 `kubedrill solve NAME --apply` (도움받은 시도로 기록됩니다)",
                "To see one: `kubedrill solve NAME`; to apply it: `kubedrill solve NAME --apply` (the attempt then counts as assisted)",
            );
            format!("{}\n\n{}", lines.join("\n"), next.get(context.lang))
        };
        output::print(context, "Solutions", text, &json!({"solutions": rows}))?;
        return Ok(Exit::Done);
    };
    let solution = engine.solution(&session, name)?;
    engine.show_solution(&session, solution).await?;
    if args.apply {
        engine.apply_solution(&session, solution).await?;
    }
    let actions = serde_json::to_value(&solution.file.actions).map_err(|e| Failure::bug(&e.to_string()))?;
    let data =
        json!({"name": solution.name, "title": solution.file.title, "with": solution.file.with, "actions": actions, "applied": args.apply});
    output::print(context, "Solution", || page(context, &session.scenario, solution, args.apply), &data)?;
    Ok(Exit::Done)
}

fn page(context: &Context, scenario: &Scenario, solution: &Solution, applied: bool) -> String {
    let mut out = format!("{}\n\n", solution.file.title.get(context.lang));
    if !solution.file.with.is_empty() {
        let addons = solution.file.with.join(", ");
        let line = Text::new(format!("필요한 애드온: {addons}\n\n"), format!("It needs the add-on {addons}.\n\n"));
        out += line.get(context.lang);
    }
    out += &serde_saphyr::to_string(&solution.file.actions).unwrap_or_default();
    for file in crate::runner::manifest_files(solution) {
        if let Ok(text) = std::fs::read_to_string(&file) {
            out += &format!("\n# {}\n{}", file.strip_prefix(&solution.dir).unwrap_or(&file).display(), scenario.names.prose(&text));
        }
    }
    if applied {
        out += Text::new("\n적용했습니다. 다음: `kubedrill check`", "\nApplied. next: `kubedrill check`").get(context.lang);
    }
    out
}
