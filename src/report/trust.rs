use serde::{Deserialize, Serialize};

use crate::{attempt::Tier, text::Text};

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
            Tier::T1 => Text::new(
                "학습자가 작업한 환경을 강사가 다시 검사한 결과입니다.",
                "An instructor checked the environment that the learner worked in once more.",
            ),
            Tier::T2 => Text::new(
                "제출물을 강사의 서버에서 새 환경에 적용해 채점한 결과입니다.",
                "What was handed in was applied to a fresh environment and scored on the instructor's server.",
            ),
        };
        Self { tier, text }
    }
}
