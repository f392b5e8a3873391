use super::{
    args::ProveArgs,
    context::Context,
    exit_code::Exit,
    output,
    run::{Result, engine},
};
use crate::{
    report,
    runner::{Engine, ProveOptions},
    text::Text,
};

/// Proves scenarios.
pub async fn run(context: &Context, args: ProveArgs) -> Result {
    if args.watch {
        return watch(context, &args).await;
    }
    let engine = engine(context, "prove").await?;
    once(context, &engine, &args).await
}

async fn once(context: &Context, engine: &Engine, args: &ProveArgs) -> Result {
    let ids = if args.all {
        let catalogue = engine.catalogue()?;
        // A project takes many times as long as any other scenario; it is proven when it is named.
        let scenarios = catalogue.scenarios.iter().filter(|s| s.file.spec.rubric.is_none()).map(|s| s.id().to_owned());
        scenarios.chain(catalogue.bundles.iter().map(|b| b.id().to_owned())).collect()
    } else {
        args.scenarios.clone()
    };
    let options = ProveOptions {
        jobs: usize::from(args.jobs),
        mutate: args.mutate,
        retries: usize::from(args.retries),
        recordings: args.recordings.clone(),
    };
    let proof = engine.prove(&ids, options).await?;
    if let Some(file) = &args.junit {
        std::fs::write(file, report::junit::render_proof(&proof)?)?;
    }
    output::print(context, "Proof", || report::terminal::render_proof(&proof, context.terminal()), &proof)?;
    output::print_aside(&report::terminal::render_shortfalls(&proof, context.terminal()))?;
    Ok(if proof.passed() { Exit::Done } else { Exit::ChecksFailed })
}

/// Proves again whenever the folders are edited, also while a proof runs, until it is interrupted.
async fn watch(context: &Context, args: &ProveArgs) -> Result {
    loop {
        // A new one reads everything anew.
        let engine = engine(context, "prove").await?;
        let folders = engine.folders(&args.scenarios)?;
        tokio::select! {
            proven = once(context, &engine, args) => told(context, proven).map(drop)?,
            () = folders.changed() => {
                engine.remove_own().await?;
                continue;
            }
        }
        let waiting =
            Text::new("파일을 고치면 다시 증명합니다. 끝내려면 Ctrl-C\n", "Edit the files to prove them again; Ctrl-C ends it.\n");
        output::print_aside(waiting.get(context.lang))?;
        folders.changed().await;
    }
}

/// Mistakes of the content are there to be repaired; whatever else fails ends the watch.
fn told(context: &Context, proven: Result) -> Result {
    match proven {
        Err(failure) if failure.exit == Exit::ContentInvalid => Ok(output::report_failure(Some(context), context.lang, &failure)),
        other => other,
    }
}
