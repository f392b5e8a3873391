use serde_json::json;

use super::{
    context::Context,
    exit_code::Exit,
    output,
    run::{Result, engine},
};
use crate::text::Text;

/// Goes back to exactly the broken state.
pub async fn run(context: &Context) -> Result {
    let engine = engine(context, "reset").await?;
    let session = engine.session(&engine.environment().await?).await?;
    let done = engine.reset(&session).await?;
    let text = Text::new(
        format!("처음 장애 상태로 되돌렸습니다 (되돌린 오브젝트 {}개, {:.1}s). 시도는 이어집니다.", done.changed, done.seconds),
        format!("Back to the broken state ({} objects put back, {:.1}s). The attempt goes on.", done.changed, done.seconds),
    );
    output::print(
        context,
        "Reset",
        || text.get(context.lang).to_owned(),
        &json!({"changed": done.changed, "seconds": done.seconds, "apiCalls": done.calls}),
    )?;
    Ok(Exit::Done)
}
