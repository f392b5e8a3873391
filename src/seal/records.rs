//! Whether the records of an archive belong together, and come to the score that is claimed.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::{
    Agreement, Archive, Finding, Statement,
    archive::{ATTEMPT, EVIDENCE, LOG, REPORT, RUNS},
};
use crate::{
    attempt::{Attempt, HintOpened, LogEntry, LogKind, Mark, Run, RunRecords},
    digest::sha256,
    report::Report,
    scenario::Scenario,
    score::{self, Score},
};

/// The records, read.
struct Records {
    report: Report,
    attempt: Attempt,
    log: Vec<LogEntry>,
    runs: Vec<(String, Run)>,
    evidence: BTreeMap<String, String>,
}

pub(super) fn verify(archive: &Archive, statement: &Statement, scenario: Option<&Scenario>, findings: &mut Vec<Finding>) {
    let records = match read(archive) {
        Ok(records) => records,
        Err((name, why)) => {
            findings.push(Finding::differs(format!("`{name}`을(를) 읽을 수 없습니다: {why}"), format!("`{name}` cannot be read: {why}")));
            return;
        }
    };
    findings.push(chain(&records));
    findings.push(runs(&records));
    findings.push(evidence(&records));
    findings.push(told(&records));
    findings.push(claim(&records, statement));
    findings.push(recomputed(&records, scenario));
}

fn read(archive: &Archive) -> Result<Records, (&'static str, String)> {
    let text = |name: &'static str| archive.file(name).ok_or_else(|| (name, "it is missing".to_owned()));
    let mut runs = Vec::new();
    for line in text(RUNS)?.lines() {
        runs.push((line.to_owned(), json(RUNS, line)?));
    }
    Ok(Records {
        report: json(REPORT, text(REPORT)?)?,
        attempt: json(ATTEMPT, text(ATTEMPT)?)?,
        log: text(LOG)?.lines().map(|line| json(LOG, line)).collect::<Result<_, _>>()?,
        evidence: json(EVIDENCE, text(EVIDENCE)?)?,
        runs,
    })
}

fn json<T: DeserializeOwned>(name: &'static str, text: &str) -> Result<T, (&'static str, String)> {
    serde_json::from_str(text).map_err(|e| (name, e.to_string()))
}

/// Every entry of the log carries the hash of the one before it.
fn chain(records: &Records) -> Finding {
    let mut head = String::new();
    for (entry, expected) in records.log.iter().zip(1_i64..) {
        if entry.seq != expected || entry.expected_hash(&head, &records.attempt.id).as_ref() != Some(&entry.hash) {
            return Finding::differs(
                format!("기록의 {expected}번째 항목이 앞 항목의 해시와 이어지지 않습니다: 바뀌었거나 빠졌거나 끼워 넣은 것입니다"),
                format!("entry {expected} of the log does not follow from the hash of the one before: it was changed, left out or put in"),
            );
        }
        head.clone_from(&entry.hash);
    }
    let count = records.log.len();
    Finding::agrees(
        format!("기록 {count}개의 해시가 모두 이어집니다"),
        format!("the hashes of all {count} entries of the log follow from one another"),
    )
}

/// Every run is the one that the log tells of.
fn runs(records: &Records) -> Finding {
    let mut count = 0;
    for entry in records.log.iter().filter(|entry| entry.kind == LogKind::Checked) {
        let (Some(number), Some(sha)) = (entry.data["run"].as_u64(), entry.data["sha256"].as_str()) else { continue };
        let line = usize::try_from(number).ok().and_then(|number| records.runs.get(number.checked_sub(1)?));
        if line.is_none_or(|(line, _)| sha256(line.as_bytes()) != sha) {
            return Finding::differs(
                format!("{number}번째 실행이 기록에 적힌 것과 다릅니다"),
                format!("run {number} is not the one that the log tells of"),
            );
        }
        count += 1;
    }
    Finding::agrees(format!("실행 {count}번이 기록과 같습니다"), format!("{count} runs are those that the log tells of"))
}

/// Every part of evidence is the one that its run refers to.
fn evidence(records: &Records) -> Finding {
    let mut count = 0;
    for (number, (_, run)) in (1..).zip(&records.runs) {
        for key in RunRecords::evidence_of(run) {
            if records.evidence.get(key).is_none_or(|part| sha256(part.as_bytes()) != key) {
                return Finding::differs(
                    format!("{number}번째 실행의 증거 {key}이(가) 없거나 바뀌었습니다"),
                    format!("the evidence {key} of run {number} is missing or was changed"),
                );
            }
            count += 1;
        }
    }
    Finding::agrees(
        format!("증거 {count}개가 실행이 가리키는 그대로입니다"),
        format!("{count} pieces of evidence are those that the runs refer to"),
    )
}

