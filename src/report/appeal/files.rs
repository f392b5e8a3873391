use serde::Serialize;

use super::{APPEAL_VERSION, Appeal, AppealAttempt, readme::readme};
use crate::{
    attempt::{Attempt, CheckResult, LogEntry, Run},
    digest::sha256,
    report::{Explanation, withheld},
    scenario::Scenario,
};

/// What an appeal is made of.
#[derive(Debug, Clone, Copy)]
pub struct AppealInput<'a> {
    /// Why the verdict should be another.
    pub reason: &'a str,
    /// The attempt.
    pub attempt: &'a Attempt,
    /// Its scenario.
    pub scenario: &'a Scenario,
    /// Every run of its checks, in order.
    pub runs: &'a [Run],
    /// Its log.
    pub log: &'a [LogEntry],
    /// The verdict and why it came to that.
    pub explanation: &'a Explanation,
    /// The report of the attempt as a page.
    pub page: &'a str,
}

/// The files of an appeal by their names.
///
/// # Errors
/// When a value has no JSON form.
pub fn appeal_files(input: &AppealInput<'_>) -> Result<Vec<(String, String)>, serde_json::Error> {
    let runs: Vec<Run> = input.runs.iter().map(|run| open(run, input)).collect();
    let mut files = vec![
        ("report.html".to_owned(), input.page.to_owned()),
        ("runs.json".to_owned(), json(&serde_json::json!({"formatVersion": APPEAL_VERSION, "kind": "Runs", "runs": runs}))?),
        ("log.json".to_owned(), json(&serde_json::json!({"formatVersion": APPEAL_VERSION, "kind": "Log", "entries": input.log}))?),
    ];
    let appeal = appeal(input, &files);
    files.push(("appeal.json".into(), json(&appeal)?));
    files.push(("README.md".into(), readme(&appeal)));
    files.sort();
    Ok(files)
}

fn appeal(input: &AppealInput<'_>, files: &[(String, String)]) -> Appeal {
    let attempt = input.attempt;
    Appeal {
        format_version: APPEAL_VERSION,
        kind: "Appeal".into(),
        generated_by: format!("kubedrill {}", env!("CARGO_PKG_VERSION")),
        reason: input.reason.to_owned(),
        attempt: AppealAttempt {
            id: attempt.id.to_string(),
            scenario: attempt.scenario.clone(),
            provider: attempt.provider.clone(),
            capabilities: attempt.capabilities.clone(),
            cluster_uid: attempt.cluster_uid.clone(),
            state: attempt.state,
            started: attempt.started,
            ended: attempt.ended,
            assisted: attempt.assisted,
            resets: attempt.resets,
            hints: attempt.hints.clone(),
        },
        versions: attempt.versions.clone(),
        explanation: input.explanation.clone(),
        log_head: input.log.last().map(|entry| entry.hash.clone()),
        files: files.iter().map(|(name, text)| (name.clone(), sha256(text.as_bytes()))).collect(),
    }
}

/// A run without what its checks saw that must not be read yet.
fn open(run: &Run, input: &AppealInput<'_>) -> Run {
    let hidden = |id: &str| input.scenario.checks().any(|check| check.id == id && withheld::is_withheld(check, input.attempt));
    let result = |result: &CheckResult| match hidden(&result.id) {
        true => CheckResult { reason: String::new(), observations: Vec::new(), evidence: Vec::new(), ..result.clone() },
        false => result.clone(),
    };
    Run { results: run.results.iter().map(result).collect(), ..run.clone() }
}

fn json(value: &impl Serialize) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}
