use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A question to the reader.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Question {
    /// Do these expressions of PromQL parse?
    Expressions(Vec<String>),
    /// Does a file of rule groups parse?
    Rules(String),
    /// Does a configuration of Prometheus load?
    Config(String),
    /// Which receivers do alerts with these labels reach?
    Routing {
        /// A configuration of Alertmanager.
        config: String,
        /// The labels of each alert.
        alerts: Vec<BTreeMap<String, String>>,
    },
    /// Which alerts fire over series that are made up?
    Trials {
        /// A file of rule groups.
        rules: String,
        /// The trials.
        cases: Vec<Trial>,
    },
}

/// Made-up series, and when to look at them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Trial {
    /// The series.
    pub series: Vec<TrialSeries>,
    /// How far apart samples are, in Prometheus's notation.
    pub interval: String,
    /// When to look, from the start.
    pub at: String,
}

/// One made-up series.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TrialSeries {
    /// Its name and labels.
    pub series: String,
    /// Its samples in the notation of Prometheus's unit tests: `0+10x60`.
    pub values: String,
}

/// The reader's answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Answer {
    /// What is wrong: with each expression (an empty text where nothing is), or with the whole.
    #[serde(default)]
    pub errors: Vec<String>,
    /// The receivers that each alert reaches.
    #[serde(default)]
    pub receivers: Vec<Vec<String>>,
    /// The alerts that fire in each trial.
    #[serde(default)]
    pub fired: Vec<Vec<FiredAlert>>,
}

impl Answer {
    /// The first thing that is wrong.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.errors.iter().map(String::as_str).find(|error| !error.is_empty())
    }
}

/// An alert that fires.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiredAlert {
    /// Its name.
    pub name: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
}
