//! What runs where: every scenario on every provider, from recorded proofs.

use super::{CaseVerdict, ProofReport, ProofScenario};
use crate::attempt::Basis;

/// A table in Markdown: a row for each scenario, a column for each recorded proof. What a proof does not mention was not proven.
#[must_use]
pub fn matrix(scenarios: &[&str], proofs: &[ProofReport]) -> String {
    let providers: Vec<&str> = proofs.iter().map(|proof| proof.provider.as_str()).collect();
    let mut out = String::from(HEAD);
    out += &format!("| | {} |\n|---|{}\n", providers.join(" | "), "---|".repeat(providers.len()));
    for id in scenarios {
        let cells: Vec<String> = proofs.iter().map(|proof| cell(proof.scenarios.iter().find(|s| s.id == *id))).collect();
        out += &format!("| `{id}` | {} |\n", cells.join(" | "));
    }
    out
}

const HEAD: &str = "\
# 무엇이 어디에서 도는가 / What runs where

`docs/proofs/`에 기록된 증명에서 만든 표입니다. Made from the proofs recorded in `docs/proofs/`.

- **증명됨 / proven**: 모든 해결 방법이 만점을 받고 모든 꼼수가 막힙니다. Every solution earns its points and every cheat is stopped.
- **실측 / probed**: 실제 컨테이너와 네트워크에서 잰 판정이 있습니다. Some verdicts were measured on real containers and a real network.
- **평가 / evaluated**: 네트워크와 설정의 효과를 객체에서 계산했습니다. Effects on network and configuration were computed from the objects.
- **거부 / refused**: 그 프로바이더에 없는 기능이 필요합니다. It needs what that provider does not have.

";

fn cell(proven: Option<&ProofScenario>) -> String {
    let Some(proven) = proven else { return "—".into() };
    if !proven.refused.is_empty() {
        return format!("거부 / refused: {}", proven.refused.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "));
    }
    let cases = proven.cases.iter().filter(|case| case.verdict != CaseVerdict::Skipped).count();
    let bad = proven.cases.iter().filter(|case| matches!(case.verdict, CaseVerdict::Fail | CaseVerdict::Error)).count();
    if bad > 0 || cases == 0 {
        return format!("**실패 / failed**: {bad}/{cases}");
    }
    let basis = match () {
        () if proven.bases.contains(&Basis::Probed) => ", 실측 / probed",
        () if proven.bases.iter().any(|basis| matches!(basis, Basis::Evaluated | Basis::Modelled)) => ", 평가 / evaluated",
        () => "",
    };
    format!("증명됨 / proven ({cases}{basis})")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{CaseKind, ProofCase};

    fn scenario(id: &str, verdict: CaseVerdict, bases: &[Basis]) -> ProofScenario {
        let case =
            ProofCase { name: "a".into(), kind: CaseKind::Solution, verdict, millis: 1, message: String::new(), earlier: Vec::new() };
        ProofScenario { id: id.into(), cases: vec![case], bases: bases.iter().copied().collect(), refused: Vec::new(), mutation: None }
    }

    #[test]
    fn each_cell_says_what_is_known() {
        let sandbox = ProofReport {
            scenarios: vec![scenario("a", CaseVerdict::Pass, &[Basis::Evaluated]), scenario("b", CaseVerdict::Fail, &[])],
            ..ProofReport::new("sandbox")
        };
        let refused = ProofScenario { id: "b".into(), refused: vec!["components".into()], ..ProofScenario::default() };
        let kind = ProofReport {
            scenarios: vec![scenario("a", CaseVerdict::Pass, &[Basis::Observed, Basis::Probed]), refused],
            ..ProofReport::new("kind")
        };
        let text = matrix(&["a", "b", "c"], &[sandbox, kind]);
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
        assert_eq!(
            rows,
            [
                "| | sandbox | kind |",
                "|---|---|---|",
                "| `a` | 증명됨 / proven (1, 평가 / evaluated) | 증명됨 / proven (1, 실측 / probed) |",
                "| `b` | **실패 / failed**: 1/1 | 거부 / refused: `components` |",
                "| `c` | — | — |",
            ]
        );
    }
}
