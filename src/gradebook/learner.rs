use serde::{Deserialize, Serialize};

use crate::text::Lang;

/// Who is graded, as a school lists them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Roster {
    /// What the class is called.
    pub cohort: String,
    /// Everybody, in the order of the file.
    pub learners: Vec<Learner>,
}

/// One learner. Only the id is always known; the rest is what the school's system gave.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Learner {
    /// Unique in the roster, and the name of the learner's folder or archive of submissions.
    pub id: String,
    /// The name that people read.
    pub name: String,
    /// The address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The id in the school's information system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sis_id: Option<String>,
    /// The id in the learning platform itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_id: Option<String>,
    /// What the learner logs in with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// The class or group within the cohort.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The team of a project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// What the learner does in the team.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<ProjectRole>,
    /// The language of the learner's reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
}

/// What a member of a team is responsible for; one person may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProjectRole {
    /// The cluster and its infrastructure.
    PlatformEngineer,
    /// Delivery and automation.
    DevopsEngineer,
    /// Monitoring and operation.
    Sre,
}
