use super::{
    check,
    context::Context,
    output,
    run::{Result, engine},
};
use crate::{attempt::Trigger, report, runner::CheckOptions};

/// Judges the attempt for good, with every wait that the checks ask for, and prints the arithmetic.
pub async fn run(context: &Context) -> Result {
    let engine = engine(context, "score").await?;
    let session = engine.session(&engine.environment().await?).await?;
    let options = CheckOptions { provisional: false, step: None, trigger: Trigger::Submit };
    let checked = engine.check(&session, &options).await?;
    let report = engine.report(Some(&session.attempt.id), &session.environment.name).await?;
    output::print(context, "Score", || report::terminal::render(&report, context.terminal()), &checked.score)?;
    Ok(check::exit(&checked.run))
}