/// Hints, marks and help are those that the log tells of.
fn told(records: &Records) -> Finding {
    let of = |kind: LogKind| records.log.iter().filter(move |entry| entry.kind == kind);
    let rung = |hint: &HintOpened| (Some(u64::from(hint.rung)), serde_json::json!(hint.step));
    let hints: Vec<_> = of(LogKind::HintOpened).map(|entry| (entry.data["rung"].as_u64(), entry.data["step"].clone())).collect();
    let marks: Vec<Mark> = of(LogKind::Marked).filter_map(|entry| serde_json::from_value(entry.data.clone()).ok()).collect();
    let helped = of(LogKind::SolutionShown).chain(of(LogKind::SolutionApplied)).next().is_some();
    let attempt = &records.attempt;
    let wrong = [
        (hints != attempt.hints.iter().map(rung).collect::<Vec<_>>(), ("힌트", "the hints")),
        (marks != attempt.marks, ("채점자의 점수", "the marks")),
        (helped && !attempt.assisted, ("풀이를 보았는지", "whether a solution was seen")),
    ];
    match wrong.iter().find(|(differs, _)| *differs) {
        Some((_, (ko, en))) => Finding::differs(
            format!("시도에 적힌 것이 기록과 다릅니다: {ko}"),
            format!("the attempt does not say what the log tells: {en}"),
        ),
        None => Finding::agrees("힌트와 점수가 기록과 같습니다", "hints and marks are those that the log tells of"),
    }
}

/// The statement claims what the report says, and both stand at the end of the log.
fn claim(records: &Records, statement: &Statement) -> Finding {
    let (claimed, report) = (&statement.predicate.attempt, &records.report);
    let head = records.log.last().map(|entry| entry.hash.clone());
    let same = [
        (claimed.id == report.attempt.id && claimed.id == records.attempt.id.0, ("시도", "the attempt")),
        (claimed.points == report.score.total && claimed.is_final == report.score.is_final, ("점수", "the points")),
        (claimed.level == report.score.grade.level, ("수준", "the level")),
        (claimed.trust == report.trust.tier, ("신뢰 등급", "the trust tier")),
        (claimed.log_head == report.log_head && claimed.log_head == head, ("기록의 마지막 해시", "the last hash of the log")),
    ];
    match same.iter().find(|(same, _)| !same) {
        Some((_, (ko, en))) => {
            Finding::differs(format!("진술과 보고서가 다릅니다: {ko}"), format!("the statement and the report do not agree on {en}"))
        }
        None => Finding::agrees("진술과 보고서가 같습니다", "the statement claims what the report says"),
    }
}

/// The stored results come to the score of the report, computed anew.
fn recomputed(records: &Records, scenario: Option<&Scenario>) -> Finding {
    let (id, wanted) = (&records.report.scenario.id, &records.report.scenario.digest);
    let Some(scenario) = scenario else {
        return Finding::new(
            Agreement::Unknown,
            format!("점수를 다시 계산하지 못했습니다: 시나리오 `{id}`이(가) 여기에 없습니다. --pack으로 주세요"),
            format!("the score was not computed anew: the scenario `{id}` is not here; give it with --pack"),
        );
    };
    if scenario.digest != *wanted {
        return Finding::new(
            Agreement::Unknown,
            format!(
                "점수를 다시 계산하지 못했습니다: 여기 있는 `{id}`은(는) 다른 판입니다(sha256 {}, 필요한 것은 {wanted})",
                scenario.digest
            ),
            format!("the score was not computed anew: `{id}` is here in another version (sha256 {}, wanted is {wanted})", scenario.digest),
        );
    }
    let runs = records.runs.iter().map(|(_, run)| run);
    let anew = score::score(scenario, &records.attempt, score::counting(runs));
    match difference(&records.report.score, &anew) {
        None => Finding::agrees(
            format!("점수를 다시 계산해도 같습니다: {}점", anew.total),
            format!("computed anew, the score is the same: {} points", anew.total),
        ),
        Some((ko, en)) => {
            Finding::differs(format!("점수를 다시 계산하면 다릅니다: {ko}"), format!("computed anew, the score is another: {en}"))
        }
    }
}

/// The first thing that two scores do not agree on.
fn difference(claimed: &Score, anew: &Score) -> Option<(String, String)> {
    for (claimed, anew) in claimed.checks.iter().zip(&anew.checks) {
        if (&claimed.id, claimed.earned, claimed.verdict) != (&anew.id, anew.earned, anew.verdict) {
            let (id, was, is) = (&anew.id, claimed.earned, anew.earned);
            return Some((
                format!("`{id}` 보고서 {was}점, 계산 {is}점"),
                format!("`{id}` has {was} points in the report, and {is} by its result"),
            ));
        }
    }
    if (claimed.total, claimed.grade, claimed.is_final) != (anew.total, anew.grade, anew.is_final)
        || claimed.checks.len() != anew.checks.len()
    {
        let (was, is) = (claimed.total, anew.total);
        return Some((
            format!("총점 보고서 {was}점, 계산 {is}점"),
            format!("the total is {was} points in the report, and {is} by its parts"),
        ));
    }
    None
}
