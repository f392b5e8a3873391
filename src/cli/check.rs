use serde_json::json;

use super::{
    args::CheckArgs,
    context::Context,
    exit_code::Exit,
    output,
    run::{Result, engine},
    verdict_line::{self, Look},
};
use crate::{
    attempt::{Run, Trigger, Verdict},
    runner::{CheckOptions, Checked, Session},
    scenario::Scenario,
    text::{Lang, Text},
};

/// Checks the learner's work.
pub async fn run(context: &Context, args: CheckArgs) -> Result {
    let engine = engine(context, "check").await?;
    let session = engine.session(&engine.environment().await?).await?;
    let trigger = if args.watch { Trigger::Watch } else { Trigger::Learner };
    let options = CheckOptions { provisional: args.now, step: args.step, trigger };
    let mut checked = engine.check(&session, &options).await?;
    print(context, &session, &checked, args.cost)?;
    if args.watch {
        let mut watch = engine.watch(&session);
        while !checked.run.passed() {
            watch.changed().await;
            checked = engine.check(&session, &options).await?;
            print(context, &session, &checked, args.cost)?;
        }
    }
    Ok(exit(&checked.run))
}

/// The exit code that a run of the checks deserves.
pub fn exit(run: &Run) -> Exit {
    if run.passed() {
        Exit::Done
    } else if run.results.iter().any(|r| r.verdict == Verdict::Error) {
        Exit::CouldNotCheck
    } else {
        Exit::ChecksFailed
    }
}

fn print(context: &Context, session: &Session, checked: &Checked, cost: bool) -> std::result::Result<(), super::failure::Failure> {
    let data = json!({"attempt": session.attempt.id, "scenario": session.attempt.scenario, "solved": checked.run.solved(), "run": checked.run, "score": checked.score});
    let text = || format!("{}{}", results(context, &session.scenario, &checked.run), summary(context, session, checked, cost));
    output::print(context, "Check", text, &data)
}

/// Every check's line.
pub fn results(context: &Context, scenario: &Scenario, run: &Run) -> String {
    let look = Look { lang: context.lang, colour: context.colour, width: context.width };
    let mut out = String::new();
    let mut step = None;
    for result in &run.results {
        let Some(spec) = scenario.checks().find(|c| c.id == result.id) else { continue };
        if result.step != step {
            step.clone_from(&result.step);
            let title = scenario.file.spec.steps.iter().position(|s| Some(&s.id) == step.as_ref());
            if let Some((number, found)) = title.and_then(|n| Some((n, scenario.file.spec.steps.get(n)?))) {
                out += &format!("\n{}. {}\n", number + 1, found.title.get(context.lang));
            }
        }
        out += &verdict_line::render(spec, result, look);
    }
    out
}

fn summary(context: &Context, session: &Session, checked: &Checked, cost: bool) -> String {
    let (run, total) = (&checked.run, checked.score.total);
    let mut out = String::from("\n");
    let points = if total.is_known() { total.points.to_string() } else { format!("{}–{}", total.low, total.high) };
    out += &match context.lang {
        Lang::Ko => format!("{points} / {}점", total.max),
        Lang::En => format!("{points} / {} points", total.max),
    };
    if let Some(before) = checked.passed_before {
        let passed = run.results.iter().filter(|r| r.verdict == Verdict::Pass).count();
        if passed != before {
            out += &match context.lang {
                Lang::Ko => format!("   (통과 {before} → {passed})"),
                Lang::En => format!("   (passing {before} → {passed})"),
            };
        }
    }
    out.push('\n');
    if cost {
        let calls = run.calls;
        out += &format!(
            "API: {} = list {} + watch {} + get {} + review {} + live {}, {} ms\n",
            calls.total(),
            calls.list,
            calls.watch,
            calls.get,
            calls.review,
            calls.live,
            run.millis
        );
    }
    if run.solved() {
        out += Text::new(
            "모두 통과했습니다! 다음: `kubedrill score`로 채점하고 `kubedrill report`로 돌아보세요.\n",
            "All of it passes! next: `kubedrill score` to be scored, `kubedrill report` to look back.\n",
        )
        .get(context.lang);
    } else if run.provisional {
        out += Text::new("한 번만 본 결과입니다. 점수에는 쓰이지 않습니다.\n", "One look only: good for feedback, not for the score.\n")
            .get(context.lang);
    } else if !session.scenario.file.spec.hints.is_empty() || !session.scenario.file.spec.steps.is_empty() {
        out += Text::new("막히면 `kubedrill hint`\n", "Stuck? `kubedrill hint`\n").get(context.lang);
    }
    out
}
