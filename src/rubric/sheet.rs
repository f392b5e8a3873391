use serde::{Deserialize, Serialize};

use super::{LevelOn, Missing};
use crate::{attempt::Verdict, points::Points, scenario::ApiVersion};

/// What was found and marked for one learner or team, by a rubric or an assessment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SheetFile {
    /// The format's version.
    pub api_version: ApiVersion,
    /// A sheet.
    pub kind: SheetKind,
    /// Whom it is about.
    pub metadata: SheetMetadata,
    /// Its content.
    pub spec: Sheet,
}

/// Says that a file is a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum SheetKind {
    /// Entries by criterion or item.
    Sheet,
}

/// Whom a sheet is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SheetMetadata {
    /// The rubric or assessment.
    pub rubric: String,
    /// The learner or team.
    pub subject: String,
}

/// The entries of a sheet.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Sheet {
    /// The figure that the level is read from, in place of the rubric's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level_on: Option<LevelOn>,
    /// What becomes of an item without a figure, in place of the assessment's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
    /// Items of an assessment that leave the mean for this subject.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excused: Vec<Excuse>,
    /// At most one for each criterion or item.
    pub entries: Vec<SheetEntry>,
    /// What was done that is worth no points.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<RecordEntry>,
}

/// Why an item leaves the mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Excuse {
    /// The item.
    pub id: String,
    /// Why.
    pub reason: String,
    /// Who says so.
    pub by: String,
}

/// What is known of one criterion or item: exactly one of a mark, a check and scores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SheetEntry {
    /// The criterion, for example `F1.workers`, or the item, for example `W1`.
    pub id: String,
    /// What a person gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<MarkEntry>,
    /// What a check found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<CheckEntry>,
    /// Figures from 0 to 100 whose mean it is; of an assessment only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scores: Option<Vec<ScoreEntry>>,
}

/// What a person gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MarkEntry {
    /// The points, in steps of 0.5.
    pub points: Points,
    /// Who gave them.
    pub by: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What it rests on: a text, a file or an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CheckEntry {
    /// What it came to; `error` and `skipped` are unknown, never wrong.
    pub verdict: Verdict,
    /// Of a failed one that earns in proportion: how many of its items hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed: Option<u32>,
    /// How many items it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u32>,
}

/// A figure and where it is from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ScoreEntry {
    /// The quiz, lab, challenge or project.
    pub name: String,
    /// What it was worth; above 100 it counts as 100.
    pub points: Points,
}

/// Whether something required was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RecordEntry {
    /// The record, for example `talk-demo`.
    pub id: String,
    /// It was done, and was good enough.
    pub passed: bool,
    /// Who says so.
    pub by: String,
    /// What was said about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}
