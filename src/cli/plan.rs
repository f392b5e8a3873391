use super::{context::Context, exit_code::Exit, output, run::Result, run::engine};
use crate::{
    runner::{EnvironmentWould, Plan},
    text::{Lang, Text},
};

/// Says what a start would do, and does nothing.
pub async fn run(context: &Context, scenario: &str, with: &[String]) -> Result {
    let engine = engine(context, "start --dry-run").await?;
    // A bundle begins with its first part.
    let first = engine.bundle(scenario)?.and_then(|bundle| bundle.parts.first().map(|part| part.id().to_owned()));
    let plan = engine.plan(first.as_deref().unwrap_or(scenario), &engine.environment_for_start(), with).await?;
    output::print(context, "Plan", || page(context.lang, &plan), &plan)?;
    Ok(if plan.would_start() { Exit::Done } else { Exit::CannotRunHere })
}

fn page(lang: Lang, plan: &Plan) -> String {
    let mut lines = vec![fate(plan)];
    let listed = |list: &[String]| list.join(", ");
    if let Some(workers) = plan.workers {
        lines.push(Text::new(format!("워커 노드 {workers}개 이상이 필요합니다"), format!("it needs {workers} worker nodes or more")));
    }
    if !plan.addons.is_empty() {
        let addons = listed(&plan.addons);
        lines.push(Text::new(format!("애드온을 설치합니다: {addons}"), format!("add-ons would be installed: {addons}")));
    }
    let (namespaces, (stage, fault)) = (listed(&plan.namespaces), plan.actions);
    lines.push(Text::new(
        format!("네임스페이스 {namespaces}을(를) 만들고, 작업 {stage}개로 정상 상태를 준비한 뒤 {fault}개로 장애를 일으킵니다"),
        format!("it would make the namespaces {namespaces}, set the stage with {stage} actions and break it with {fault}"),
    ));
    if let Some(open) = &plan.open_attempt {
        lines.push(Text::new(
            format!("✘ `{open}` 시도가 열려 있습니다. `--replace`로 닫거나 `--env`로 다른 환경을 쓰세요"),
            format!("✘ an attempt of `{open}` is open there: close it with `--replace`, or take another environment with `--env`"),
        ));
    }
    if !plan.missing.is_empty() {
        let (missing, provider) = (listed(&plan.missing), plan.provider);
        lines.push(Text::new(
            format!("✘ 거절됩니다: `{provider}`에 {missing} 기능이 없습니다. 다른 `--provider`를 쓰세요"),
            format!("✘ it would be refused: `{provider}` lacks {missing}; take another `--provider`"),
        ));
    }
    for finding in &plan.lacking {
        let remedy = finding.remedy.clone().unwrap_or_default();
        lines.push(Text::new(format!("✘ {} → {}", finding.what.ko, remedy.ko), format!("✘ {} → {}", finding.what.en, remedy.en)));
    }
    lines.push(if plan.would_start() {
        Text::new("시작할 수 있습니다. 아직 아무것도 바꾸지 않았습니다.", "It would start. Nothing was changed.")
    } else {
        Text::new("시작하지 못합니다. 아무것도 바꾸지 않았습니다.", "It would not start. Nothing was changed.")
    });
    lines.iter().map(|line| format!("{}\n", line.get(lang))).collect()
}

fn fate(plan: &Plan) -> Text {
    let Plan { environment, provider, memory_mib, disk_mib, .. } = plan;
    match plan.environment_would {
        EnvironmentWould::BeMade => Text::new(
            format!("`{provider}`로 환경 `{environment}`을(를) 새로 만듭니다 (메모리 약 {memory_mib} MiB, 디스크 약 {disk_mib} MiB)"),
            format!("`{provider}` would make the environment `{environment}` (about {memory_mib} MiB of memory, {disk_mib} MiB of disk)"),
        ),
        EnvironmentWould::BeUsed => Text::new(
            format!("켜져 있는 환경 `{environment}`을(를) 그대로 씁니다 (`{provider}`)"),
            format!("the environment `{environment}` runs and would be used as it is (`{provider}`)"),
        ),
        EnvironmentWould::BeRepaired => Text::new(
            format!("환경 `{environment}`을(를) 먼저 되살립니다 (`{provider}`)"),
            format!("the environment `{environment}` would be brought back first (`{provider}`)"),
        ),
    }
}
