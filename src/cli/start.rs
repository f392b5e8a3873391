use serde_json::json;

use super::{args::StartArgs, context::Context, exit_code::Exit, output, run::Result, run::engine, show};
use crate::{
    runner::{StartOptions, Started},
    scenario::Scenario,
    text::Text,
};

/// Starts a scenario, or comes back to the one that is open.
pub async fn run(context: &Context, args: StartArgs) -> Result {
    if args.dry_run {
        return super::plan::run(context, &args.scenario).await;
    }
    let engine = engine(context, "start").await?;
    let started = engine.start(&args.scenario, &engine.environment_for_start(), StartOptions { replace: args.replace }).await?;
    let data = json!({"attempt": started.attempt, "resumed": started.resumed, "seconds": started.seconds, "apiCalls": started.calls});
    output::print(context, "Started", || text(context, &started.scenario, &started), &data)?;
    Ok(Exit::Done)
}

fn text(context: &Context, scenario: &Scenario, started: &Started) -> String {
    let lang = context.lang;
    let state = match (started.resumed, scenario.file.spec.fault.is_empty()) {
        (true, _) => Text::new("이미 열려 있는 시도로 돌아왔습니다.", "Back in the attempt that is open already."),
        (false, true) => Text::new("준비됐습니다.", "Ready."),
        (false, false) => {
            Text::new("장애가 확인됐습니다. 지금부터 시간이 흐릅니다.", "It is broken, and confirmed to be. The clock runs from now.")
        }
    };
    let next = Text::new(
        "다음: `kubedrill shell`로 셸을 열고, `kubedrill check`로 확인하고, 막히면 `kubedrill hint`",
        "next: `kubedrill shell` to work, `kubedrill check` to see how far you are, `kubedrill hint` when stuck",
    );
    let seconds = started.seconds.values().sum::<f64>();
    format!("{}\n{} ({seconds:.1}s)\n{}", show::page(scenario, context), state.get(lang), next.get(lang))
}
