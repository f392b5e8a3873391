use serde_json::json;

use super::{
    args::PrepareArgs,
    context::Context,
    exit_code::Exit,
    output,
    run::{Result, engine},
};
use crate::text::Text;

/// Prints, or applies, what an administrator of a shared cluster prepares for learners.
pub async fn run(context: &Context, args: &PrepareArgs) -> Result {
    let engine = engine(context, "prepare").await?;
    let objects = engine.preparation(&args.scenarios, &args.learners, &args.user)?;
    if args.apply {
        engine.apply_preparation(&objects).await?;
        let text = Text::new(format!("적용했습니다: 오브젝트 {}개", objects.len()), format!("Applied: {} objects", objects.len()));
        output::print(context, "Prepared", || text.get(context.lang).to_owned(), &json!({"applied": objects.len()}))?;
        return Ok(Exit::Done);
    }
    let yaml = || objects.iter().map(|object| format!("---\n{}", serde_saphyr::to_string(object).unwrap_or_default())).collect();
    output::print(context, "Preparation", yaml, &json!({"objects": objects}))?;
    Ok(Exit::Done)
}
