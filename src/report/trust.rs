use serde::{Deserialize, Serialize};

use crate::text::Text;

/// Who vouches for a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Tier {
    /// The learner's own machine scored it.
    T0,
}

/// How far a report can be trusted, and what that means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Trust {
    /// The tier.
    pub tier: Tier,
    /// What it means.
    pub text: Text,
}

impl From<Tier> for Trust {
    fn from(tier: Tier) -> Self {
        let text = match tier {
            Tier::T0 => Text::new(
                "학습자의 컴퓨터에서 채점한 결과입니다. 기록을 고치면 흔적이 남지만, 다른 사람이 다시 확인하지는 않았습니다.",
                "Scored on the learner's own machine. Changing the record leaves a mark, but nobody else has checked it again.",
            ),
        };
        Self { tier, text }
    }
}
