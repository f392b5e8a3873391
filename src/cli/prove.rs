use super::{
    args::ProveArgs,
    context::Context,
    exit_code::Exit,
    output,
    run::{Result, engine},
};
use crate::report;

/// Proves scenarios.
pub async fn run(context: &Context, args: ProveArgs) -> Result {
    let engine = engine(context, "prove").await?;
    let ids = if args.all {
        {
            let catalogue = engine.catalogue()?;
            let scenarios = catalogue.scenarios.iter().map(|s| s.id().to_owned());
            scenarios.chain(catalogue.bundles.iter().map(|b| b.id().to_owned())).collect()
        }
    } else {
        args.scenarios
    };
    let proof = engine.prove(&ids, usize::from(args.jobs)).await?;
    if let Some(file) = &args.junit {
        std::fs::write(file, report::junit::render_proof(&proof)?)?;
    }
    output::print(context, "Proof", || report::terminal::render_proof(&proof, context.terminal()), &proof)?;
    output::print_aside(&report::terminal::render_shortfalls(&proof, context.terminal()))?;
    Ok(if proof.passed() { Exit::Done } else { Exit::ChecksFailed })
}
