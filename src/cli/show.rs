use serde_json::json;

use super::{
    args::ShowArgs,
    context::Context,
    exit_code::Exit,
    failure::Failure,
    lab::Lab,
    output,
    run::{Result, engine},
};
use crate::{
    attempt::Progress,
    runner,
    scenario::{Bundle, Kind, Role, Scenario, Step},
    text::{self, Lang, Text},
};

/// Prints a scenario's story, its goals and what they are worth, or where the learner is in a lab; never a check's expected values.
pub async fn run(context: &Context, args: &ShowArgs) -> Result {
    if let Some(id) = &args.scenario {
        let catalogue = runner::catalogue(&context.paths, &context.packs)?;
        if let Some(bundle) = catalogue.bundles.iter().find(|bundle| bundle.id() == id) {
            return print_bundle(context, bundle);
        }
        return print(context, runner::find(&catalogue, id)?, None, args.step.as_deref());
    }
    let engine = engine(context, "show").await?;
    let (attempt, scenario) = engine.opened(&engine.environment().await?).await?;
    let progress = engine.progress(&attempt, &scenario).await?;
    print(context, &scenario, progress.as_ref(), args.step.as_deref())
}

fn print(context: &Context, scenario: &Scenario, progress: Option<&Progress>, wanted: Option<&str>) -> Result {
    let step = wanted.map(|wanted| chosen(scenario, wanted)).transpose()?;
    let goals: Vec<_> = scenario
        .checks()
        .filter(|c| c.role == Role::Objective)
        .map(|c| json!({"id": c.id, "title": c.title, "points": c.points, "category": c.category}))
        .collect();
    let steps: Vec<_> = scenario.file.spec.steps.iter().map(|s| json!({"id": s.id, "title": s.title, "text": s.text})).collect();
    let mut data = json!({
        "id": scenario.id(), "scenario": scenario.file.kind, "title": scenario.file.metadata.title, "summary": scenario.file.spec.summary,
        "minutes": scenario.file.spec.minutes, "level": scenario.file.spec.level, "story": scenario.story, "goals": goals,
        "optionalAddons": scenario.file.spec.environment.optional_addons,
    });
    if scenario.file.kind == Kind::Lab {
        data["steps"] = json!(steps);
    }
    if let Some(progress) = progress {
        data["progress"] = json!(progress);
    }
    let nothing = Progress::of(&scenario.file.spec.steps, []);
    let text = || {
        let lab = Lab { context, scenario, progress: progress.unwrap_or(&nothing) };
        match (step, progress) {
            (Some(step), _) => lab.page(&step.id).unwrap_or_default(),
            (None, Some(_)) => format!("{}\n{}{}", lab.overview(), lab.current(), lab.place()),
            (None, None) => page(scenario, context),
        }
    };
    output::print(context, "Scenario", text, &data)?;
    Ok(Exit::Done)
}

fn print_bundle(context: &Context, bundle: &Bundle) -> Result {
    let (lang, spec) = (context.lang, &bundle.file.spec);
    let parts: Vec<_> = bundle
        .parts
        .iter()
        .zip(bundle.weights())
        .map(|(part, weight)| json!({"id": part.id(), "title": part.file.metadata.title, "minutes": part.file.spec.minutes, "weight": weight}))
        .collect();
    let data = json!({
        "id": bundle.id(), "title": bundle.file.metadata.title, "summary": spec.summary, "minutes": spec.minutes, "level": spec.level,
        "weights": spec.weights, "story": bundle.story, "parts": parts,
    });
    let text = || {
        let mut out = text::markdown(bundle.story.get(lang), context.width, context.colour);
        out += &match lang {
            Lang::Ko => format!("\n시나리오 (모두 {}분)\n", spec.minutes),
            Lang::En => format!("\nParts ({} min in all)\n", spec.minutes),
        };
        for (part, number) in bundle.parts.iter().zip(1..) {
            let minutes = part.file.spec.minutes;
            out += &match lang {
                Lang::Ko => format!("  {number}. {} ({minutes}분) {}\n", part.file.metadata.title.ko, part.id()),
                Lang::En => format!("  {number}. {} ({minutes} min) {}\n", part.file.metadata.title.en, part.id()),
            };
        }
        out
    };
    output::print(context, "Bundle", text, &data)?;
    Ok(Exit::Done)
}

fn chosen<'a>(scenario: &'a Scenario, wanted: &str) -> std::result::Result<&'a Step, Failure> {
    let steps = &scenario.file.spec.steps;
    let number = wanted.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let found = number.and_then(|at| steps.get(at)).or_else(|| steps.iter().find(|step| step.id == wanted));
    found.ok_or_else(|| {
        let ids: Vec<_> = steps.iter().map(|step| step.id.as_str()).collect();
        let message = Text::new(format!("단계 `{wanted}`이(가) 없습니다"), format!("there is no step `{wanted}`"));
        Failure::new(Exit::Usage, message).cause(format!("steps: {}", ids.join(", ")))
    })
}

/// The story and the goals, for a terminal; of a lab, every step.
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
        return out + &optional(scenario, lang);
    }
    out += match lang {
        Lang::Ko => "목표\n",
        Lang::En => "Goals\n",
    };
    for check in scenario.checks().filter(|c| c.role == Role::Objective) {
        let points = match lang {
            Lang::Ko => format!("{}점", check.points),
            Lang::En => format!("{} points", check.points),
        };
        out += &format!("  · {} ({points})\n", check.title.get(lang));
    }
    out + &optional(scenario, lang)
}

/// What a learner may work with besides, and how to have it.
fn optional(scenario: &Scenario, lang: Lang) -> String {
    let id = scenario.id();
    let line = |addon: &String| {
        Text::new(
            format!("{addon}을(를) 쓰고 싶다면: `kubedrill start {id} --with {addon}`\n"),
            format!("to work with {addon}: `kubedrill start {id} --with {addon}`\n"),
        )
    };
    let environment = &scenario.file.spec.environment;
    let missing = environment.optional_addons.iter().filter(|addon| !environment.addons.contains(addon));
    let lines: String = missing.map(|addon| line(addon).get(lang).to_owned()).collect();
    if lines.is_empty() { lines } else { format!("\n{lines}") }
}
