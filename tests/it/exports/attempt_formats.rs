//! One attempt for other systems: what is written can be read back to the same figures.

use insta::assert_snapshot;
use kubedrill::{
    attempt::Verdict,
    report::{Report, ctrf, gradescope},
    text::Lang,
};
use serde_json::{Value, json};

use crate::report::fixture::{half_repaired, lab_underway, solved};

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn ctrf_keeps_failed_and_could_not_look_apart() {
    let document = read(&ctrf::render(&half_repaired(), Lang::En).unwrap());
    let status = |id: &str| {
        let tests = document["results"]["tests"].as_array().unwrap();
        tests.iter().find(|test| test["extra"]["check"] == id).unwrap()["status"].as_str().unwrap().to_owned()
    };
    assert_eq!(["api-serves", "metrics-scraped", "budget-holds", "same-app"].map(status), ["failed", "skipped", "other", "passed"]);
    assert_snapshot!("ctrf_half_en", ctrf::render(&half_repaired(), Lang::En).unwrap());
    assert_snapshot!("ctrf_half_ko", ctrf::render(&half_repaired(), Lang::Ko).unwrap());
}

#[test]
fn ctrf_adds_up_and_gives_the_points_back() {
    for report in [half_repaired(), solved(), lab_underway()] {
        let results = read(&ctrf::render(&report, Lang::Ko).unwrap())["results"].take();
        let summary = &results["summary"];
        let parts: u64 = ["passed", "failed", "skipped", "pending", "other"].iter().map(|name| summary[name].as_u64().unwrap()).sum();
        assert_eq!((parts, summary["tests"].as_u64().unwrap()), (report.checks.len() as u64, report.checks.len() as u64));
        assert_eq!(results["extra"]["points"], json!(report.score.total));
        for (test, check) in results["tests"].as_array().unwrap().iter().zip(&report.checks) {
            let worth = check.earned.max != kubedrill::points::Points::ZERO;
            assert_eq!(test["extra"]["points"], if worth { json!(check.earned) } else { Value::Null });
        }
    }
}

#[test]
fn gradescope_is_given_a_score_only_when_it_is_one() {
    let open = read(&gradescope::render(&half_repaired(), Lang::En).unwrap());
    assert_eq!(open["score"], Value::Null);
    let budget = open["tests"].as_array().unwrap().iter().find(|t| t["extra_data"]["check"] == "budget-holds").unwrap();
    assert_eq!((&budget["score"], &budget["max_score"]), (&Value::Null, &json!(10)));
    assert!(open["output"].as_str().unwrap().contains('…'), "{}", open["output"]);
    let report = solved();
    let whole = read(&gradescope::render(&report, Lang::Ko).unwrap());
    assert_eq!(whole["score"], json!(report.score.total.points));
    let sum: f64 = whole["tests"].as_array().unwrap().iter().filter_map(|t| t["score"].as_f64()).sum();
    assert!((sum - whole["score"].as_f64().unwrap()).abs() < 1e-9, "the tests add up to the score");
    assert_snapshot!("gradescope_half_en", gradescope::render(&half_repaired(), Lang::En).unwrap());
    assert_snapshot!("gradescope_solved_ko", gradescope::render(&report, Lang::Ko).unwrap());
}

#[test]
fn gradescope_shows_later_what_its_author_shows_later() {
    let mut report: Report = half_repaired();
    report.checks[0].withheld = true;
    let document = read(&gradescope::render(&report, Lang::En).unwrap());
    let seen: Vec<&str> = document["tests"].as_array().unwrap().iter().map(|t| t["visibility"].as_str().unwrap()).collect();
    assert_eq!((seen[0], seen[1]), ("after_published", "visible"));
    for (test, check) in document["tests"].as_array().unwrap().iter().zip(&report.checks) {
        let status = match check.verdict {
            Verdict::Pass => json!("passed"),
            Verdict::Fail => json!("failed"),
            _ => Value::Null,
        };
        assert_eq!(test["status"], status);
    }
}
