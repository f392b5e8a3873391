use serde_json::json;

use super::{
    args::{AdjustArgs, AdjustAs, OverrideArgs},
    context::Context,
    exit_code::Exit,
    output,
    run::{Result, engine},
};
use crate::{
    attempt::{AdjustmentKind, AttemptId, Target},
    report::Report,
    runner::Because,
    text::Text,
};

/// Puts a person's points in the place of computed ones, or lets the computed ones count again. Needs no cluster.
pub async fn replace(context: &Context, args: OverrideArgs) -> Result {
    let engine = engine(context, "override").await?;
    let environment = engine.environment().await?;
    let (id, target) = (args.attempt.map(AttemptId), Target::named(&args.target));
    let because = Because { reason: args.reason, by: args.by };
    let report = match args.to {
        Some(to) => engine.override_points(id.as_ref(), &environment, &target, to, &because).await?,
        None => engine.undo_override(id.as_ref(), &environment, &target, &because).await?,
    };
    told(context, "Overridden", &report)
}

/// Gives or takes points as a row of its own, or takes such a row back. Needs no cluster.
pub async fn adjust(context: &Context, args: AdjustArgs) -> Result {
    let engine = engine(context, "adjust").await?;
    let environment = engine.environment().await?;
    let id = args.attempt.map(AttemptId);
    let because = Because { reason: args.reason, by: args.by };
    let kind = match args.kind {
        AdjustAs::Manual => AdjustmentKind::Manual,
        AdjustAs::Moderation => AdjustmentKind::Moderation,
    };
    let report = match (args.points, args.undo) {
        (Some(amount), _) => engine.adjust(id.as_ref(), &environment, kind, amount, &because).await?,
        (None, number) => engine.undo_adjustment(id.as_ref(), &environment, number.unwrap_or_default(), &because).await?,
    };
    told(context, "Adjusted", &report)
}

/// The arithmetic that there is now.
fn told(context: &Context, kind: &str, report: &Report) -> Result {
    let lang = context.lang;
    let text = || {
        let lines = report.score.trace.iter().map(|line| format!("{}: {}\n", line.label.get(lang), line.formula));
        let total = Text::new(format!("총점 {}", report.score.total), format!("total {}", report.score.total));
        format!("{}\n{}{}", report.attempt.id, lines.collect::<String>(), total.get(lang))
    };
    output::print(context, kind, text, &json!({"attempt": report.attempt.id, "score": report.score}))?;
    Ok(Exit::Done)
}
