use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Assignment, Entry, Learner, Roster};

/// The version of the gradebook's JSON. It grows when a field with a meaning is added.
pub const FORMAT_VERSION: u32 = 1;

/// What a cohort came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Gradebook {
    /// The version of this format.
    pub format_version: u32,
    /// The program that made it.
    pub generated_by: String,
    /// When it was made.
    #[schemars(with = "String")]
    pub generated_at: Timestamp,
    /// Who was graded.
    pub roster: Roster,
    /// On what, in the order in which it was asked for.
    pub assignments: Vec<Assignment>,
    /// One for each learner and assignment: by learner in the roster's order, then by assignment.
    pub entries: Vec<Entry>,
}

impl Gradebook {
    /// What a learner came to on an assignment.
    #[must_use]
    pub fn entry(&self, learner: &str, assignment: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.learner == learner && entry.assignment == assignment)
    }

    /// A learner's entries, in the order of the assignments.
    pub fn of<'a>(&'a self, learner: &'a Learner) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(move |entry| entry.learner == learner.id)
    }
}
