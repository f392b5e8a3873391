use serde_json::json;

use super::{
    args::StopArgs,
    context::Context,
    exit_code::Exit,
    output,
    run::{Result, engine},
};
use crate::text::Text;

/// Closes the attempt and removes the environment, or all of them. Fine to run when there is nothing.
pub async fn run(context: &Context, args: &StopArgs) -> Result {
    let engine = engine(context, "stop").await?;
    let names = if args.all { engine.environments()? } else { vec![engine.environment().await?] };
    let mut stopped = Vec::new();
    for name in &names {
        if if args.forget { engine.forget(name).await? } else { engine.stop(name, args.keep).await? } {
            stopped.push(name.clone());
        }
    }
    let text = match (stopped.is_empty(), args.keep) {
        (true, _) => Text::new("정리할 것이 없습니다.", "There was nothing to stop."),
        (false, true) => Text::new("시도를 닫았습니다. 환경은 켜져 있습니다.", "The attempt is closed. The environment goes on running."),
        (false, false) => Text::new(format!("정리했습니다: {}", stopped.join(", ")), format!("Stopped: {}", stopped.join(", "))),
    };
    output::print(context, "Stopped", || text.get(context.lang).to_owned(), &json!({"stopped": stopped, "kept": args.keep}))?;
    Ok(Exit::Done)
}
