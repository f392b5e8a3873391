use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Checkpoint, Checkpoints, SaidBy};
use crate::gradebook::Gradebook;

/// What one learner tried and passed, by the ids of scenarios and bundles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Passed {
    /// The learner's name.
    pub learner: String,
    /// Tried, passed or not.
    pub tried: BTreeSet<String>,
    /// Passed.
    pub passed: BTreeSet<String>,
}

/// Learners by checkpoints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CheckpointGrid {
    /// One row a learner.
    pub rows: Vec<CheckpointRow>,
}

/// One learner's checkpoints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CheckpointRow {
    /// The learner.
    pub learner: String,
    /// In the course's order.
    pub cells: Vec<CheckpointCell>,
}

/// How far a learner is with a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CheckpointCell {
    /// The checkpoint.
    pub id: String,
    /// How far.
    pub state: CheckpointState,
    /// The scenarios that are evidence and were passed.
    pub passed: Vec<String>,
    /// How many scenarios there are that would be evidence.
    pub of: usize,
}

/// How far a learner is with a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckpointState {
    /// A scenario that is evidence was passed.
    Met,
    /// One was tried.
    Begun,
    /// None was tried.
    Open,
    /// A quiz or a talk says so; what was passed only supports it.
    Person,
    /// Nothing that is shipped is evidence.
    NoEvidence,
}

/// Who has evidence for which checkpoint.
#[must_use]
pub fn checkpoint_grid(checkpoints: &Checkpoints, learners: &[Passed]) -> CheckpointGrid {
    let row = |learner: &Passed| CheckpointRow {
        learner: learner.learner.clone(),
        cells: checkpoints.checkpoints.iter().map(|checkpoint| cell(checkpoint, learner)).collect(),
    };
    CheckpointGrid { rows: learners.iter().map(row).collect() }
}

fn cell(checkpoint: &Checkpoint, learner: &Passed) -> CheckpointCell {
    let passed: Vec<String> = checkpoint.evidence.iter().filter(|id| learner.passed.contains(*id)).cloned().collect();
    let state = match checkpoint.by {
        SaidBy::Person => CheckpointState::Person,
        SaidBy::Scenario if checkpoint.evidence.is_empty() => CheckpointState::NoEvidence,
        SaidBy::Scenario if !passed.is_empty() => CheckpointState::Met,
        SaidBy::Scenario if checkpoint.evidence.iter().any(|id| learner.tried.contains(id)) => CheckpointState::Begun,
        SaidBy::Scenario => CheckpointState::Open,
    };
    CheckpointCell { id: checkpoint.id.clone(), state, passed, of: checkpoint.evidence.len() }
}

/// What each learner of a gradebook tried and passed, in the roster's order.
#[must_use]
pub fn passed_by_gradebook(book: &Gradebook) -> Vec<Passed> {
    let of = |learner: &crate::gradebook::Learner| {
        let entries = || book.of(learner).filter_map(|entry| Some((entry.assignment.clone(), entry.score.as_ref()?)));
        Passed {
            learner: learner.name.clone(),
            tried: entries().map(|(id, _)| id).collect(),
            passed: entries().filter(|(_, score)| score.grade.passed).map(|(id, _)| id).collect(),
        }
    };
    book.roster.learners.iter().map(of).collect()
}
