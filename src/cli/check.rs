use serde_json::json;

use super::{
    args::CheckArgs,
    bundle::{self, Around},
    context::Context,
    exit_code::Exit,
    failure::Failure,
    lab::Lab,
    output,
    run::{Result, engine},
    time_line,
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
    let page = |checked: &Checked| results_of(context, &session.scenario, checked, options.step.as_deref());
    let mut shown = page(&checked);
    let around = bundle::around(context, &engine, &session.attempt.id).await?;
    print(context, &session, &checked, &shown, args.cost, around)?;
    if args.watch {
        let mut watch = engine.watch(&session);
        while !is_over(&checked) {
            watch.changed().await;
            checked = engine.check(&session, &options).await?;
            let next = page(&checked);
            if context.json() || next != shown || has_news(&checked) {
                let around = bundle::around(context, &engine, &session.attempt.id).await?;
                print(context, &session, &checked, &next, args.cost, around)?;
                shown = next;
            }
        }
        return Ok(Exit::Done);
    }
    Ok(exit(&checked.run))
}

/// Whether there is nothing left to watch for: a lab keeps what was done in earlier runs.
fn is_over(checked: &Checked) -> bool {
    checked.progress.as_ref().map_or_else(|| checked.run.passed(), |(progress, _)| progress.is_complete())
}

fn has_news(checked: &Checked) -> bool {
    checked.progress.as_ref().is_some_and(|(_, news)| !news.is_empty())
}

fn results_of(context: &Context, scenario: &Scenario, checked: &Checked, only: Option<&str>) -> String {
    match &checked.progress {
        Some((progress, _)) => Lab { context, scenario, progress }.results(&checked.run, only),
        None => results(context, scenario, &checked.run),
    }
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

fn print(
    context: &Context,
    session: &Session,
    checked: &Checked,
    results: &str,
    cost: bool,
    around: Option<Around>,
) -> std::result::Result<(), Failure> {
    let mut data = json!({"attempt": session.attempt.id, "scenario": session.attempt.scenario, "solved": checked.run.solved(), "run": checked.run, "score": checked.score, "time": checked.timing});
    if let Some((progress, news)) = &checked.progress {
        (data["progress"], data["news"]) = (json!(progress), json!(news));
    }
    let mut below = String::new();
    if let Some(around) = around {
        data["bundle"] = around.data;
        below = around.line;
        if checked.run.solved() {
            below += bundle::next().get(context.lang);
        }
    }
    let news = || {
        let told = checked.progress.as_ref().map(|(progress, news)| Lab { context, scenario: &session.scenario, progress }.news(news));
        told.unwrap_or_default()
    };
    let text = || format!("{results}{}{below}{}", summary(context, session, checked, cost), news());
    output::print(context, "Check", text, &data)
}

/// Every check's line.
pub fn results(context: &Context, scenario: &Scenario, run: &Run) -> String {
    let look = Look { lang: context.lang, colour: context.colour, width: context.width };
    let lines =
        run.results.iter().filter_map(|result| Some(verdict_line::render(scenario.checks().find(|c| c.id == result.id)?, result, look)));
    lines.collect()
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
    out += &time_line::render(&checked.timing, context);
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
    } else if let Some((progress, _)) = &checked.progress {
        out += &Lab { context, scenario: &session.scenario, progress }.place();
    }
    if !run.solved() && !run.provisional {
        out += Text::new("막히면 `kubedrill hint`\n", "Stuck? `kubedrill hint`\n").get(context.lang);
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ended(verdicts: &[&str]) -> Exit {
        let result = |verdict: &&str| {
            json!({"id": verdict, "role": "objective", "verdict": verdict, "passed": 0, "total": 1, "reason": "", "observations": [],
                   "evidence": [], "basis": "observed", "heldMillis": 0, "moving": false})
        };
        let run = json!({"trigger": "submit", "started": "2026-11-22T00:00:00Z", "millis": 1,
                         "results": verdicts.iter().map(result).collect::<Vec<_>>(),
                         "calls": {"list": 0, "watch": 0, "get": 0, "review": 0}, "resourceVersions": {}, "provisional": false});
        exit(&serde_json::from_value(run).unwrap())
    }

    #[test]
    fn trap_fp16_the_exit_code_comes_from_the_verdicts() {
        assert_eq!(ended(&["pass", "pass"]), Exit::Done);
        assert_eq!(ended(&["pass", "fail"]), Exit::ChecksFailed);
        assert_eq!(ended(&["pass", "blocked"]), Exit::ChecksFailed);
        assert_eq!(ended(&["pass", "fail", "error"]), Exit::CouldNotCheck, "nobody's answer is judged by what could not be seen");
        assert_eq!(ended(&[]), Exit::ChecksFailed, "nothing judged is nothing solved");
    }
}
