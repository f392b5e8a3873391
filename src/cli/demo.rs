use serde_json::json;

use super::{
    args::DemoArgs,
    check,
    context::Context,
    output,
    run::{Result, engine},
};
use crate::{
    report,
    text::{self, Text},
};

/// The whole story in one command, without a question.
pub async fn run(context: &Context, args: DemoArgs) -> Result {
    let engine = engine(context, "demo").await?;
    let say = |text: Text| if context.json() { Ok(()) } else { output::print_text(text.get(context.lang)) };
    let mut demo = engine.demo(&args.scenario, args.solution.as_deref())?;
    let outcome = async {
        say(Text::new(format!("▶ `{}`을(를) 시작합니다.", args.scenario), format!("▶ Starting `{}`.", args.scenario)))?;
        let session = demo.start().await?;
        if !context.json() {
            output::print_text(&text::markdown(session.scenario.story.get(context.lang), context.width, context.colour))?;
        }
        say(Text::new("▶ 장애 상태에서 확인합니다.", "▶ Checking while it is broken."))?;
        let before = demo.check().await?;
        if !context.json() {
            output::print_text(&check::results(context, &session.scenario, &before.run))?;
        }
        let solution = demo.solution();
        say(Text::new(
            format!("▶ 해결 방법 `{}` 적용: {}", solution.name, solution.file.title.ko),
            format!("▶ Applying `{}`: {}", solution.name, solution.file.title.en),
        ))?;
        demo.solve().await?;
        let after = demo.check().await?;
        let report = demo.report().await?;
        if !context.json() {
            output::print_text(&check::results(context, &session.scenario, &after.run))?;
            output::print_text(&report::terminal::render(&report, context.terminal()))?;
        }
        Ok::<_, super::failure::Failure>((before, after))
    }
    .await;
    let figures = demo.stop().await;
    let (before, after) = outcome?;
    let figures = figures?;
    let text = || {
        let seconds: Vec<_> = figures.seconds.iter().map(|(phase, s)| format!("{phase} {s:.1}s")).collect();
        format!("{}\nAPI {} · {} MiB", seconds.join(" · "), figures.api_calls, figures.peak_memory_bytes >> 20)
    };
    let data = json!({
        "scenario": args.scenario, "solution": demo.solution().name, "before": before.score, "after": after.score,
        "apiCalls": figures.api_calls, "seconds": figures.seconds, "peakMemoryBytes": figures.peak_memory_bytes,
        "checks": {"before": before.run.calls, "after": after.run.calls},
    });
    output::print(context, "Demo", text, &data)?;
    Ok(check::exit(&after.run))
}
