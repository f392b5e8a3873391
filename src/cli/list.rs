use serde_json::json;

use super::{context::Context, exit_code::Exit, output, run::Result};
use crate::{
    runner,
    scenario::{Catalogue, Kind, Scenario},
    text::{self, Lang, Text},
};

/// Lists the scenarios.
pub async fn run(context: &Context) -> Result {
    let catalogue = runner::catalogue(&context.paths, &context.packs)?;
    let rows: Vec<_> = catalogue.scenarios.iter().map(row).collect();
    output::print(context, "ScenarioList", || table(&catalogue, context), &json!({"scenarios": rows}))?;
    Ok(Exit::Done)
}

fn row(scenario: &Scenario) -> serde_json::Value {
    let (metadata, spec) = (&scenario.file.metadata, &scenario.file.spec);
    json!({
        "id": metadata.name, "kind": scenario.file.kind, "code": metadata.code, "title": metadata.title, "summary": spec.summary,
        "level": spec.level, "minutes": spec.minutes, "requires": spec.requires, "checkpoints": metadata.checkpoints,
        "digest": scenario.digest, "solutions": scenario.solutions.len(), "cheats": scenario.cheats.len(),
    })
}

/// One block a scenario: a table of long Korean titles would not fit a narrow terminal.
fn table(catalogue: &Catalogue, context: &Context) -> String {
    let lang = context.lang;
    let (bold, dim, reset) = if context.colour { ("\u{1b}[1m", "\u{1b}[2m", "\u{1b}[0m") } else { ("", "", "") };
    let mut out = String::new();
    for (kind, heading) in [(Kind::Challenge, Text::new("챌린지", "Challenges")), (Kind::Lab, Text::new("실습", "Labs"))] {
        let of_kind: Vec<_> = catalogue.scenarios.iter().filter(|s| s.file.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        out += &format!("{bold}{}{reset}\n", heading.get(lang));
        let id_width = of_kind.iter().map(|s| text::width(s.id())).max().unwrap_or_default();
        for scenario in of_kind {
            let spec = &scenario.file.spec;
            let minutes = match lang {
                Lang::Ko => format!("{}분", spec.minutes),
                Lang::En => format!("{} min", spec.minutes),
            };
            out += &format!(
                "  {}  {} {dim}· {} · {minutes}{reset}\n",
                text::pad(scenario.id(), id_width),
                scenario.file.metadata.title.get(lang),
                spec.level.title().get(lang),
            );
            for line in text::wrap(spec.summary.get(lang), context.width.saturating_sub(6)) {
                out += &format!("      {dim}{line}{reset}\n");
            }
        }
        out.push('\n');
    }
    out += match lang {
        Lang::Ko => "시작하려면: kubedrill start ID   먼저 읽어 보려면: kubedrill show ID\n",
        Lang::En => "To start one: kubedrill start ID   To read it first: kubedrill show ID\n",
    };
    out
}
