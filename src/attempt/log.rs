use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::AttemptId;
use crate::digest::sha256;

/// What happened in an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum LogKind {
    /// The fault was confirmed; the learner could begin.
    Started,
    /// The checks ran; `passed` and `total` count objectives and guards.
    Checked,
    /// A hint was opened; `rung`, and `step` in a lab.
    HintOpened,
    /// The learner answered a question; `check` and `answer`, as it was understood.
    Answered,
    /// A grader gave a mark; `check`, `points`, `comment` and `by`.
    Marked,
    /// The marks were posted; `by`.
    MarksPosted,
    /// A person put points in the place of computed ones; `target`, `to`, `reason` and `by`.
    Overridden,
    /// The computed points count again; `target`, `reason` and `by`.
    OverrideUndone,
    /// A person gave or took points; `kind`, `amount`, `reason` and `by`.
    Adjusted,
    /// Such points were taken back; `number`, `reason` and `by`.
    AdjustmentUndone,
    /// The score was computed anew; `scenarioDir`, `digest`, `before`, `after`, `reason` and `by`.
    Regraded,
    /// A solution was shown; `solution` names it.
    SolutionShown,
    /// A solution was applied; `solution` names it.
    SolutionApplied,
    /// Back to the broken state.
    Reset,
    /// The environment failed, which is not the learner's doing: the clock stands. `since` says from when, `reason` why.
    Paused,
    /// The environment is usable again: the clock goes on.
    Repaired,
    /// The learner was done with it as a part of a bundle: it was judged for good.
    Finished,
    /// What a learner handed in was applied to a fresh environment on the instructor's machine; `learner`, `at` when it was handed in, as
    /// far as that is known, and `submission` with its SHA-256.
    Submitted,
    /// An instructor had it checked again; `learner`.
    Rechecked,
    /// The attempt was closed.
    Closed,
}

impl LogKind {
    /// Whether somebody who grades did it, who needs no environment.
    #[must_use]
    pub fn is_a_graders(self) -> bool {
        matches!(
            self,
            Self::Marked
                | Self::MarksPosted
                | Self::Overridden
                | Self::OverrideUndone
                | Self::Adjusted
                | Self::AdjustmentUndone
                | Self::Regraded
                | Self::Submitted
                | Self::Rechecked
        )
    }
}

/// One entry of an attempt's log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// Its number, from 1.
    pub seq: i64,
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// What happened.
    pub kind: LogKind,
    /// Its details.
    pub data: serde_json::Value,
    /// SHA-256 over this entry and the hash of the one before.
    pub hash: String,
}

/// The hash of an entry: over the hash of the one before it and everything that it says, in the words in which it is stored.
#[must_use]
pub fn chain(previous: &str, id: &AttemptId, seq: i64, at: &str, kind: &str, data: &str) -> String {
    sha256(format!("{previous}\n{id}\n{seq}\n{at}\n{kind}\n{data}").as_bytes())
}

impl LogEntry {
    /// The hash that it must have after an entry with this hash; `None` where it has no JSON form.
    #[must_use]
    pub fn expected_hash(&self, previous: &str, id: &AttemptId) -> Option<String> {
        let (kind, data) = (serde_json::to_value(self.kind).ok()?, serde_json::to_string(&self.data).ok()?);
        Some(chain(previous, id, self.seq, &self.at.to_string(), kind.as_str()?, &data))
    }
}
