use std::collections::BTreeMap;

use super::Run;

/// The runs of an attempt as they were written: what the log's hashes are over. In place of each part of evidence stands its hash.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunRecords {
    /// The runs in order, each as one line of JSON.
    pub runs: Vec<String>,
    /// The parts of evidence that they refer to, as JSON, by the SHA-256 of that.
    pub evidence: BTreeMap<String, String>,
}

impl RunRecords {
    /// The hashes that stand in place of a run's evidence.
    pub fn evidence_of(run: &Run) -> impl Iterator<Item = &str> {
        run.results.iter().flat_map(|result| &result.evidence).filter_map(|evidence| evidence.part.as_str())
    }
}
