use std::{fmt, iter::Sum};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    attempt::{Target, Verdict},
    points::Points,
    scenario::{Category, Level, Role},
    text::Text,
};

/// What a run of the checks is worth, and how that was computed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Score {
    /// Every check that bears on the score.
    pub checks: Vec<CheckScore>,
    /// By category of the rubric, in its order; only those that the scenario uses.
    pub categories: Vec<CategoryScore>,
    /// A lab's steps, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepScore>,
    /// Objectives only, 0 to 100.
    pub base: Total,
    /// Bonus checks, shown apart.
    pub bonus: Total,
    /// What guards, hints, lateness and people took as negative numbers, and what being early and people gave, each with its reason.
    /// With base and bonus they add up to the total.
    pub adjustments: Vec<TraceLine>,
    /// base + bonus + adjustments, not below 0.
    pub total: Total,
    /// What a person put in the place of a computed value, in the order in which it counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Overridden>,
    /// The level that the total reaches.
    pub grade: Grade,
    /// Nothing is unknown and nothing is provisional.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// Why it is not final.
    pub pending: Vec<Text>,
    /// Every step of the arithmetic, in order.
    pub trace: Vec<TraceLine>,
}

/// Points reached, and the range they may still be in while something is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Total {
    /// The points: `low`, while something is unknown.
    pub points: Points,
    /// The least it can be.
    pub low: Points,
    /// The most it can be.
    pub high: Points,
    /// What there was to earn.
    pub max: Points,
}

impl Total {
    /// Points that are known.
    #[must_use]
    pub fn exact(points: Points, max: Points) -> Self {
        Self { points, low: points, high: points, max }
    }

    /// Points that may still be anything from `low` to `high`.
    #[must_use]
    pub fn range(low: Points, high: Points, max: Points) -> Self {
        Self { points: low, low, high, max }
    }

    /// Whether nothing about it is unknown.
    #[must_use]
    pub fn is_known(self) -> bool {
        self.low == self.high
    }
}

impl fmt::Display for Total {
    /// `10`, or `0…15` while it may be anything between.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_known() {
            return self.points.fmt(f);
        }
        f.pad(&format!("{}…{}", self.low, self.high))
    }
}

impl Sum for Total {
    fn sum<I: Iterator<Item = Self>>(totals: I) -> Self {
        totals.fold(Self::default(), |a, b| Self {
            points: a.points + b.points,
            low: a.low + b.low,
            high: a.high + b.high,
            max: a.max + b.max,
        })
    }
}

/// What one check earned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckScore {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// The lab's step it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Its role.
    pub role: Role,
    /// Its category.
    pub category: Option<Category>,
    /// What it came to.
    pub verdict: Verdict,
    /// What it earned.
    pub earned: Total,
    /// The guards that voided it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub voided_by: Vec<String>,
}

/// What a category of the rubric came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CategoryScore {
    /// Which.
    pub category: Category,
    /// What it came to.
    pub earned: Total,
}

/// What a step of a lab came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepScore {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// It may be left out and adds nothing.
    pub optional: bool,
    /// Every objective and guard of it passed.
    pub green: bool,
    /// What it came to.
    pub earned: Total,
}

/// The level that a total reaches: 60, 75 and 90 points, inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Grade {
    /// The level; none below 60 points (미달성).
    pub level: Option<Level>,
    /// The total is a range: the level is at least this.
    pub at_least: bool,
    /// The pass mark of 60 is reached, and in a lab every required step is green.
    pub passed: bool,
}

/// A value that a person put in the place of a computed one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Overridden {
    /// Of what.
    pub target: Target,
    /// Its title.
    pub title: Text,
    /// What was computed.
    pub from: Total,
    /// What counts.
    pub to: Points,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
}

/// One line of the arithmetic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TraceLine {
    /// What it is about.
    pub label: Text,
    /// The computation as a person would write it, for example `15 × 2/3 = 10`.
    pub formula: String,
    /// What it came to.
    pub points: Points,
}
