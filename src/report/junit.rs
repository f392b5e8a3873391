//! Reports as JUnit XML, for CI: failure, error and skipped kept apart, points as properties, the symptom as the message.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report as Junit, TestCase, TestCaseStatus, TestRerun, TestSuite};

use super::{BundleReport, CaseVerdict, CheckReport, ProofCase, ProofReport, ProofScenario, Report, ReportError, words};
use crate::{attempt::Verdict, points::Points, text::Lang};

/// One test case a check.
///
/// # Errors
/// When the XML cannot be written.
pub fn render(report: &Report, lang: Lang) -> Result<String, ReportError> {
    write("kubedrill report", vec![suite(report, lang)])
}

/// One suite a part that was begun, one test case a check.
///
/// # Errors
/// When the XML cannot be written.
pub fn render_bundle(report: &BundleReport, lang: Lang) -> Result<String, ReportError> {
    write("kubedrill report", report.parts.iter().filter_map(|part| part.report.as_ref()).map(|report| suite(report, lang)).collect())
}

fn suite(report: &Report, lang: Lang) -> TestSuite {
    let mut suite = TestSuite::new(report.scenario.id.as_str());
    suite.set_time(Duration::from_millis(report.run.as_ref().map_or(0, |r| r.millis)));
    suite.add_property(("attempt", report.attempt.id.as_str()));
    for (name, total) in [("total", report.score.total), ("base", report.score.base), ("bonus", report.score.bonus)] {
        suite.add_property((name.to_owned(), total.to_string()));
    }
    suite.add_test_cases(report.checks.iter().map(|c| check(report, c, lang)));
    suite
}

/// One suite a scenario, one test case a case.
///
/// # Errors
/// When the XML cannot be written.
pub fn render_proof(report: &ProofReport) -> Result<String, ReportError> {
    let suite = |scenario: &ProofScenario| {
        let mut suite = TestSuite::new(scenario.id.as_str());
        suite.set_time(Duration::from_millis(scenario.cases.iter().map(|c| c.millis).sum()));
        suite.add_property(("provider", report.provider.as_str()));
        suite.add_test_cases(scenario.cases.iter().map(|c| case(&scenario.id, c)));
        if !scenario.refused.is_empty() {
            let mut status = TestCaseStatus::skipped();
            status.set_message(format!("it needs {}, which {} does not have", scenario.refused.join(", "), report.provider));
            suite.add_test_case(TestCase::new("refused", status));
        }
        suite
    };
    write("kubedrill prove", report.scenarios.iter().map(suite).collect())
}

fn write(name: &str, suites: Vec<TestSuite>) -> Result<String, ReportError> {
    let mut junit = Junit::new(name);
    junit.set_time(suites.iter().filter_map(|s| s.time).sum());
    junit.add_test_suites(suites);
    Ok(junit.to_string()?)
}

fn check(report: &Report, check: &CheckReport, lang: Lang) -> TestCase {
    let say = |text: &crate::text::Text| text.get(lang).to_owned();
    let mut status = status(check.verdict);
    if let Some(message) = words::message(report, check) {
        status.set_message(say(&message));
        if !check.reason.is_empty() {
            status.set_type(check.reason.as_str());
        }
    }
    let mut case = TestCase::new(say(&check.title), status);
    case.set_classname(format!("{}.{}", report.scenario.id, check.id));
    case.set_time(Duration::from_millis(check.held_millis));
    if check.earned.max != Points::ZERO {
        case.add_property(("points".to_owned(), check.earned.to_string()));
        case.add_property(("max".to_owned(), check.earned.max.to_string()));
    }
    case
}

fn case(scenario: &str, case: &ProofCase) -> TestCase {
    let kind = words::case_kind(case.kind).en;
    let mut status = status(words::case_verdict(case.verdict));
    if case.verdict != CaseVerdict::Pass && !case.message.is_empty() {
        status.set_message(case.message.as_str());
    }
    status.add_reruns(case.earlier.iter().map(|message| {
        let mut rerun = TestRerun::new(NonSuccessKind::Failure);
        rerun.set_message(message.as_str());
        rerun
    }));
    let name = if case.name.is_empty() { kind.clone() } else { format!("{kind} {}", case.name) };
    let mut test = TestCase::new(name, status);
    test.set_classname(format!("{scenario}.{}", kind.replace(' ', "-")));
    test.set_time(Duration::from_millis(case.millis));
    test
}

fn status(verdict: Verdict) -> TestCaseStatus {
    match verdict {
        Verdict::Pass => TestCaseStatus::success(),
        Verdict::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Verdict::Error => TestCaseStatus::non_success(NonSuccessKind::Error),
        Verdict::Blocked | Verdict::Skipped => TestCaseStatus::skipped(),
    }
}
