use serde_json::json;

use super::{
    context::Context,
    exit_code::Exit,
    output,
    run::{Result, engine},
};
use crate::text::Text;

/// Says which files the attempt asks for, and where they go.
pub async fn run(context: &Context) -> Result {
    let engine = engine(context, "files").await?;
    let files = engine.files(&engine.environment().await?).await?;
    let text = || {
        let mut out = format!("{}\n", files.folder.display());
        for (name, there) in &files.files {
            let state = if *there { Text::new("있음", "there") } else { Text::new("없음", "not there yet") };
            out += &format!("  {name}  {}\n", state.get(context.lang));
        }
        if files.files.is_empty() {
            out += Text::new("제출할 파일이 없습니다.", "No file is asked for.").get(context.lang);
        }
        out
    };
    let list: Vec<_> = files.files.iter().map(|(name, there)| json!({"name": name, "there": there})).collect();
    output::print(context, "Files", text, &json!({"folder": files.folder, "files": list}))?;
    Ok(Exit::Done)
}
