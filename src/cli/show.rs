use serde_json::json;

use super::{args::ScenarioArgs, context::Context, exit_code::Exit, output, run::Result};
use crate::{
    runner,
    scenario::{Kind, Scenario},
    text::{self, Lang},
};

/// Prints a scenario's story, its goals and what they are worth; never its checks' expected values.
pub async fn run(context: &Context, args: &ScenarioArgs) -> Result {
    let catalogue = runner::catalogue(&context.paths, &context.packs)?;
    let scenario = runner::find(&catalogue, &args.scenario)?;
    let goals: Vec<_> = scenario
        .checks()
        .filter(|c| c.role == crate::scenario::Role::Objective)
        .map(|c| json!({"id": c.id, "title": c.title, "points": c.points, "category": c.category}))
        .collect();
    let data = json!({
        "id": scenario.id(), "scenario": scenario.file.kind, "title": scenario.file.metadata.title, "summary": scenario.file.spec.summary,
        "minutes": scenario.file.spec.minutes, "level": scenario.file.spec.level, "story": scenario.story, "goals": goals,
    });
    output::print(context, "Scenario", || page(scenario, context), &data)?;
    Ok(Exit::Done)
}

/// The story and the goals, for a terminal.
pub fn page(scenario: &Scenario, context: &Context) -> String {
    let lang = context.lang;
    let mut out = text::markdown(scenario.story.get(lang), context.width, context.colour);
    out.push('\n');
    if scenario.file.kind == Kind::Lab {
        for (number, step) in scenario.file.spec.steps.iter().enumerate() {
            let heading = format!("## {}. {}\n\n{}", number + 1, step.title.get(lang), step.text.get(lang));
            out += &text::markdown(&heading, context.width, context.colour);
            out.push('\n');
        }
        return out;
    }
    out += match lang {
        Lang::Ko => "목표\n",
        Lang::En => "Goals\n",
    };
    for check in scenario.checks().filter(|c| c.role == crate::scenario::Role::Objective) {
        let points = match lang {
            Lang::Ko => format!("{}점", check.points),
            Lang::En => format!("{} points", check.points),
        };
        out += &format!("  · {} ({points})\n", check.title.get(lang));
    }
    out
}
