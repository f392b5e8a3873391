use serde::{Deserialize, Serialize};

use super::Named;
use crate::{
    points::Points,
    scenario::{ApiVersion, Category},
    text::Text,
};

/// What a rubric of points says, such as `final-project.yaml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RubricFile {
    /// The format's version.
    pub api_version: ApiVersion,
    /// A rubric.
    pub kind: RubricKind,
    /// Its names.
    pub metadata: Named,
    /// Its content.
    pub spec: Rubric,
}

/// Says that a file is a rubric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum RubricKind {
    /// Points for criteria.
    Rubric,
}

/// Points in a tree: categories, their lines, and the criteria of each line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Rubric {
    /// Grows with every change that may change a score. Ids of lines and criteria stay.
    pub version: u32,
    /// Which figure the level is read from.
    #[serde(default)]
    pub level_on: LevelOn,
    /// What the categories add up to.
    pub points: Points,
    /// The categories.
    pub categories: Vec<CategorySpec>,
    /// What earns points on top.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bonuses: Vec<BonusSpec>,
    /// What must be done and is worth no points.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<RecordSpec>,
    /// What is printed with every score.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Text>,
}

/// The figure that a level is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LevelOn {
    /// Base and bonus, at most the rubric's points.
    #[default]
    Capped,
    /// Without bonus.
    Base,
    /// Base and bonus.
    Uncapped,
}

/// A category and its lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CategorySpec {
    /// Which.
    pub category: Category,
    /// What its lines add up to.
    pub points: Points,
    /// Its lines.
    pub lines: Vec<LineSpec>,
}

/// A line of a rubric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LineSpec {
    /// Its id, unique in the rubric, for example `F1`.
    pub id: String,
    /// What it asks for.
    pub title: Text,
    /// What its criteria add up to.
    pub points: Points,
    /// In a bonus: what it is usually worth; more counts only for as many lines as the bonus says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual: Option<Points>,
    /// The day of the project on which it is graded.
    pub stage: u32,
    /// Its criteria.
    pub criteria: Vec<CriterionSpec>,
}

/// What is judged as one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CriterionSpec {
    /// Its id, unique in its line; elsewhere it is called `F1.workers`.
    pub id: String,
    /// What it asks for.
    pub title: Text,
    /// What it is worth. Left out in every criterion of a line, they share the line's points equally.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<Points>,
    /// Who judges it.
    pub source: Source,
    /// What is different where containers and network are simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sandbox: Option<InSandbox>,
    /// The only points that there are to give, besides none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<GivenFor>,
}

/// Who judges a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// A check.
    Auto,
    /// A person.
    Manual,
}

/// How a criterion is judged in the sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum InSandbox {
    /// By a stand-in of the sandbox.
    Modelled,
    /// By computing the effect from objects.
    Evaluated,
    /// By a person.
    Manual,
}

/// What so many points are given for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct GivenFor {
    /// The points.
    pub points: Points,
    /// What they are given for.
    pub title: Text,
}

/// Lines that earn points on top, up to a cap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct BonusSpec {
    /// Its id, kebab-case.
    pub id: String,
    /// What it is for.
    pub title: Text,
    /// The most that it adds.
    pub cap: Points,
    /// How many lines may earn more than what they are usually worth.
    #[serde(default)]
    pub outstanding: u32,
    /// Its lines.
    pub lines: Vec<LineSpec>,
}

/// Something that must be done and is worth no points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RecordSpec {
    /// Its id, kebab-case.
    pub id: String,
    /// What is to be done.
    pub title: Text,
    /// The day of the project.
    pub stage: u32,
    /// Items of the weekly assessment that it is evidence for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub feeds: Vec<String>,
}

impl LineSpec {
    /// Its criteria, each with its full id and what it is worth.
    pub fn worth(&self) -> impl Iterator<Item = (String, &CriterionSpec, Points)> {
        let equal = self.points.split(&vec![1; self.criteria.len()]);
        self.criteria.iter().zip(equal).map(|(criterion, share)| {
            let id = format!("{}.{}", self.id, criterion.id);
            (id, criterion, criterion.points.unwrap_or(share))
        })
    }
}

impl Rubric {
    /// Every line, those of bonuses last.
    pub fn lines(&self) -> impl Iterator<Item = &LineSpec> {
        self.categories.iter().flat_map(|category| &category.lines).chain(self.bonuses.iter().flat_map(|bonus| &bonus.lines))
    }

    /// The criterion with this full id, and what it is worth.
    #[must_use]
    pub fn criterion(&self, id: &str) -> Option<(&CriterionSpec, Points)> {
        self.lines().flat_map(LineSpec::worth).find(|(full, ..)| full == id).map(|(_, criterion, points)| (criterion, points))
    }
}
