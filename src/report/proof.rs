use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::MutationScore;
use crate::attempt::Basis;

/// What proving scenarios came to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProofReport {
    /// The version of this format.
    pub format_version: u32,
    /// The program that made it.
    pub generated_by: String,
    /// The provider that it ran on.
    pub provider: String,
    /// The scenarios, in the order in which they were proven.
    pub scenarios: Vec<ProofScenario>,
}

/// What proving one scenario came to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProofScenario {
    /// Its id.
    pub id: String,
    /// Its cases, in order.
    pub cases: Vec<ProofCase>,
    /// How the facts under its verdicts were had.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub bases: BTreeSet<Basis>,
    /// Capabilities that it needs and the provider lacks: nothing was proven.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<String>,
    /// Whether weaker checks would have been noticed, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mutation: Option<MutationScore>,
}

/// One thing that a scenario must do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProofCase {
    /// Which solution, cheat or property, for example `selector-fixed`.
    pub name: String,
    /// What sort of case it is.
    pub kind: CaseKind,
    /// What it came to.
    pub verdict: CaseVerdict,
    /// How long it took.
    pub millis: u64,
    /// Why it failed or could not be told; empty when it passed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// What went wrong in the tries before the last one. A case that passed all the same is flaky.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<String>,
}

impl ProofCase {
    /// It passed, but not at the first try.
    #[must_use]
    pub fn is_flaky(&self) -> bool {
        self.verdict == CaseVerdict::Pass && !self.earlier.is_empty()
    }
}

/// What sort of thing is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum CaseKind {
    /// The healthy world passes every guard.
    Healthy,
    /// The broken world fails every objective.
    Broken,
    /// Doing nothing earns nothing.
    Nothing,
    /// A solution earns what it should.
    Solution,
    /// A cheat is stopped by the check that it names.
    Cheat,
    /// Starting twice gives the same world.
    Repeat,
    /// Resetting gives exactly the broken world.
    Reset,
    /// Stopping leaves nothing behind.
    Cleanup,
    /// Both languages are complete.
    Languages,
    /// A bundle's points are the mean of its parts'.
    Arithmetic,
}

/// What a case came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CaseVerdict {
    /// As it must be.
    Pass,
    /// Not as it must be.
    Fail,
    /// Nobody could look.
    Error,
    /// Not run: the provider lacks what it needs.
    Skipped,
}

impl ProofReport {
    /// An empty report of this program on a provider.
    #[must_use]
    pub fn new(provider: impl Into<String>) -> Self {
        Self {
            format_version: super::FORMAT_VERSION,
            generated_by: format!("kubedrill {}", env!("CARGO_PKG_VERSION")),
            provider: provider.into(),
            scenarios: Vec::new(),
        }
    }

    /// How many cases came to this verdict.
    #[must_use]
    pub fn count(&self, verdict: CaseVerdict) -> usize {
        self.scenarios.iter().flat_map(|s| &s.cases).filter(|c| c.verdict == verdict).count()
    }

    /// How many cases passed, but not at the first try.
    #[must_use]
    pub fn flaky(&self) -> usize {
        self.scenarios.iter().flat_map(|s| &s.cases).filter(|c| c.is_flaky()).count()
    }

    /// Whether there was something to prove and all of it passed. What the provider refused does not count against it.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.count(CaseVerdict::Pass) > 0 && self.count(CaseVerdict::Fail) + self.count(CaseVerdict::Error) == 0
    }
}
