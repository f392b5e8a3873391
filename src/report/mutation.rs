use serde::{Deserialize, Serialize};

/// The version of the mutation's JSON. It grows when a field with a meaning is added.
pub const MUTATION_VERSION: u32 = 2;

/// The mutation that takes a whole check away.
const WHOLE: &str = "always-passes";

/// Whether a scenario's proof would notice that its checks are weaker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MutationScore {
    /// The version of this format.
    pub format_version: u32,
    /// The scenario's file.
    pub file: String,
    /// All mutants: the mutation score.
    pub all: Noticed,
    /// Checks that were taken away altogether: whether each is needed.
    pub whole: Noticed,
    /// Checks that were weakened in one place: whether each part of them is.
    pub parts: Noticed,
    /// Every mutant, in the order of the checks.
    pub mutants: Vec<ProvenMutant>,
}

/// A check that was weakened in one place, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProvenMutant {
    /// The check's id.
    pub check: String,
    /// What was done to it, for example `each-to-any`.
    pub mutation: String,
    /// What it was done to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// Where, as a JSON pointer into the file.
    pub pointer: String,
    /// The line of the file; none when it cannot be told.
    pub line: Option<usize>,
    /// The column.
    pub column: Option<usize>,
    /// What became of it.
    pub fate: Fate,
    /// The first case that noticed: one that would no longer hold, or else one that comes to something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noticed_by: Option<String>,
    /// Where every case would still hold: those that come to something else all the same. A cheat among them does not name the check.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unnamed_by: Vec<String>,
}

/// What became of a mutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// A case comes to something else: another verdict, or other points.
    Killed,
    /// Every case comes to the same: nothing proves what was taken away.
    Survived,
    /// What was seen does not tell.
    Unjudged,
}

/// How many of so many mutants were noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Noticed {
    /// Those that were.
    pub killed: usize,
    /// All that could be judged.
    pub judged: usize,
}

impl Noticed {
    fn among<'a>(mutants: impl Iterator<Item = &'a ProvenMutant>) -> Self {
        mutants.filter(|mutant| mutant.fate != Fate::Unjudged).fold(Self::default(), |sum, mutant| Self {
            killed: sum.killed + usize::from(mutant.fate == Fate::Killed),
            judged: sum.judged + 1,
        })
    }

    /// In hundredths, rounded down: 100 says that none survived. None without any mutant.
    #[must_use]
    pub fn percent(self) -> Option<usize> {
        (self.killed * 100).checked_div(self.judged)
    }
}

impl MutationScore {
    /// Counts what became of the mutants of a scenario's file.
    #[must_use]
    pub fn new(file: String, mutants: Vec<ProvenMutant>) -> Self {
        let noticed = |whole: bool| Noticed::among(mutants.iter().filter(|mutant| (mutant.mutation == WHOLE) == whole));
        let (whole, parts) = (noticed(true), noticed(false));
        Self { format_version: MUTATION_VERSION, file, all: [whole, parts].into_iter().sum(), whole, parts, mutants }
    }

    /// Those that nothing noticed.
    pub fn survivors(&self) -> impl Iterator<Item = &ProvenMutant> {
        self.mutants.iter().filter(|mutant| mutant.fate == Fate::Survived)
    }
}

impl std::iter::Sum for Noticed {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self { killed: sum.killed + one.killed, judged: sum.judged + one.judged })
    }
}
