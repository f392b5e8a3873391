use std::{fs, path::Path};

use kubedrill::report::{Report, json};
use serde_json::Value;

use super::fixture::{half_repaired, lab_underway, solved};

const SCHEMA: &str = "schemas/report.schema.json";

#[test]
fn json_comes_back_as_the_same_report() {
    for report in [half_repaired(), solved(), lab_underway()] {
        let text = json::render(&report).unwrap();
        assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
    }
    insta::assert_snapshot!("json_half", json::render(&half_repaired()).unwrap());
}

#[test]
fn the_committed_schema_is_the_generated_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SCHEMA);
    let generated = serde_json::to_string_pretty(&json::schema()).unwrap() + "\n";
    if std::env::var_os("KUBEDRILL_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &generated).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == generated, "{SCHEMA} is out of date: run `KUBEDRILL_BLESS=1 cargo test report_json` and commit it");
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
