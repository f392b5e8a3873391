use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Outcome;
use crate::{
    points::Points,
    scenario::{Category, CheckSpec, Kind, Level, Role, Scenario},
    text::Text,
};

/// A scenario as it was set to a cohort.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Assignment {
    /// The scenario's id.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// Lab or challenge.
    pub kind: Kind,
    /// How hard it is.
    pub level: Level,
    /// SHA-256 of its folder.
    pub digest: String,
    /// What there is to earn without a bonus.
    pub max: Points,
    /// When it was due; none when it never is.
    #[schemars(with = "Option<String>")]
    pub due: Option<Timestamp>,
    /// Its checks, in its order.
    pub checks: Vec<AssignedCheck>,
}

impl Assignment {
    /// A scenario, set to a cohort.
    #[must_use]
    pub fn new(scenario: &Scenario, due: Option<Timestamp>) -> Self {
        let untouched = Outcome::untouched(scenario).score;
        let worth = |id: &str| untouched.checks.iter().find(|check| check.id == id).map_or(Points::ZERO, |check| check.earned.max);
        let check = |spec: &CheckSpec| AssignedCheck {
            id: spec.id.clone(),
            title: spec.title.clone(),
            role: spec.role,
            category: spec.category,
            points: worth(&spec.id),
        };
        Self {
            id: scenario.id().to_owned(),
            title: scenario.file.metadata.title.clone(),
            kind: scenario.file.kind,
            level: scenario.file.spec.level,
            digest: scenario.digest.clone(),
            max: untouched.base.max,
            due,
            checks: scenario.checks().map(check).collect(),
        }
    }
}

/// A check, as a gradebook shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssignedCheck {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// Its role.
    pub role: Role,
    /// Its category.
    pub category: Option<Category>,
    /// What it can earn.
    pub points: Points,
}
