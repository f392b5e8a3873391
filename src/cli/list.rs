use serde_json::json;

use super::{context::Context, exit_code::Exit, output, run::Result};
use crate::{
    runner,
    scenario::{Bundle, Catalogue, Kind, Level, Scenario},
    text::{self, Lang, Text},
};

/// Lists the scenarios.
pub async fn run(context: &Context) -> Result {
    let catalogue = runner::catalogue(&context.paths, &context.packs)?;
    let rows: Vec<_> = catalogue.scenarios.iter().map(row).collect();
    let bundles: Vec<_> = catalogue.bundles.iter().map(bundle_row).collect();
    output::print(context, "ScenarioList", || table(&catalogue, context), &json!({"scenarios": rows, "bundles": bundles}))?;
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

fn bundle_row(bundle: &Bundle) -> serde_json::Value {
    let (metadata, spec) = (&bundle.file.metadata, &bundle.file.spec);
    json!({
        "id": metadata.name, "code": metadata.code, "title": metadata.title, "summary": spec.summary, "level": spec.level,
        "minutes": spec.minutes, "weights": spec.weights, "parts": spec.parts, "digest": bundle.digest,
    })
}

/// One block a scenario: a table of long Korean titles would not fit a narrow terminal.
fn table(catalogue: &Catalogue, context: &Context) -> String {
    let mut out = String::new();
    for (kind, heading) in [(Kind::Challenge, Text::new("챌린지", "Challenges")), (Kind::Lab, Text::new("실습", "Labs"))] {
        out += &section(context, &heading, catalogue.scenarios.iter().filter(|s| s.file.kind == kind).map(Line::of).collect());
    }
    let heading = Text::new("묶음: 여러 시나리오를 한 시계로", "Bundles: several scenarios under one clock");
    out += &section(context, &heading, catalogue.bundles.iter().map(Line::of_bundle).collect());
    out += match context.lang {
        Lang::Ko => "시작하려면: kubedrill start ID   먼저 읽어 보려면: kubedrill show ID\n",
        Lang::En => "To start one: kubedrill start ID   To read it first: kubedrill show ID\n",
    };
    out
}

/// What a list says of one scenario or bundle.
struct Line<'a> {
    id: &'a str,
    title: &'a Text,
    level: Level,
    minutes: u32,
    summary: &'a Text,
}

impl<'a> Line<'a> {
    fn of(scenario: &'a Scenario) -> Self {
        let (metadata, spec) = (&scenario.file.metadata, &scenario.file.spec);
        Self { id: &metadata.name, title: &metadata.title, level: spec.level, minutes: spec.minutes, summary: &spec.summary }
    }

    fn of_bundle(bundle: &'a Bundle) -> Self {
        let (metadata, spec) = (&bundle.file.metadata, &bundle.file.spec);
        Self { id: &metadata.name, title: &metadata.title, level: spec.level, minutes: spec.minutes, summary: &spec.summary }
    }
}

/// A heading and what is under it; nothing where there is nothing.
fn section(context: &Context, heading: &Text, lines: Vec<Line<'_>>) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let (bold, reset) = if context.colour { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
    format!("{bold}{}{reset}\n{}\n", heading.get(context.lang), block(context, &lines))
}

fn block(context: &Context, lines: &[Line<'_>]) -> String {
    let lang = context.lang;
    let (dim, reset) = if context.colour { ("\u{1b}[2m", "\u{1b}[0m") } else { ("", "") };
    let width = lines.iter().map(|line| text::width(line.id)).max().unwrap_or_default();
    let mut out = String::new();
    for Line { id, title, level, minutes, summary } in lines {
        let minutes = match lang {
            Lang::Ko => format!("{minutes}분"),
            Lang::En => format!("{minutes} min"),
        };
        out += &format!("  {}  {} {dim}· {} · {minutes}{reset}\n", text::pad(id, width), title.get(lang), level.title().get(lang));
        for wrapped in text::wrap(summary.get(lang), context.width.saturating_sub(6)) {
            out += &format!("      {dim}{wrapped}{reset}\n");
        }
    }
    out
}
