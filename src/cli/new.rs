use std::fs;

use serde_json::json;

use super::{
    args::{NewArgs, NewKind},
    context::Context,
    exit_code::Exit,
    failure::Failure,
    output,
    run::Result,
};
use crate::{
    scenario::{self, Kind},
    text::Text,
};

/// Writes a scenario to start from. Never over something that is there.
pub fn run(context: &Context, args: &NewArgs) -> Result {
    // An id of digits only would be a number in the template's YAML.
    if !args.id.starts_with(|c: char| c.is_ascii_lowercase()) || !scenario::is_id(&args.id) {
        return Err(Failure::new(
            Exit::Usage,
            Text::new(format!("`{}`은(는) id로 쓸 수 없습니다", args.id), format!("`{}` cannot be an id", args.id)),
        )
        .help(Text::new("my-incident처럼 소문자, 숫자, `-`로 쓰세요", "write lowercase letters, digits and `-`, such as my-incident")));
    }
    let folder = args.dir.join(&args.id);
    if folder.exists() {
        return Err(Failure::new(
            Exit::Usage,
            Text::new(format!("`{}`이(가) 이미 있습니다", folder.display()), format!("`{}` is there already", folder.display())),
        )
        .help(Text::new("다른 id를 쓰거나 --dir로 다른 곳을 고르세요", "take another id, or another place with --dir")));
    }
    let kind = match args.kind {
        NewKind::Lab => Kind::Lab,
        NewKind::Challenge => Kind::Challenge,
    };
    let files = scenario::new_files(kind, &args.id);
    for (path, content) in files.iter().chain(&scenario::editor_files()) {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, content)?;
    }
    let names: Vec<_> = files.iter().map(|(path, _)| folder.join(path).display().to_string()).collect();
    let next = Text::new(
        format!("다음: 파일을 고친 뒤 `kubedrill lint {0}`, `kubedrill prove {0}`", folder.display()),
        format!("next: edit the files, then `kubedrill lint {0}` and `kubedrill prove {0}`", folder.display()),
    );
    output::print(context, "NewScenario", || format!("{}\n\n{}", names.join("\n"), next.get(context.lang)), &json!({"files": names}))?;
    Ok(Exit::Done)
}
