use kubedrill::report::{Report, json};
use serde_json::Value;

use super::fixture::{half_repaired, lab_underway, solved};

#[test]
fn json_comes_back_as_the_same_report() {
    for report in [half_repaired(), solved(), lab_underway()] {
        let text = json::render(&report).unwrap();
        assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
    }
    insta::assert_snapshot!("json_half", json::render(&half_repaired()).unwrap());
}

#[test]
fn every_report_fits_its_schema() {
    let validator = jsonschema::validator_for(&json::schema()).unwrap();
    for report in [half_repaired(), solved(), lab_underway()] {
        let value: Value = serde_json::from_str(&json::render(&report).unwrap()).unwrap();
        let problems: Vec<String> = validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(problems.is_empty(), "{problems:#?}");
    }
    assert!(!validator.is_valid(&serde_json::json!({"formatVersion": 1})));
}
