use serde_json::json;

use super::{
    context::Context,
    exit_code::Exit,
    output,
    run::{Result, settings},
};
use crate::{
    provider::{Diagnosis, Provider, ProviderName},
    runner,
    text::{self, Lang},
};

/// What this machine can run, and the remedy for what it cannot, provider by provider. Changes nothing.
pub async fn run(context: &Context) -> Result {
    let providers = runner::providers(&settings(context, "doctor"))?;
    let mut diagnoses = Vec::new();
    for name in ProviderName::ALL.into_iter().filter(|name| context.provider.is_none_or(|asked| asked == *name)) {
        diagnoses.push(providers.get(name).diagnose().await);
    }
    let ready = diagnoses.iter().any(|diagnosis| diagnosis.ready);
    output::print(context, "Doctor", || page(context, &diagnoses), &json!({"ready": ready, "providers": diagnoses}))?;
    Ok(if ready { Exit::Done } else { Exit::CannotRunHere })
}

fn page(context: &Context, diagnoses: &[Diagnosis]) -> String {
    let mut out = String::new();
    for diagnosis in diagnoses {
        out += &head(context.lang, diagnosis);
        for finding in &diagnosis.findings {
            let mark = if finding.ok { "✔" } else { "✘" };
            for (n, line) in text::wrap(finding.what.get(context.lang), context.width.saturating_sub(4)).iter().enumerate() {
                out += &format!("  {} {line}\n", if n == 0 { mark } else { " " });
            }
            if let Some(remedy) = &finding.remedy {
                for (n, line) in text::wrap(remedy.get(context.lang), context.width.saturating_sub(8)).iter().enumerate() {
                    out += &format!("      {} {line}\n", if n == 0 { "→" } else { " " });
                }
            }
        }
        out += "\n";
    }
    out + &conclusion(context.lang, diagnoses)
}

/// Which provider, whether it can be used, and what it takes.
fn head(lang: Lang, diagnosis: &Diagnosis) -> String {
    let Diagnosis { provider, ready, memory_mib, disk_mib, .. } = diagnosis;
    let takes = match (lang, memory_mib + disk_mib) {
        (_, 0) => String::new(),
        (Lang::Ko, _) => format!(" (메모리 약 {memory_mib} MiB, 디스크 약 {disk_mib} MiB)"),
        (Lang::En, _) => format!(" (about {memory_mib} MiB of memory, {disk_mib} MiB of disk)"),
    };
    match (lang, ready) {
        (Lang::Ko, true) => format!("{provider}: 쓸 수 있음{takes}\n"),
        (Lang::Ko, false) => format!("{provider}: 아직 쓸 수 없음{takes}\n"),
        (Lang::En, true) => format!("{provider}: can run here{takes}\n"),
        (Lang::En, false) => format!("{provider}: cannot run here yet{takes}\n"),
    }
}

fn conclusion(lang: Lang, diagnoses: &[Diagnosis]) -> String {
    let usable: Vec<&str> = diagnoses.iter().filter(|diagnosis| diagnosis.ready).map(|diagnosis| diagnosis.provider.as_str()).collect();
    let list = usable.join(", ");
    match (lang, usable.is_empty()) {
        (Lang::Ko, true) => "위의 ✘를 먼저 해결하세요.\n".to_owned(),
        (Lang::En, true) => "See to the ✘ above first.\n".to_owned(),
        (Lang::Ko, false) => format!("이 머신에서 쓸 수 있는 프로바이더: {list}. `--provider`로 고르고, 없으면 sandbox입니다.\n"),
        (Lang::En, false) => format!("Providers that can be used here: {list}. Choose with `--provider`; the default is sandbox.\n"),
    }
}
