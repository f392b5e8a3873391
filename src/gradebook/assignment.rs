use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    points::Points,
    scenario::{Category, Kind, Level, Role},
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
