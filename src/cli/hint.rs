use serde_json::json;

use super::{
    args::HintArgs,
    context::Context,
    exit_code::Exit,
    output,
    run::{Result, engine},
};
use crate::{
    points::Points,
    runner::NextHint,
    text::{self, Text},
};

/// Opens the next hint, or shows those that are open.
pub async fn run(context: &Context, args: HintArgs) -> Result {
    let engine = engine(context, "hint").await?;
    let session = engine.session(&engine.environment().await?).await?;
    let state = if args.opened {
        engine.hints(&session, args.step.as_deref()).await?
    } else {
        engine.open_hint(&session, args.step.as_deref()).await?
    };
    let text = || {
        let lang = context.lang;
        let mut out = String::new();
        for (number, hint) in state.opened.iter().enumerate() {
            let lines = text::wrap(&format!("{}. {}", number + 1, hint.text.get(lang)), context.width);
            out += &lines.join("\n   ");
            out.push('\n');
        }
        out.push('\n');
        out += match &state.next {
            NextHint::None if state.opened.is_empty() => Text::new("여기에는 힌트가 없습니다.", "There are no hints here."),
            NextHint::None => Text::new(
                "힌트는 여기까지입니다. 답을 보려면 `kubedrill solve` (도움받은 시도로 기록됩니다)",
                "That was the last hint. To see a solution: `kubedrill solve` (the attempt then counts as assisted)",
            ),
            NextHint::Costs(Points::ZERO) => {
                Text::new("다음 힌트는 무료입니다: `kubedrill hint`", "The next hint is free: `kubedrill hint`")
            }
            NextHint::Costs(points) => Text::new(
                format!("다음 힌트는 {points}점입니다: `kubedrill hint`"),
                format!("The next hint costs {points} points: `kubedrill hint`"),
            ),
        }
        .get(lang);
        out
    };
    let next = match &state.next {
        NextHint::None => None,
        NextHint::Costs(points) => Some(*points),
    };
    output::print(context, "Hints", text, &json!({"step": state.step, "opened": state.opened, "nextCost": next, "total": state.total}))?;
    Ok(Exit::Done)
}
