use serde_json::{Value, json};

use super::{
    args::{ReportFormat, StartArgs},
    context::Context,
    exit_code::Exit,
    failure::Failure,
    output,
    run::Result,
    start,
};
use crate::{
    attempt::{AttemptId, Progress},
    report::{self, BundleReport, PartState, time},
    runner::{Engine, StartOptions, Started},
    scenario::Bundle,
    text::{self, Text},
};

/// Starts a bundle, or goes on with it.
pub async fn start(context: &Context, engine: &Engine, bundle: &Bundle, args: StartArgs) -> Result {
    let environment = engine.environment_for_start();
    let options = StartOptions { replace: args.replace, with: args.with, ..StartOptions::default() };
    let before = engine.open_bundle(&environment).await?;
    let begun = engine.start_bundle(bundle, &environment, options).await?;
    let run = engine.open_bundle(&environment).await?.or(before);
    let report = match run {
        Some(run) => Some(engine.bundle_report(&run.id).await?),
        None => None,
    };
    let story = before_first(report.as_ref()).then(|| text::markdown(bundle.story.get(context.lang), context.width, context.colour));
    let data = json!({"bundle": report, "started": begun.as_ref().map(start::data)});
    let progress = progress(engine, begun.as_ref()).await?;
    let text = || format!("{}{}", story.unwrap_or_default(), page(context, report.as_ref(), begun.as_ref(), progress.as_ref()));
    output::print(context, "BundleStarted", text, &data)?;
    Ok(Exit::Done)
}

/// Whether a bundle has only just begun.
fn before_first(report: Option<&BundleReport>) -> bool {
    report.is_some_and(|report| report.parts.iter().all(|part| part.state != PartState::Finished))
}

/// How far the learner is in the part that was begun, when that is a lab.
pub async fn progress(engine: &Engine, begun: Option<&Started>) -> std::result::Result<Option<Progress>, Failure> {
    let Some(started) = begun else { return Ok(None) };
    Ok(engine.progress(&started.attempt, &started.scenario).await?)
}

/// Where the learner is in a bundle, and the part that was begun.
pub fn page(context: &Context, report: Option<&BundleReport>, begun: Option<&Started>, progress: Option<&Progress>) -> String {
    let place = report.map(|report| place(context, report)).unwrap_or_default();
    match begun {
        Some(started) => format!("{place}\n{}", start::page(context, started, progress)),
        None => {
            let over = Text::new(
                "묶음의 모든 시나리오를 마쳤습니다. 다음: `kubedrill report`",
                "All parts of the bundle are finished. next: `kubedrill report`",
            );
            format!("{place}{}\n", over.get(context.lang))
        }
    }
}

/// The bundle's line: which part, and the clock of the whole.
pub fn place(context: &Context, report: &BundleReport) -> String {
    let (lang, count) = (context.lang, report.parts.len());
    let at = report.current().map_or(count, |(at, _)| at + 1);
    let title = &report.bundle.title;
    let used = time::used(&report.time);
    let line =
        Text::new(format!("묶음 “{}” {at}/{count} · {}", title.ko, used.ko), format!("Bundle “{}” {at}/{count} · {}", title.en, used.en));
    format!("{}\n", line.get(lang))
}

/// What the output of a part's command says of the bundle around it.
pub struct Around {
    /// For a person.
    pub line: String,
    /// For a program.
    pub data: Value,
}

/// The bundle that an attempt belongs to.
pub async fn around(context: &Context, engine: &Engine, attempt: &AttemptId) -> std::result::Result<Option<Around>, Failure> {
    let Some(run) = engine.bundle_of(attempt).await? else { return Ok(None) };
    let report = engine.bundle_report(&run.id).await?;
    Ok(Some(Around { line: place(context, &report), data: summary(&report) }))
}

/// What to do about a part that is solved.
pub fn next() -> Text {
    Text::new(
        "`kubedrill next`가 이 시나리오를 채점하고 다음 것을 시작합니다.\n",
        "`kubedrill next` judges this part for good and starts the next.\n",
    )
}

/// The bundle for programs, without the reports of its parts.
pub fn summary(report: &BundleReport) -> Value {
    let part = |part: &report::BundlePart| json!({"id": part.id, "title": part.title, "state": part.state, "minutes": part.minutes, "weight": part.weight, "usedSeconds": part.used_seconds, "total": part.report.as_ref().map(|r| r.score.total)});
    json!({
        "id": report.bundle.id, "run": report.run.id, "time": report.time, "score": report.score, "atLimit": report.at_limit,
        "parts": report.parts.iter().map(part).collect::<Vec<_>>(),
    })
}

/// How a bundle stands between two parts: for `status`.
pub fn standing(context: &Context, report: &BundleReport) -> String {
    let marks = report.parts.iter().zip(1..).map(|(part, number)| {
        let mark = match part.state {
            PartState::Finished => "✓",
            PartState::Open => "▶",
            PartState::Ahead | PartState::Broken => "○",
        };
        let points = part.report.as_ref().filter(|r| r.run.is_some()).map(|r| format!("  {} / 100", r.score.total)).unwrap_or_default();
        format!("  {mark} {number}. {}{points}\n", part.title.get(context.lang))
    });
    format!("{}{}", place(context, report), marks.collect::<String>())
}

/// The bundle's report in a format.
pub fn render(context: &Context, report: &BundleReport, format: ReportFormat, colour: bool) -> std::result::Result<String, Failure> {
    let options = report::TerminalOptions { colour, ..context.terminal() };
    Ok(match format {
        ReportFormat::Text => report::terminal::render_bundle(report, options),
        ReportFormat::Json => report::json::render_bundle(report)?,
        ReportFormat::Markdown => report::markdown::render_bundle(report, context.lang)?,
        ReportFormat::Junit => report::junit::render_bundle(report, context.lang)?,
        ReportFormat::Html => report::html::render_bundle(report, context.lang)?,
    })
}
