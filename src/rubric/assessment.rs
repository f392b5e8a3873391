use serde::{Deserialize, Serialize};

use super::{Named, Source};
use crate::{scenario::ApiVersion, text::Text};

/// What a weighted assessment says, such as `weekly-assessment.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AssessmentFile {
    /// The format's version.
    pub api_version: ApiVersion,
    /// An assessment.
    pub kind: AssessmentKind,
    /// Its names.
    pub metadata: Named,
    /// Its content.
    pub spec: Assessment,
}

/// Says that a file is a weighted assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum AssessmentKind {
    /// A weighted mean of means.
    Assessment,
}

/// A weighted mean: each line is the mean of its items, and each item a figure from 0 to 100.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Assessment {
    /// Grows with every change that may change a score.
    pub version: u32,
    /// What becomes of an item without a figure.
    #[serde(default)]
    pub missing: Missing,
    /// The lines; their weights add up to 100.
    pub lines: Vec<WeightedLine>,
}

/// What becomes of an item without a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Missing {
    /// It may be anything from 0 to 100, and so the whole is a range.
    #[default]
    Incomplete,
    /// It is 0.
    Zero,
    /// It leaves the mean.
    Excuse,
}

/// A line and what it weighs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct WeightedLine {
    /// Its id, kebab-case.
    pub id: String,
    /// What it is about.
    pub title: Text,
    /// What it weighs, in percent.
    #[schemars(range(min = 1, max = 100))]
    pub weight: u32,
    /// Who judges its items.
    pub source: Source,
    /// Its items.
    pub items: Vec<Item>,
}

/// One figure of a line's mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Item {
    /// Its id, unique in the assessment, for example `W1`.
    pub id: String,
    /// What it is about.
    pub title: Text,
    /// Where the figure comes from, or what is evidence for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Text>,
    /// What it weighs within its line; all weigh the same when left out.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    #[schemars(range(min = 1, max = 100))]
    pub weight: u32,
}

fn one() -> u32 {
    1
}

fn is_one(weight: &u32) -> bool {
    *weight == 1
}

impl Assessment {
    /// Every item.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.lines.iter().flat_map(|line| &line.items)
    }
}
