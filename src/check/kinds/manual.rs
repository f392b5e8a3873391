use crate::{
    attempt::{AWAITS_MARK, Basis, Observation, Outcome, Verdict},
    scenario::Manual,
    text::Text,
};

/// What a look comes to that only a person can take: nobody has looked yet.
pub(in crate::check) fn unmarked(spec: &Manual) -> Outcome {
    let text = Text::new(
        format!("채점자의 점수를 기다립니다: {}", spec.criterion.ko),
        format!("waits for a grader's mark: {}", spec.criterion.en),
    );
    Outcome {
        verdict: Verdict::Skipped,
        passed: 0,
        total: 1,
        reason: AWAITS_MARK.into(),
        observations: vec![Observation { object: String::new(), text, values: std::collections::BTreeMap::new(), holds: false }],
        evidence: Vec::new(),
        basis: Basis::Marked,
        moving: false,
    }
}
