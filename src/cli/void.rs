use super::{
    args::{VoidArgs, VoidTreatment},
    context::Context,
    exit_code::Exit,
    output,
    run::{Result, engine},
};
use crate::{
    attempt::VoidAs,
    runner::{Because, VoidAsked},
};

/// Finds a check faulty for everybody, or takes that back, and says whose score it changes. Needs no cluster.
pub async fn run(context: &Context, args: VoidArgs) -> Result {
    let engine = engine(context, "void").await?;
    let treatment = args.treatment.map(|treatment| match treatment {
        VoidTreatment::Full => VoidAs::Full,
        VoidTreatment::Removed => VoidAs::Removed,
    });
    let asked = VoidAsked { scenario: args.scenario, check: args.check, digest: args.digest, treatment };
    let because = Because { reason: args.reason, by: args.by };
    let changes = engine.void(&asked, &because, !args.dry_run).await?;
    output::print(context, "Voided", || changes.render(context.lang), &changes)?;
    Ok(Exit::Done)
}
