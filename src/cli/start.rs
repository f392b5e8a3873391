use serde_json::{Value, json};

use super::{args::StartArgs, context::Context, exit_code::Exit, failure::Failure, lab::Lab, output, run::Result, run::engine, show};
use crate::{
    attempt::Progress,
    runner::{StartOptions, Started},
    scenario::{Kind, Scenario},
    score,
    text::{self, Text},
};

/// Starts a scenario, or comes back to the one that is open.
pub async fn run(context: &Context, args: StartArgs) -> Result {
    if args.dry_run {
        return super::plan::run(context, &args.scenario, &args.with).await;
    }
    let engine = engine(context, "start").await?;
    if let Some(bundle) = engine.bundle(&args.scenario)? {
        if args.platform.is_some() {
            let id = &args.scenario;
            let message = Text::new(format!("`{id}`에는 바꿀 수 있는 이름이 없습니다"), format!("`{id}` leaves no names to its learner"));
            return Err(Failure::new(Exit::Usage, message));
        }
        return super::bundle::start(context, &engine, &bundle, args).await;
    }
    let options = StartOptions { replace: args.replace, with: args.with, bundle: None, platform: args.platform };
    let started = engine.start(&args.scenario, &engine.environment_for_start(), options).await?;
    let progress = engine.progress(&started.attempt, &started.scenario).await?;
    let mut data = data(&started);
    if let Some(progress) = &progress {
        data["progress"] = json!(progress);
    }
    output::print(context, "Started", || text(context, &started.scenario, &started, progress.as_ref()), &data)?;
    Ok(Exit::Done)
}

/// A start, for programs.
pub fn data(started: &Started) -> Value {
    json!({"attempt": started.attempt, "resumed": started.resumed, "seconds": started.seconds, "apiCalls": started.calls})
}

/// A start of a part of a bundle, for a person.
pub fn page(context: &Context, started: &Started, progress: Option<&Progress>) -> String {
    text(context, &started.scenario, started, progress)
}

fn text(context: &Context, scenario: &Scenario, started: &Started, progress: Option<&Progress>) -> String {
    let lang = context.lang;
    let state = match (started.resumed, scenario.file.spec.fault.is_empty()) {
        (true, _) => Text::new("이미 열려 있는 시도로 돌아왔습니다.", "Back in the attempt that is open already."),
        (false, true) => Text::new("준비됐습니다.", "Ready."),
        (false, false) if scenario.file.kind == Kind::Lab => {
            Text::new("장애가 확인됐습니다. 지금부터 시간이 흐릅니다.", "It is broken, and confirmed to be. The clock runs from now.")
        }
        (false, false) => {
            let (limit, target) = (scenario.file.spec.minutes, score::RECOVERY_TARGET.as_secs() / 60);
            Text::new(
                format!("장애가 확인됐습니다. 지금부터 시간이 흐릅니다: 제한 {limit}분, 서비스 복구 목표 {target}분."),
                format!(
                    "It is broken, and confirmed to be. The clock runs from now: {limit} min in all, {target} until the service should be back."
                ),
            )
        }
    };
    let next = if progress.is_some() {
        Text::new(
            "다음: `kubedrill shell`로 셸을 열고, 다른 터미널에 `kubedrill check --watch`를 켜 두세요. 단계를 마치면 알아채고 다음 단계를 보여 줍니다. 막히면 `kubedrill hint`",
            "next: `kubedrill shell` to work, and `kubedrill check --watch` in another terminal: it notices when a step is done and shows the next. `kubedrill hint` when stuck",
        )
    } else {
        Text::new(
            "다음: `kubedrill shell`로 셸을 열고, `kubedrill check`로 확인하고, 막히면 `kubedrill hint`",
            "next: `kubedrill shell` to work, `kubedrill check` to see how far you are, `kubedrill hint` when stuck",
        )
    };
    // A sum of nothing is a negative zero.
    let seconds = started.seconds.values().sum::<f64>() + 0.0;
    let page = match progress {
        Some(progress) => lab_page(&Lab { context, scenario, progress }, started.resumed),
        None => show::page(scenario, context),
    };
    format!("{page}\n{} ({seconds:.1}s)\n{}", state.get(lang), next.get(lang))
}

/// What a lab is about, its steps, and the one to begin or go on with.
fn lab_page(lab: &Lab<'_>, resumed: bool) -> String {
    let context = lab.context;
    let story = text::markdown(lab.scenario.story.get(context.lang), context.width, context.colour);
    let story = if resumed { String::new() } else { format!("{story}\n") };
    format!("{story}{}\n{}", lab.overview(), lab.current())
}
