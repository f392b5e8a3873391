use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::Action;
use crate::{points::Points, text::Text};

/// What `solutions/NAME/solution.yaml` says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SolutionFile {
    /// What this way of fixing it is.
    pub title: Text,
    /// What it earns; all points when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<Points>,
    /// In a lab: the step that it solves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Optional add-ons of the scenario that it needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<String>,
    /// What the learner answers, by check.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, String>,
    /// Files that the learner hands in, by their names there: files of this folder.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
    /// What is done, in order, with the learner's rights.
    pub actions: Vec<Action>,
}

/// One valid way to fix a scenario, with its folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// The folder's name.
    pub name: String,
    /// Where `apply` paths start.
    pub dir: PathBuf,
    /// What the file says.
    pub file: SolutionFile,
}

/// What `cheats/NAME/cheat.yaml` says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CheatFile {
    /// What the shortcut is.
    pub title: Text,
    /// What it still earns, exactly; anything short of all points when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<Points>,
    /// The ids of the checks that must not pass after it.
    pub stopped_by: Vec<String>,
    /// Optional add-ons of the scenario that it needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<String>,
    /// What the learner answers, by check.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, String>,
    /// Files that the learner hands in, by their names there: files of this folder.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
    /// What is done, in order, with the learner's rights.
    pub actions: Vec<Action>,
}

/// A shortcut that must not pass, with its folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Cheat {
    /// The folder's name.
    pub name: String,
    /// Where `apply` paths start.
    pub dir: PathBuf,
    /// What the file says.
    pub file: CheatFile,
}
