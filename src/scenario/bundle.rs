use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{ApiVersion, Level, Metadata, Scenario};
use crate::text::Text;

/// What `bundle.yaml` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct BundleFile {
    /// The format's version.
    pub api_version: ApiVersion,
    /// A bundle.
    pub kind: BundleKind,
    /// Its names.
    pub metadata: Metadata,
    /// Its content.
    pub spec: BundleSpec,
}

/// Says that a file is a bundle's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum BundleKind {
    /// Scenarios under one clock.
    Bundle,
}

/// Scenarios under one clock, worked on one after the other in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct BundleSpec {
    /// One sentence for lists; never a cause.
    pub summary: Text,
    /// How hard it is.
    pub level: Level,
    /// The time limit of the whole; at least the sum of its parts' minutes.
    pub minutes: u32,
    /// What each part weighs in the mean.
    #[serde(default)]
    pub weights: Weights,
    /// The ids of its scenarios, in order. Their folders lie beside the bundle's.
    pub parts: Vec<String>,
}

/// What each part of a bundle weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Weights {
    /// The same.
    #[default]
    Equal,
    /// Its minutes.
    Minutes,
}

/// A bundle with everything in its folder, and its scenarios.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// The folder.
    pub dir: PathBuf,
    /// SHA-256 of every file of the folder; the parts have digests of their own.
    pub digest: String,
    /// What `bundle.yaml` says.
    pub file: BundleFile,
    /// What the learner is to do; Markdown.
    pub story: Text,
    /// Its scenarios, in order.
    pub parts: Vec<Scenario>,
}

impl Bundle {
    /// The bundle's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.file.metadata.name
    }

    /// What its parts weigh, in order.
    #[must_use]
    pub fn weights(&self) -> Vec<u32> {
        let weight = |part: &Scenario| match self.file.spec.weights {
            Weights::Equal => 1,
            Weights::Minutes => part.file.spec.minutes,
        };
        self.parts.iter().map(weight).collect()
    }
}
