use serde_json::json;

use super::{context::Context, exit_code::Exit, output, run::Result};
use crate::{
    provider::sandbox::{self, Finding, SandboxSettings},
    text::{self, Lang},
};

/// What this machine can run, and the remedy for what it cannot. Changes nothing.
pub async fn run(context: &Context) -> Result {
    let findings = {
        let settings = SandboxSettings { programs: context.sandbox_bin.clone(), ..SandboxSettings::default() };
        sandbox::diagnose(&context.paths, &settings).await
    };
    let ready = findings.iter().all(|f| f.ok);
    output::print(context, "Doctor", || page(context, &findings, ready), &json!({"ready": ready, "findings": findings}))?;
    Ok(if ready { Exit::Done } else { Exit::CannotRunHere })
}

fn page(context: &Context, findings: &[Finding], ready: bool) -> String {
    let lang = context.lang;
    let mut out = String::new();
    for finding in findings {
        let mark = if finding.ok { "✔" } else { "✘" };
        for (n, line) in text::wrap(finding.what.get(lang), context.width.saturating_sub(2)).iter().enumerate() {
            out += &format!("{} {line}\n", if n == 0 { mark } else { " " });
        }
        if let Some(remedy) = &finding.remedy {
            for line in text::wrap(remedy.get(lang), context.width.saturating_sub(6)) {
                out += &format!("    → {line}\n");
            }
        }
    }
    out += match (lang, ready) {
        (Lang::Ko, true) => "샌드박스를 쓸 수 있습니다.\n",
        (Lang::En, true) => "The sandbox can run here.\n",
        (Lang::Ko, false) => "위의 ✘를 먼저 해결하세요.\n",
        (Lang::En, false) => "See to the ✘ above first.\n",
    };
    out
}
