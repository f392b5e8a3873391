use serde::{Deserialize, Serialize};

use crate::text::Text;

/// How hard a scenario is, and what a learner's score amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// 초급.
    Beginner,
    /// 중급.
    Intermediate,
    /// 고급.
    Advanced,
}

impl Level {
    /// The level's name.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::Beginner => Text::new("초급", "Beginner"),
            Self::Intermediate => Text::new("중급", "Intermediate"),
            Self::Advanced => Text::new("고급", "Advanced"),
        }
    }
}
