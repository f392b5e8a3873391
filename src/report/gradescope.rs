//! A report as Gradescope's `results.json`: one test a check, whose visibility follows what its author shows.

use serde_json::{Map, Value, json};

use super::{CheckReport, Report, words};
use crate::{attempt::Verdict, points::Points, text::Lang};

/// One document, indented, with a line break at its end.
///
/// Gradescope knows no range. While anything is open, tests that nobody could judge have no score, and neither has the whole; the
/// output says so.
///
/// # Errors
/// When a value has no JSON form.
pub fn render(report: &Report, lang: Lang) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(&document(report, lang))? + "\n")
}

fn document(report: &Report, lang: Lang) -> Value {
    let score = &report.score;
    let say = |text: &crate::text::Text| text.get(lang).to_owned();
    let mut lines = vec![format!("{} · {}", say(&words::level(report)), say(&words::outcome(report)))];
    if !score.is_final {
        lines.push(format!("{}…{}", score.total.low, score.total.high));
        lines.extend(score.pending.iter().map(say));
    }
    let mut document = Map::new();
    let mut put = |key: &str, value: Value| drop(document.insert(key.to_owned(), value));
    if score.is_final && score.total.is_known() {
        put("score", json!(score.total.points));
    }
    put("execution_time", json!(seconds(report.run.as_ref().map_or(0, |run| run.millis))));
    put("output", lines.join("\n").into());
    put("output_format", "text".into());
    put("visibility", "visible".into());
    put("stdout_visibility", "hidden".into());
    put("tests", report.checks.iter().zip(1_u32..).map(|(check, number)| test(report, check, number, lang)).collect());
    put(
        "extra_data",
        json!({
            "attempt": report.attempt.id,
            "scenario": report.scenario.id,
            "digest": report.scenario.digest,
            "points": score.total,
            "base": score.base,
            "bonus": score.bonus,
            "adjustments": score.adjustments.iter().map(|line| line.points).sum::<Points>(),
            "final": score.is_final,
            "trust": report.trust.tier,
            "logHead": report.log_head,
        }),
    );
    Value::Object(document)
}

fn test(report: &Report, check: &CheckReport, number: u32, lang: Lang) -> Value {
    let mut test = Map::new();
    let mut put = |key: &str, value: Value| drop(test.insert(key.to_owned(), value));
    put("name", check.title.get(lang).into());
    put("name_format", "text".into());
    put("number", number.to_string().into());
    if check.earned.max != Points::ZERO {
        if check.earned.is_known() {
            put("score", json!(check.earned.points));
        }
        put("max_score", json!(check.earned.max));
    }
    match check.verdict {
        Verdict::Pass => put("status", "passed".into()),
        Verdict::Fail => put("status", "failed".into()),
        // Gradescope colours a test without a status by its score, and one without either not at all.
        Verdict::Error | Verdict::Blocked | Verdict::Skipped => {}
    }
    let said = words::message(report, check).map(|message| message.get(lang).to_owned());
    put("output", said.unwrap_or_else(|| words::verdict(check.verdict).get(lang).to_owned()).into());
    let category = check.category.map(|category| json!(category));
    put("tags", std::iter::once(json!(check.role)).chain(category).collect());
    put("visibility", if check.withheld { "after_published" } else { "visible" }.into());
    put("extra_data", json!({"check": check.id, "verdict": check.verdict, "reason": check.reason}));
    Value::Object(test)
}

fn seconds(millis: u64) -> f64 {
    u32::try_from(millis).map_or(f64::from(u32::MAX), f64::from) / 1000.0
}
