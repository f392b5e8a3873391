use serde::Serialize;
use serde_json::Value;

use super::{
    bundle, check,
    context::Context,
    output,
    run::{Result, engine},
};
use crate::{
    attempt::Trigger,
    report,
    runner::CheckOptions,
    score::{Score, Timing, Total},
    text::Text,
};

/// The score with what there is to say about its time.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Scored<'a> {
    #[serde(flatten)]
    score: &'a Score,
    time: &'a Timing,
    late: bool,
    at_limit: Option<Total>,
    bundle: Option<Value>,
}

/// Judges the attempt for good, with every wait that the checks ask for, and prints the arithmetic.
pub async fn run(context: &Context) -> Result {
    let engine = engine(context, "score").await?;
    let session = engine.session(&engine.environment().await?).await?;
    let options = CheckOptions { provisional: false, step: None, trigger: Trigger::Submit };
    let checked = engine.check(&session, &options).await?;
    let report = engine.report(Some(&session.attempt.id), &session.environment.name).await?;
    let around = bundle::around(context, &engine, &session.attempt.id).await?;
    let (line, bundle) = around.map(|around| (around.line, around.data)).unzip();
    let next = if bundle.is_some() && checked.run.solved() { bundle::next() } else { Text::default() };
    let data = Scored {
        bundle,
        score: &checked.score,
        time: &checked.timing,
        late: report.run.as_ref().is_some_and(|r| r.late),
        at_limit: report.at_limit,
    };
    output::print(
        context,
        "Score",
        || {
            let page = report::terminal::render(&report, context.terminal());
            format!("{page}{}{}", line.unwrap_or_default(), next.get(context.lang))
        },
        &data,
    )?;
    Ok(check::exit(&checked.run))
}
