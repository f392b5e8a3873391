use std::{ffi::OsString, path::Path};

use super::{context::Context, kubectl::session_env, run::Result};
use crate::{process, text::Lang};

/// Becomes the user's own shell, on this cluster alone, with a prompt that says so.
pub async fn run(context: &Context) -> Result {
    let mut session = session_env(context, "shell").await?;
    let scenario = session.attempt.scenario.clone();
    let name = Path::new(&context.shell).file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    session.variables.push(("KUBEDRILL_PROMPT", format!("[{scenario}]")));
    let arguments: Vec<OsString> = match name.as_str() {
        // The user's own start-up file runs first, so that its prompt does not replace ours.
        "bash" => {
            let rc = session.folder.join("shell.bashrc");
            std::fs::write(&rc, "[ -f ~/.bashrc ] && . ~/.bashrc\nPS1=\"$KUBEDRILL_PROMPT $PS1\"\n")?;
            vec!["--rcfile".into(), rc.into_os_string(), "-i".into()]
        }
        _ => {
            session.variables.push(("PS1", format!("[{scenario}] $ ")));
            Vec::new()
        }
    };
    if context.interactive {
        super::output::print_text(match context.lang {
            Lang::Ko => "이 셸의 kubectl은 이 클러스터만 가리킵니다. 나가려면 exit을 입력하세요.",
            Lang::En => "In this shell kubectl speaks to this cluster only. Type exit to leave.",
        })?;
    }
    Err(process::become_program(Path::new(&context.shell), arguments, session.variables).into())
}
