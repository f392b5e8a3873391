use insta::assert_snapshot;
use kubedrill::{
    report::{CaseKind, CaseVerdict, ProofCase, ProofReport, ProofScenario, TerminalOptions, json, junit, terminal},
    text::Lang,
};

use super::fixture::{half_repaired, solved};

fn proof() -> ProofReport {
    let case = |kind, name: &str, verdict, message: &str| ProofCase {
        name: name.into(),
        kind,
        verdict,
        millis: 1240,
        message: message.into(),
        earlier: Vec::new(),
    };
    let mut flaky = case(CaseKind::Solution, "fix-labels", CaseVerdict::Pass, "");
    flaky.earlier.push("earns 55 instead of 100: api-serves is error".into());
    let c20 = vec![
        case(CaseKind::Broken, "", CaseVerdict::Pass, ""),
        case(CaseKind::Nothing, "", CaseVerdict::Pass, ""),
        case(CaseKind::Solution, "fix-selector", CaseVerdict::Pass, ""),
        flaky,
        case(
            CaseKind::Cheat,
            "hand-made-slice",
            CaseVerdict::Fail,
            "api-serves passed although cheat `hand-made-slice` says that it is stopped by it",
        ),
        case(CaseKind::Reset, "", CaseVerdict::Error, "the API server did not answer within 10s"),
    ];
    let c13 = vec![case(CaseKind::Languages, "", CaseVerdict::Skipped, "filtered out")];
    let scenario = |id: &str, cases| ProofScenario { id: id.into(), cases, ..ProofScenario::default() };
    let mut report = ProofReport::new("sandbox");
    report.generated_by = "kubedrill 0.1.0".into();
    report.scenarios = vec![scenario("c20-service-no-endpoints", c20), scenario("c13-crashloop-config", c13)];
    report
}

#[test]
fn an_attempt_as_junit_keeps_failure_error_and_skipped_apart() {
    assert_snapshot!("junit_half_ko", junit::render(&half_repaired(), Lang::Ko).unwrap());
    assert_snapshot!("junit_half_en", junit::render(&half_repaired(), Lang::En).unwrap());
    let solved = junit::render(&solved(), Lang::En).unwrap();
    assert!(solved.contains(r#"failures="1" errors="0""#), "{solved}");
}

#[test]
fn a_proof_in_every_format() {
    let report = proof();
    assert_snapshot!("proof_junit", junit::render_proof(&report).unwrap());
    assert_snapshot!("proof_json", json::render_proof(&report).unwrap());
    for lang in Lang::ALL {
        let options = TerminalOptions { lang, width: 72, colour: false };
        assert_snapshot!(format!("proof_terminal_{}", lang.code()), terminal::render_proof(&report, options));
        assert_snapshot!(format!("proof_shortfalls_{}", lang.code()), terminal::render_shortfalls(&report, options));
    }
}

#[test]
fn a_proof_passes_only_when_something_was_proven_and_all_of_it_passed() {
    assert!(!proof().passed());
    assert!(!ProofReport::new("sandbox").passed());
    let mut report = proof();
    report.scenarios.truncate(1);
    report.scenarios[0].cases.truncate(3);
    assert!(report.passed());
}
