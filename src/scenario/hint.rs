use serde::{Deserialize, Serialize};

use crate::{points::Points, text::Text};

/// One rung of the hint ladder, from vague to near-answer; never YAML.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Hint {
    /// What the learner reads.
    pub text: Text,
    /// Points that opening it costs; the course's own hints are free.
    #[serde(default)]
    pub cost: Points,
}
