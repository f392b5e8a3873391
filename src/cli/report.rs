use serde_json::json;

use super::{
    args::{ReportArgs, ReportFormat},
    bundle,
    context::Context,
    exit_code::Exit,
    failure::Failure,
    output,
    run::{Result, engine},
};
use crate::{
    attempt::AttemptId,
    report::{self, Report, TerminalOptions},
    text::Text,
};

/// Writes the score report of an attempt. Reads stored data only: needs no cluster.
pub async fn run(context: &Context, args: ReportArgs) -> Result {
    let engine = engine(context, "report").await?;
    if args.list {
        let attempts = engine.attempts().await?;
        let text = || attempts.iter().map(|a| format!("{}  {}  {:?}\n", a.id, a.scenario, a.state).to_lowercase()).collect();
        output::print(context, "Attempts", text, &json!({"attempts": attempts}))?;
        return Ok(Exit::Done);
    }
    let id = args.attempt.map(AttemptId);
    let environment = engine.environment().await?;
    let format = if context.json() { ReportFormat::Json } else { args.format };
    let colour = context.colour && args.out.is_none();
    let rendered = match engine.reported_bundle(id.as_ref(), &environment).await? {
        Some(run) => bundle::render(context, &engine.bundle_report(&run.id).await?, format, colour)?,
        None => render(context, &engine.report(id.as_ref(), &environment).await?, format, colour)?,
    };
    let Some(file) = args.out else {
        output::print_text(&rendered)?;
        return Ok(Exit::Done);
    };
    std::fs::write(&file, rendered)?;
    let text = Text::new(format!("리포트를 썼습니다: {}", file.display()), format!("The report is in {}", file.display()));
    output::print(context, "ReportWritten", || text.get(context.lang).to_owned(), &json!({"file": file}))?;
    Ok(Exit::Done)
}

fn render(context: &Context, report: &Report, format: ReportFormat, colour: bool) -> std::result::Result<String, Failure> {
    Ok(match format {
        ReportFormat::Text => report::terminal::render(report, TerminalOptions { colour, ..context.terminal() }),
        ReportFormat::Json => report::json::render(report)?,
        ReportFormat::Markdown => report::markdown::render(report, context.lang)?,
        ReportFormat::Html => report::html::render(report, context.lang)?,
        ReportFormat::Junit => report::junit::render(report, context.lang)?,
    })
}
