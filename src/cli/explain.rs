use super::{
    args::ExplainArgs,
    context::Context,
    exit_code::Exit,
    output,
    run::{Result, engine},
};
use crate::{attempt::AttemptId, report, runner::VerdictAsked};

/// Says why a check was judged as it was. Reads stored data only: needs no cluster.
pub async fn run(context: &Context, args: ExplainArgs) -> Result {
    let engine = engine(context, "explain").await?;
    let environment = engine.environment().await?;
    let asked = VerdictAsked { check: args.check, run: args.run, attempt: args.attempt.map(AttemptId), environment };
    let explanation = engine.explain(&asked).await?;
    output::print(context, "Explanation", || report::terminal::render_explanation(&explanation, context.terminal()), &explanation)?;
    Ok(Exit::Done)
}
