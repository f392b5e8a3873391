use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Envelope, SealError, SigningKey, statement};
use crate::{
    attempt::{Attempt, LogEntry, RunRecords},
    report::{Report, json},
};

/// The version of the archive's JSON. It grows when a field with a meaning is added.
pub const ARCHIVE_VERSION: u32 = 1;

pub(super) const KIND: &str = "AttemptArchive";
pub(super) const REPORT: &str = "report.json";
pub(super) const ATTEMPT: &str = "attempt.json";
pub(super) const LOG: &str = "log.jsonl";
pub(super) const RUNS: &str = "runs.jsonl";
pub(super) const EVIDENCE: &str = "evidence.json";

/// Everything that a result rests on, as one file: report, attempt, log, runs and evidence, and a signed statement of their digests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Archive {
    /// The version of this format.
    pub format_version: u32,
    /// What the document is.
    pub kind: String,
    /// The records by their names, each as it is signed: `jq -r '.files["log.jsonl"]'` prints one.
    pub files: BTreeMap<String, String>,
    /// The statement about them.
    pub statement: Envelope,
}

/// What an archive is made of.
#[derive(Debug, Clone, Copy)]
pub struct ArchiveInput<'a> {
    /// The report, as of the end of the log: the same records give the same archive.
    pub report: &'a Report,
    /// The attempt.
    pub attempt: &'a Attempt,
    /// Its log.
    pub log: &'a [LogEntry],
    /// Its runs, as they are stored, and their evidence.
    pub records: &'a RunRecords,
}

impl Archive {
    /// Puts the records together and signs them.
    ///
    /// # Errors
    /// A value has no JSON form.
    pub fn new(input: &ArchiveInput<'_>, key: &SigningKey) -> Result<Self, SealError> {
        // Where the scenario lay and how the cluster was marked is nobody's business elsewhere.
        let attempt = Attempt { scenario_dir: String::new(), nonce: String::new(), ..input.attempt.clone() };
        let log = input.log.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
        let files = BTreeMap::from([
            (REPORT.to_owned(), json::render(input.report)?),
            (ATTEMPT.to_owned(), serde_json::to_string_pretty(&attempt)? + "\n"),
            (LOG.to_owned(), lines(&log)),
            (RUNS.to_owned(), lines(&input.records.runs)),
            (EVIDENCE.to_owned(), serde_json::to_string_pretty(&input.records.evidence)? + "\n"),
        ]);
        let payload = serde_json::to_vec(&statement(input.report, &files))?;
        Ok(Self { format_version: ARCHIVE_VERSION, kind: KIND.to_owned(), statement: Envelope::seal(&payload, key), files })
    }

    /// A file by its name.
    pub(super) fn file(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(String::as_str)
    }

    /// The archive as indented JSON with a line break at its end.
    ///
    /// # Errors
    /// When a value has no JSON form.
    pub fn render(&self) -> Result<String, SealError> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

impl Envelope {
    /// The signed statement alone, as indented JSON with a line break at its end.
    ///
    /// # Errors
    /// When a value has no JSON form.
    pub fn render(&self) -> Result<String, SealError> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

/// The JSON Schema of an archive.
#[must_use]
pub fn archive_schema() -> serde_json::Value {
    schemars::schema_for!(Archive).to_value()
}

fn lines(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}
