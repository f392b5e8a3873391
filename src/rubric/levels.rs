use serde::{Deserialize, Serialize};

use super::Named;
use crate::{
    points::Points,
    scenario::{ApiVersion, Level},
    text::Text,
};

/// What `levels.yaml` says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LevelsFile {
    /// The format's version.
    pub api_version: ApiVersion,
    /// Levels.
    pub kind: LevelsKind,
    /// Its names.
    pub metadata: Named,
    /// Its content.
    pub spec: Levels,
}

/// Says that a file is about levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum LevelsKind {
    /// The levels of a figure.
    Levels,
}

/// The levels that a figure of 0 to 100 reaches, from the lowest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Levels {
    /// What a figure below the lowest level is called.
    pub below: Text,
    /// The levels, each with a higher threshold than the one before.
    pub levels: Vec<LevelSpec>,
}

/// One level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LevelSpec {
    /// Which.
    pub level: Level,
    /// Its name.
    pub title: Text,
    /// The figure from which it is reached; that figure itself reaches it.
    pub from: Points,
    /// What it says that somebody can do.
    pub can: Vec<Text>,
}

impl Levels {
    /// The level that a figure reaches.
    #[must_use]
    pub fn reached(&self, figure: Points) -> Option<&LevelSpec> {
        self.levels.iter().rev().find(|level| figure >= level.from)
    }

    /// The figure that passes: that of the lowest level.
    #[must_use]
    pub fn pass_mark(&self) -> Points {
        self.levels.first().map_or(Points::ZERO, |level| level.from)
    }
}
