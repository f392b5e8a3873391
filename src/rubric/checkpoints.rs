use serde::{Deserialize, Serialize};

use super::Named;
use crate::{
    scenario::{ApiVersion, Level},
    text::Text,
};

/// What `checkpoints.yaml` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CheckpointsFile {
    /// The format's version.
    pub api_version: ApiVersion,
    /// Checkpoints.
    pub kind: CheckpointsKind,
    /// Its names.
    pub metadata: Named,
    /// Its content.
    pub spec: Checkpoints,
}

/// Says that a file is about checkpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum CheckpointsKind {
    /// Yes-or-no items, by day.
    Checkpoints,
}

/// The checkpoints of the course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Checkpoints {
    /// In the order of the days.
    pub checkpoints: Vec<Checkpoint>,
}

/// Something that a learner can do at the end of a day, or cannot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Checkpoint {
    /// Its id, for example `D3-1`.
    pub id: String,
    /// The day of the week.
    pub day: u32,
    /// What the learner can do.
    pub title: Text,
    /// What says so.
    pub by: SaidBy,
    /// Scenarios and bundles that are evidence; passing one of them is enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// Scenarios of the course's plan that would be evidence and are not shipped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub announced: Vec<String>,
}

/// What says that a checkpoint is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SaidBy {
    /// A passed scenario.
    Scenario,
    /// A quiz or a talk; scenarios only support it.
    Person,
}

/// What `learning-items.yaml` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LearningItemsFile {
    /// The format's version.
    pub api_version: ApiVersion,
    /// Learning items.
    pub kind: LearningItemsKind,
    /// Its names.
    pub metadata: Named,
    /// Its content.
    pub spec: LearningItems,
}

/// Says that a file is a learning checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum LearningItemsKind {
    /// What to learn, by level.
    LearningItems,
}

/// A learner's own checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LearningItems {
    /// By level.
    pub items: Vec<LearningItem>,
}

/// One thing to learn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LearningItem {
    /// Its id, kebab-case.
    pub id: String,
    /// Its level.
    pub level: Level,
    /// What to learn.
    pub title: Text,
    /// Scenarios and bundles that are evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// Scenarios of the course's plan that would be evidence and are not shipped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub announced: Vec<String>,
}
