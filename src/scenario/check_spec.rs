use serde::{Deserialize, Serialize};

use super::{Assert, When};
use crate::{points::Points, text::Text};

/// One test with one verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CheckSpec {
    /// Stable identity, kebab-case, unique in the scenario.
    pub id: String,
    /// The goal, never the answer.
    pub title: Text,
    /// What a failure means for the score.
    #[serde(default)]
    pub role: Role,
    /// The rubric's category that the points count for. Objectives and bonus only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// The criterion of the scenario's rubric that the points count for, for example `F1.workers`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criterion: Option<String>,
    /// What it is worth. Objectives and bonus only; the objectives of a challenge add up to 100.
    #[serde(default)]
    pub points: Points,
    /// What must be true.
    pub assert: Assert,
    /// Checks that must pass first; else this one is blocked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// When it is judged.
    #[serde(default)]
    pub when: When,
    /// It holds in the broken state already and must go on holding (for example: the frontend was not touched).
    #[serde(default)]
    pub regression: bool,
    /// Points in proportion to the items that pass, instead of all or nothing.
    #[serde(default)]
    pub partial: bool,
    /// What a breach of a guard does.
    #[serde(default)]
    pub on_breach: OnBreach,
    /// How much a learner may see.
    #[serde(default)]
    pub show: Show,
    /// What the learner reads when it fails.
    #[serde(default)]
    pub say: Say,
}

/// What a check is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Earns points.
    #[default]
    Objective,
    /// Must stay true; a breach takes points away.
    Guard,
    /// Earns points on top.
    Bonus,
    /// Counts for nothing.
    Info,
}

/// The rubric's categories, as tagged F, S, O and R in the course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// 기능성.
    Functionality,
    /// 보안성.
    Security,
    /// 운영성.
    Operability,
    /// 안정성.
    Reliability,
}

impl Category {
    /// Every category, in the rubric's order.
    pub const ALL: [Self; 4] = [Self::Functionality, Self::Security, Self::Operability, Self::Reliability];

    /// The category's name.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::Functionality => Text::new("기능성", "Functionality"),
            Self::Security => Text::new("보안성", "Security"),
            Self::Operability => Text::new("운영성", "Operability"),
            Self::Reliability => Text::new("안정성", "Reliability"),
        }
    }
}

/// What a breach of a guard does to the score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum OnBreach {
    /// These objectives earn nothing; an empty list means all of them.
    Void(Vec<String>),
    /// So many points are taken from the total.
    Deduct(Points),
    /// A person decides.
    Flag {},
}

impl Default for OnBreach {
    fn default() -> Self {
        Self::Void(Vec::new())
    }
}

/// How much of a check's result a learner may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Show {
    /// Observed and expected values.
    Full,
    /// What is observed, never what is expected.
    #[default]
    Symptom,
    /// Nothing before the attempt is closed.
    AfterClose,
}

/// What the learner reads when a check fails: first the symptom, then where to look, then the idea behind it.
///
/// The texts may use `{observed}` and the kind's own `{observed.NAME}` values.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Say {
    /// The observed facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symptom: Option<Text>,
    /// The object and area to look at, without a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_at: Option<Text>,
    /// One sentence on the idea.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concept: Option<Text>,
    /// Where to read on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}
