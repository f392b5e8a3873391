use super::{
    args::RegradeArgs,
    context::Context,
    exit_code::Exit,
    output,
    run::{Result, engine},
};
use crate::runner::{Because, RegradeAsked};

/// Computes stored attempts anew, and says whose score that changes. Needs no cluster.
pub async fn run(context: &Context, args: RegradeArgs) -> Result {
    let engine = engine(context, "regrade").await?;
    let asked = RegradeAsked { scenario: args.scenario, dir: args.scenario_dir, rules: args.rules };
    let because = Because { reason: args.reason.unwrap_or_default(), by: args.by };
    let changes = engine.regrade(&asked, args.apply.then_some(&because)).await?;
    output::print(context, "Regraded", || changes.render(context.lang), &changes)?;
    Ok(Exit::Done)
}
