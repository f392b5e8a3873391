use serde::{Deserialize, Serialize};

use super::{LevelOn, Source};
use crate::{
    scenario::Category,
    score::{Grade, Total, TraceLine},
    text::Text,
};

/// What somebody came to by a rubric, and how that was computed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RubricScore {
    /// The rubric.
    pub rubric: String,
    /// Its version.
    pub version: u32,
    /// The learner or team.
    pub subject: String,
    /// The only day of the project that was graded; none for the whole.
    pub stage: Option<u32>,
    /// By category.
    pub categories: Vec<CategoryScore>,
    /// All categories.
    pub base: Total,
    /// What was earned on top, by bonus.
    pub bonuses: Vec<BonusScore>,
    /// All bonuses, shown apart.
    pub bonus: Total,
    /// Base and bonus.
    pub total: Total,
    /// Which figure the level is read from.
    pub level_on: LevelOn,
    /// That figure.
    pub figure: Total,
    /// The level that it reaches; none for a single day.
    pub grade: Option<Grade>,
    /// What must be done and is worth no points.
    pub records: Vec<RecordState>,
    /// Nothing is open.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// What is open.
    pub pending: Vec<Text>,
    /// What the rubric says with every score.
    pub notes: Vec<Text>,
    /// Every step of the arithmetic, in order.
    pub trace: Vec<TraceLine>,
}

/// What a category came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "RubricCategoryScore")]
pub struct CategoryScore {
    /// Which.
    pub category: Category,
    /// What it came to.
    pub earned: Total,
    /// Its lines.
    pub lines: Vec<LineScore>,
}

/// What a bonus came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct BonusScore {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub title: Text,
    /// What it adds, at most its cap.
    pub earned: Total,
    /// Its lines, before the cap.
    pub lines: Vec<LineScore>,
}

/// What a line came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LineScore {
    /// Its id.
    pub id: String,
    /// What it asks for.
    pub title: Text,
    /// What it came to.
    pub earned: Total,
    /// Its criteria.
    pub criteria: Vec<CriterionScore>,
}

/// What a criterion came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CriterionScore {
    /// Its full id.
    pub id: String,
    /// What it asks for.
    pub title: Text,
    /// Who judges it.
    pub source: Source,
    /// What it came to.
    pub earned: Total,
}

/// Whether something required was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RecordState {
    /// Its id.
    pub id: String,
    /// What is to be done.
    pub title: Text,
    /// It was done, and was good enough; none while nobody said so.
    pub passed: Option<bool>,
    /// What was said about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}
