use serde::{Deserialize, Serialize};

use super::{LogEntry, LogKind};

/// Who vouches for an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Tier {
    /// The learner's own machine scored it.
    T0,
    /// An instructor checked it again.
    T1,
    /// It was handed in, and ran on the instructor's machine from beginning to end.
    T2,
}

impl std::fmt::Display for Tier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::T0 => "T0",
            Self::T1 => "T1",
            Self::T2 => "T2",
        })
    }
}

impl Tier {
    /// What an attempt's log vouches for.
    #[must_use]
    pub fn of(log: &[LogEntry]) -> Self {
        let tier = |entry: &LogEntry| match entry.kind {
            LogKind::Submitted => Self::T2,
            LogKind::Rechecked => Self::T1,
            _ => Self::T0,
        };
        log.iter().map(tier).max().unwrap_or(Self::T0)
    }
}
