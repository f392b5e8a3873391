use std::{fs, path::Path};

use serde_json::json;

use super::{
    args::AppealArgs,
    context::Context,
    exit_code::Exit,
    failure::Failure,
    output,
    run::{Result, engine},
};
use crate::{attempt::AttemptId, runner::VerdictAsked, text::Text};

/// Writes a learner's objection to a verdict as a folder. Reads stored data only: needs no cluster. Never over something that is there.
pub async fn run(context: &Context, args: AppealArgs) -> Result {
    let engine = engine(context, "appeal").await?;
    let environment = engine.environment().await?;
    let asked = VerdictAsked { check: args.check, run: args.run, attempt: args.attempt.map(AttemptId), environment };
    let appeal = engine.appeal(&asked, &args.reason, context.lang).await?;
    let folder = args.out.unwrap_or_else(|| appeal.name.clone().into());
    write(&folder, &appeal.files)?;
    let names: Vec<_> = appeal.files.iter().map(|(name, _)| folder.join(name).display().to_string()).collect();
    let place = folder.display();
    let text = Text::new(
        format!("이의 제기를 `{place}`에 썼습니다. 이 폴더를 그대로 채점자에게 보내세요. 먼저 읽을 것은 README.md입니다."),
        format!("The appeal is in `{place}`. Send the folder as it is to your grader; README.md is what to read first."),
    );
    output::print(context, "AppealWritten", || text.get(context.lang).to_owned(), &json!({"folder": folder, "files": names}))?;
    Ok(Exit::Done)
}

/// All of the files or none: whoever comes upon the folder may rely on it.
fn write(folder: &Path, files: &[(String, String)]) -> std::result::Result<(), Failure> {
    if folder.exists() {
        return Err(Failure::new(
            Exit::Usage,
            Text::new(format!("`{}`이(가) 이미 있습니다", folder.display()), format!("`{}` is there already", folder.display())),
        )
        .help(Text::new("--out으로 다른 곳을 고르거나 그 폴더를 치우세요", "choose another place with --out, or move it away")));
    }
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent)?;
    let making = tempfile::Builder::new().prefix(".appeal-").tempdir_in(parent)?;
    let whole = making.path().join("appeal");
    fs::create_dir(&whole)?;
    for (name, text) in files {
        fs::write(whole.join(name), text)?;
    }
    fs::rename(&whole, folder)?;
    Ok(())
}
