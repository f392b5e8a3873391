use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    attempt::{Tier, Verdict},
    digest::sha256,
    report::{CheckReport, Report},
    scenario::Level,
    score::Total,
};

pub(super) const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
pub(super) const PREDICATE_TYPE: &str = "https://in-toto.io/attestation/test-result/v0.1";

/// An in-toto statement whose predicate is a test result: which records of an attempt came to which result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Statement {
    /// The type of the statement.
    #[serde(rename = "_type")]
    pub kind: String,
    /// The records, by their digests.
    pub subject: Vec<Subject>,
    /// The type of the predicate.
    pub predicate_type: String,
    /// The result.
    pub predicate: Predicate,
}

/// A file and its digests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// `sha256` and its value.
    pub digest: BTreeMap<String, String>,
}

/// The result of a run of the checks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Predicate {
    /// `PASSED`, `FAILED`, or `WARNED` while it is not decided.
    pub result: String,
    /// The scenario, by the digest of its folder.
    pub configuration: Vec<Subject>,
    /// Checks that passed.
    pub passed_tests: Vec<String>,
    /// Checks that could not be judged: neither passed nor failed.
    pub warned_tests: Vec<String>,
    /// Checks that did not pass.
    pub failed_tests: Vec<String>,
    /// What test results have no field for.
    #[serde(rename = "https://kubedrill.dev/attempt/v1")]
    pub attempt: AttemptResult,
}

/// What an attempt came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttemptResult {
    /// The attempt's id.
    pub id: String,
    /// Its points.
    pub points: Total,
    /// The level that they reach.
    pub level: Option<Level>,
    /// Nothing is open.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// Who vouches for it.
    pub trust: Tier,
    /// The hash of the last entry of the attempt's log.
    pub log_head: Option<String>,
    /// The program.
    pub generated_by: String,
    /// As of when.
    #[schemars(with = "String")]
    pub generated_at: Timestamp,
}

impl Subject {
    /// A file by its content.
    #[must_use]
    pub fn of(name: &str, bytes: &[u8]) -> Self {
        Self::by_digest(name, sha256(bytes))
    }

    fn by_digest(name: &str, sha256: String) -> Self {
        Self { name: name.to_owned(), digest: BTreeMap::from([("sha256".to_owned(), sha256)]) }
    }

    /// Its SHA-256.
    #[must_use]
    pub fn sha256(&self) -> &str {
        self.digest.get("sha256").map(String::as_str).unwrap_or_default()
    }
}

/// What a report and the files that it rests on are to be signed for.
#[must_use]
pub fn statement(report: &Report, files: &BTreeMap<String, String>) -> Statement {
    let score = &report.score;
    let names = |of: &dyn Fn(&CheckReport) -> bool| report.checks.iter().filter(|c| of(c)).map(|c| c.id.clone()).collect();
    let is_open = |check: &CheckReport| match check.verdict {
        Verdict::Pass | Verdict::Fail => false,
        Verdict::Blocked => !check.earned.is_known(),
        Verdict::Error | Verdict::Skipped => true,
    };
    let result = match (score.is_final, score.grade.passed) {
        (false, _) => "WARNED",
        (true, true) => "PASSED",
        (true, false) => "FAILED",
    };
    let digest = &report.scenario.digest;
    Statement {
        kind: STATEMENT_TYPE.to_owned(),
        subject: files.iter().map(|(name, text)| Subject::of(name, text.as_bytes())).collect(),
        predicate_type: PREDICATE_TYPE.to_owned(),
        predicate: Predicate {
            result: result.to_owned(),
            configuration: vec![Subject::by_digest(&report.scenario.id, digest.strip_prefix("sha256:").unwrap_or(digest).to_owned())],
            passed_tests: names(&|check| check.verdict == Verdict::Pass),
            warned_tests: names(&is_open),
            failed_tests: names(&|check| check.verdict != Verdict::Pass && !is_open(check)),
            attempt: AttemptResult {
                id: report.attempt.id.clone(),
                points: score.total,
                level: score.grade.level,
                is_final: score.is_final,
                trust: report.trust.tier,
                log_head: report.log_head.clone(),
                generated_by: report.generated_by.clone(),
                generated_at: report.generated_at,
            },
        },
    }
}
