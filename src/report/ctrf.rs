//! A report as CTRF JSON (Common Test Report Format): one test a check. What could not be judged is `other`, what waits for another
//! check `skipped`; points are in `extra`.

use serde_json::{Map, Value, json};

use super::{CheckReport, Report, words};
use crate::{attempt::Verdict, points::Points, text::Lang};

/// The version of the specification that this follows.
const SPEC_VERSION: &str = "0.0.0";

/// One document, indented, with a line break at its end.
///
/// # Errors
/// When a value has no JSON form.
pub fn render(report: &Report, lang: Lang) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(&document(report, lang))? + "\n")
}

fn document(report: &Report, lang: Lang) -> Value {
    let count = |status: &str| report.checks.iter().filter(|check| self::status(check.verdict) == status).count();
    let (start, millis) = report.run.as_ref().map_or((report.attempt.started, 0), |run| (run.started, run.millis));
    let start = start.as_millisecond();
    let score = &report.score;
    json!({
        "reportFormat": "CTRF",
        "specVersion": SPEC_VERSION,
        "timestamp": report.generated_at.to_string(),
        "generatedBy": report.generated_by,
        "results": {
            "tool": {"name": "kubedrill", "version": report.environment.kubedrill},
            "summary": {
                "tests": report.checks.len(),
                "passed": count("passed"),
                "failed": count("failed"),
                "skipped": count("skipped"),
                "pending": count("pending"),
                "other": count("other"),
                "start": start,
                "stop": start.saturating_add_unsigned(millis),
            },
            "tests": report.checks.iter().map(|check| test(report, check, lang)).collect::<Vec<_>>(),
            "environment": {
                "reportName": report.scenario.title.get(lang),
                "appName": report.scenario.id,
                "testEnvironment": report.environment.provider,
                "extra": {"kubernetes": report.environment.kubernetes, "scenario": report.scenario.digest},
            },
            "extra": {
                "attempt": report.attempt.id,
                "points": score.total,
                "base": score.base,
                "bonus": score.bonus,
                "final": score.is_final,
                "passed": score.grade.passed,
                "trust": report.trust.tier,
            },
        },
    })
}

/// How CTRF calls a verdict. A check that only a person can judge is pending until somebody did.
fn status(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "passed",
        Verdict::Fail => "failed",
        Verdict::Error => "other",
        Verdict::Blocked => "skipped",
        Verdict::Skipped => "pending",
    }
}

fn test(report: &Report, check: &CheckReport, lang: Lang) -> Value {
    let mut test = Map::new();
    let mut put = |key: &str, value: Value| drop(test.insert(key.to_owned(), value));
    put("name", check.title.get(lang).into());
    put("status", status(check.verdict).into());
    put("duration", check.held_millis.into());
    let step = check.step.iter().cloned();
    put("suite", std::iter::once(report.scenario.id.clone()).chain(step).collect());
    put("rawStatus", json!(check.verdict));
    if let Some(message) = words::message(report, check) {
        put("message", message.get(lang).into());
    }
    let category = check.category.map(|category| json!(category));
    put("tags", std::iter::once(json!(check.role)).chain(category).collect());
    let mut extra = json!({"check": check.id, "reason": check.reason, "basis": check.basis});
    if let (Some(extra), true) = (extra.as_object_mut(), check.earned.max != Points::ZERO) {
        extra.insert("points".into(), json!(check.earned));
    }
    put("extra", extra);
    Value::Object(test)
}
