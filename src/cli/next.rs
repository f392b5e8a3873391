use serde_json::json;

use super::{
    args::NextArgs,
    bundle,
    context::Context,
    exit_code::Exit,
    output,
    run::{Result, engine},
    start,
};
use crate::text::Text;

/// Judges the open part of a bundle for good, and starts the next.
pub async fn run(context: &Context, args: NextArgs) -> Result {
    let engine = engine(context, "next").await?;
    let moved = engine.next_part(&engine.environment().await?, args.leave, args.with).await?;
    let judged =
        moved.judged.as_ref().map(|checked| json!({"solved": checked.run.solved(), "score": checked.score, "time": checked.timing}));
    let progress = bundle::progress(&engine, moved.started.as_ref()).await?;
    let data = json!({"judged": judged, "started": moved.started.as_ref().map(start::data), "bundle": moved.report});
    let text = || {
        let judged = moved.judged.as_ref().map(|checked| {
            let (total, max) = (checked.score.total, checked.score.total.max);
            let line = Text::new(format!("채점했습니다: {total} / {max}점"), format!("Judged: {total} of {max} points"));
            format!("{}\n", line.get(context.lang))
        });
        format!("{}{}", judged.unwrap_or_default(), bundle::page(context, Some(&moved.report), moved.started.as_ref(), progress.as_ref()))
    };
    output::print(context, "Moved", text, &data)?;
    Ok(Exit::Done)
}
