//! What a learner is asked and what is right, and what a grader marks.

use serde::{Deserialize, Serialize};

use super::{Bounds, ObjectRef};
use crate::{points::Points, text::Text};

/// The learner's diagnosis or number is right. It is given with `kubedrill answer CHECK VALUE`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Asked {
    /// What the learner is asked.
    pub question: Text,
    /// What is right.
    pub right: RightAnswer,
    /// How many different answers count; of those, the last one is judged.
    #[serde(default = "three")]
    pub tries: u32,
}

fn three() -> u32 {
    3
}

/// What is right. The whole answer is compared, in a form that does not depend on how it is spelt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum RightAnswer {
    /// One of these objects, given by name or baseline alias. It is answered as `deployment/web` or `svc/shop/web`.
    Object(Vec<ObjectRef>),
    /// One of the choices that the learner is shown.
    Choice(Choices),
    /// A whole number within bounds.
    Int(Bounds<i64>),
    /// A Kubernetes quantity (`500m`, `64Mi`) within bounds.
    Quantity(Bounds<String>),
    /// One of these words or names. Letter case, spaces, hyphens and underscores between letters do not count; give the Korean and the
    /// English forms.
    Text(Vec<String>),
}

/// Choices that the learner is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Choices {
    /// All of them, in the order in which they are shown.
    pub options: Vec<Choice>,
    /// The ids of those that are right, each by itself.
    pub right: Vec<String>,
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Choice {
    /// What the learner answers with: a letter or a word.
    pub id: String,
    /// What it says.
    pub text: Text,
}

/// A grader gives a mark of 0 to the check's points, in steps of half a point, with `kubedrill mark`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Manual {
    /// What the mark is given for.
    pub criterion: Text,
    /// What so many points look like, for the grader; from few to many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<MarkLevel>,
}

/// What so many points look like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MarkLevel {
    /// So many points.
    pub points: Points,
    /// What they look like.
    pub text: Text,
}
