use crate::{
    attempt::Outcome,
    check::findings::{Findings, Item},
    text::Text,
};

/// A check whose disturbance was not tried out: quick looks do not.
pub(in crate::check) fn unproven() -> Outcome {
    let mut findings = Findings::default();
    findings.add(Item::fails("untried", "", Text::new("아직 시험해 보지 않았습니다", "it was not tried out")));
    findings.conclude()
}
