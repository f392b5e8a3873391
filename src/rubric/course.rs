use serde::{Deserialize, Serialize};

use super::Named;
use crate::{gradebook::ProjectRole, scenario::ApiVersion, text::Text};

/// What `course.yaml` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CourseFile {
    /// The format's version.
    pub api_version: ApiVersion,
    /// A course.
    pub kind: CourseKind,
    /// Its names.
    pub metadata: Named,
    /// Its content.
    pub spec: Course,
}

/// Says that a file is a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum CourseKind {
    /// Weeks of days of units.
    Course,
}

/// A course: its teams, and its weeks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Course {
    /// Who does a project together.
    pub team: Team,
    /// The weeks.
    pub weeks: Vec<Week>,
}

/// A team of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Team {
    /// The fewest members.
    pub min: u32,
    /// The most members.
    pub max: u32,
    /// What members do; one may do several.
    pub roles: Vec<TeamRole>,
}

/// What a member of a team does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TeamRole {
    /// Which.
    pub role: ProjectRole,
    /// Its name.
    pub title: Text,
    /// What it is responsible for.
    pub duty: Text,
}

/// A week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Week {
    /// Its number in the course.
    pub number: u32,
    /// Its title.
    pub title: Text,
    /// Its days.
    pub days: Vec<Day>,
    /// The project of the week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<Project>,
}

/// A day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Day {
    /// Its number in the week.
    pub number: u32,
    /// Its title.
    pub title: Text,
    /// What is done, in order.
    pub units: Vec<Unit>,
}

/// Something that is done on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Unit {
    /// Its id, kebab-case, unique in the course.
    pub id: String,
    /// What it is.
    pub kind: UnitKind,
    /// Its title.
    pub title: Text,
    /// How long it takes; none where the course does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// Whether it is asked for.
    #[serde(default)]
    pub need: Need,
    /// The course names it and its text is not known: it was rebuilt.
    #[serde(default)]
    pub reconstructed: bool,
    /// The scenarios and bundles that it is done with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scenarios: Vec<String>,
    /// Its parts; their minutes add up to its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<UnitPart>,
}

/// What a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UnitKind {
    /// A lesson.
    Session,
    /// A guided lab.
    Lab,
    /// A challenge.
    Challenge,
}

/// Whether a unit is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    /// It is.
    #[default]
    Required,
    /// For those who want to go deeper.
    Advanced,
    /// It earns something on top.
    Bonus,
}

/// A part of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct UnitPart {
    /// Its title.
    pub title: Text,
    /// How long it takes.
    pub minutes: u32,
    /// The scenario that it is done with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
}

/// A project of a week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Project {
    /// Its id, kebab-case.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// The rubric that it is graded by.
    pub rubric: String,
    /// The scenarios and bundles that it is done with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scenarios: Vec<String>,
    /// What is done on which days.
    pub stages: Vec<ProjectStage>,
    /// How it is presented.
    pub presentation: Presentation,
}

/// What is done on some days of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ProjectStage {
    /// The days.
    pub days: Vec<u32>,
    /// What is done.
    pub title: Text,
}

/// How a team presents its project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Presentation {
    /// How long it is.
    pub minutes: u32,
    /// Its parts; their minutes add up to its own.
    pub parts: Vec<UnitPart>,
}

impl Course {
    /// Every unit, in order.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.weeks.iter().flat_map(|week| &week.days).flat_map(|day| &day.units)
    }
}
