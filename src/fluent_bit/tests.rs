use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use super::{Files, glob_matches, read};

/// The cases that the sandbox's own Fluent Bit must answer alike.
#[derive(Deserialize)]
struct Shared {
    logs: Vec<String>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    path: String,
    files: Files,
    environment: BTreeMap<String, String>,
    #[serde(default)]
    outputs: Vec<Value>,
    error: Option<String>,
}

#[test]
fn configurations_are_read_as_the_sandbox_reads_them() {
    let shared: Shared = serde_json::from_str(include_str!("../../sandbox/testdata/fluent-bit/cases.json")).unwrap();
    for case in shared.cases {
        match (read(&case.path, &case.files, &case.environment), case.error) {
            (Ok(config), None) => {
                let config = config.to_json(&shared.logs);
                let pick = |output: &Value| {
                    let picked = ["name", "logs", "address"].into_iter().filter_map(|key| Some((key.to_owned(), output.get(key)?.clone())));
                    Value::Object(picked.collect())
                };
                let outputs: Vec<Value> = config["outputs"].as_array().unwrap().iter().map(pick).collect();
                assert_eq!(outputs, case.outputs, "{}", case.name);
            }
            (Err(error), Some(expected)) => assert_eq!(error.to_string(), expected, "{}", case.name),
            (found, expected) => panic!("{}: {found:?}, expected {expected:?}", case.name),
        }
    }
}

#[test]
fn a_property_given_twice_is_a_list_and_its_last_value_counts() {
    let files = Files::from([("/c.conf".into(), "[OUTPUT]\n Name es\n Match *\n Host a\n Host b\n".into())]);
    let config = read("/c.conf", &files, &BTreeMap::new()).unwrap();
    assert_eq!(config.outputs[0].address().unwrap(), "b:9200");
    assert_eq!(config.to_json(&[])["outputs"][0]["host"], serde_json::json!(["a", "b"]));
}

#[test]
fn a_configuration_that_grows_without_end_is_refused() {
    let many = "[PARSER]\n Name x\n".repeat(6000);
    let files = Files::from([("/c.conf".into(), many)]);
    assert!(read("/c.conf", &files, &BTreeMap::new()).is_err());
    let doubling: String = (0..40).map(|n| format!("@SET v{}=${{v{n}}}${{v{n}}}\n", n + 1)).collect();
    let files = Files::from([("/c.conf".into(), format!("@SET v0=x\n{doubling}[OUTPUT]\n Name es\n Match *\n Host ${{v40}}\n"))]);
    let config = read("/c.conf", &files, &BTreeMap::new()).unwrap();
    assert!(config.outputs[0].address().unwrap().len() < 100, "variables are not looked for in variables");
}

proptest! {
    #[test]
    fn no_text_makes_the_readers_panic(text in "(\\[?[A-Za-z]{0,6}\\]?|[ \t]{0,3}|@[A-Z]{0,7}|[${}:*#=./-]|\\PC){0,40}(\n\\PC{0,20}){0,8}", yaml: bool) {
        let path = if yaml { "/c.yaml" } else { "/c.conf" };
        let files = Files::from([(path.to_owned(), text)]);
        if let Ok(config) = read(path, &files, &BTreeMap::new()) {
            let _ = config.to_json(&["/var/log/containers/a_b_c.log".into()]);
        }
    }

    #[test]
    fn a_star_stands_for_anything(before in "[a-z.]{0,8}", middle in "\\PC{0,20}", after in "[a-z.]{0,8}") {
        let (pattern, text) = (format!("{before}*{after}"), format!("{before}{middle}{after}"));
        prop_assert!(glob_matches(&pattern, &text));
    }
}
