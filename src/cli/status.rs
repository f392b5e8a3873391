use serde_json::json;

use super::{
    bundle,
    context::Context,
    exit_code::Exit,
    lab::Lab,
    output,
    run::{Result, engine},
    time_line,
};
use crate::{
    attempt::{Attempt, AttemptState},
    provider::EnvironmentStatus,
    text::{self, Lang, Text},
};

/// How the environment and the attempt are. Changes nothing.
pub async fn run(context: &Context) -> Result {
    let engine = engine(context, "status").await?;
    let name = engine.environment().await?;
    let (environment, attempt) = engine.status(&name).await?;
    let others: Vec<_> = engine.environments()?.into_iter().filter(|n| *n != name).collect();
    let mut data = json!({"environment": environment, "attempt": attempt, "otherEnvironments": others});
    // What follows the line of the attempt: its clock, how far a lab is, and the bundle that is open.
    let mut below = String::new();
    if attempt.as_ref().is_some_and(|attempt| attempt.state == AttemptState::Open)
        && let Ok((attempt, scenario)) = engine.opened(&name).await
    {
        let time = engine.timing(&attempt, &scenario).await?;
        data["time"] = json!(time);
        below += &time_line::render(&time, context);
        if let Some(progress) = engine.progress(&attempt, &scenario).await? {
            data["progress"] = json!(progress);
            below += &Lab { context, scenario: &scenario, progress: &progress }.place();
        }
    }
    if let Some(run) = engine.open_bundle(&name).await?
        && let Ok(report) = engine.bundle_report(&run.id).await
    {
        data["bundle"] = bundle::summary(&report);
        below += &bundle::standing(context, &report);
    }
    output::print(context, "Status", || page(context, environment.as_ref(), attempt.as_ref(), &below, &others), &data)?;
    Ok(if environment.is_some() || attempt.is_some() { Exit::Done } else { Exit::NotStarted })
}

fn page(context: &Context, environment: Option<&EnvironmentStatus>, attempt: Option<&Attempt>, below: &str, others: &[String]) -> String {
    let lang = context.lang;
    let mut out = String::new();
    match attempt {
        Some(attempt) => {
            let assisted = if attempt.assisted { Text::new(" · 도움받음", " · assisted") } else { Text::default() };
            out += &match lang {
                Lang::Ko => format!("시도 {} · {}{}\n", attempt.id, attempt.scenario, assisted.ko),
                Lang::En => format!("attempt {} · {}{}\n", attempt.id, attempt.scenario, assisted.en),
            };
        }
        None => {
            out += Text::new(
                "열려 있는 시도가 없습니다. 시작하려면: `kubedrill start ID`\n",
                "No attempt is open. To start one: `kubedrill start ID`\n",
            )
            .get(lang)
        }
    }
    out += below;
    if let Some(environment) = environment {
        let state = match (&environment.problem, environment.usable) {
            (Some(problem), _) => Text::new(format!("문제 있음: {}", problem.ko), format!("not usable: {}", problem.en)),
            (None, true) => Text::new("정상", "usable"),
            (None, false) => Text::new("문제 있음: 다음 명령이 고칩니다", "not usable: the next command repairs it"),
        };
        out += &format!("{} · {} · {} MiB\n", environment.name, state.get(lang), environment.memory_bytes >> 20);
        let width = environment.parts.iter().map(|p| text::width(&p.name)).max().unwrap_or_default();
        for part in &environment.parts {
            let mark = if part.running { "✔" } else { "✘" };
            let pid = part.pid.map(|p| p.to_string()).unwrap_or_default();
            let log = part.log.as_ref().map(|log| format!("  {}", log.display())).unwrap_or_default();
            out += &format!("  {mark} {} {pid:>8} {:>5} MiB{log}\n", text::pad(&part.name, width), part.memory_bytes >> 20);
        }
    }
    if !others.is_empty() {
        out += &match lang {
            Lang::Ko => format!("다른 환경: {}\n", others.join(", ")),
            Lang::En => format!("other environments: {}\n", others.join(", ")),
        };
    }
    out
}
