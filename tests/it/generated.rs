//! Generated files are committed and current. `UPDATE=1 cargo test --test it generated` writes them anew.

use std::{fs, path::Path};

use kubedrill::{content, diagnostic, report, rubric, runner::MarkSheet, scenario, seal};

fn is_current(file: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, wanted).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "{file} is not current; run `UPDATE=1 cargo test --test it generated`");
}

#[test]
fn generated_schemas_are_current() {
    for (name, schema) in scenario::schemas() {
        is_current(&format!("schemas/{name}"), &format!("{}\n", serde_json::to_string_pretty(&schema).unwrap()));
    }
}

#[test]
fn generated_schema_of_reports_is_current() {
    is_current("schemas/rules.schema.json", &format!("{}\n", serde_json::to_string_pretty(&scenario::rules_schema()).unwrap()));
    is_current("schemas/mark-sheet.schema.json", &format!("{}\n", serde_json::to_string_pretty(&MarkSheet::schema()).unwrap()));
    is_current("schemas/changes.schema.json", &format!("{}\n", serde_json::to_string_pretty(&report::json::changes_schema()).unwrap()));
    is_current("schemas/audit.schema.json", &format!("{}\n", serde_json::to_string_pretty(&report::json::audit_schema()).unwrap()));
    is_current(
        "schemas/bundle-report.schema.json",
        &format!("{}\n", serde_json::to_string_pretty(&report::json::bundle_schema()).unwrap()),
    );
    is_current("schemas/appeal.schema.json", &format!("{}\n", serde_json::to_string_pretty(&report::json::appeal_schema()).unwrap()));
    is_current(
        "schemas/explanation.schema.json",
        &format!("{}\n", serde_json::to_string_pretty(&report::json::explanation_schema()).unwrap()),
    );
    is_current("schemas/archive.schema.json", &format!("{}\n", serde_json::to_string_pretty(&seal::archive_schema()).unwrap()));
    is_current("schemas/gradebook.schema.json", &format!("{}\n", serde_json::to_string_pretty(&report::json::gradebook_schema()).unwrap()));
    is_current("schemas/report.schema.json", &format!("{}\n", serde_json::to_string_pretty(&report::json::schema()).unwrap()));
}

#[test]
fn generated_schemas_of_grading_are_current() {
    for (name, schema) in rubric::grading_schemas() {
        is_current(&format!("schemas/{name}"), &format!("{}\n", serde_json::to_string_pretty(&schema).unwrap()));
    }
}

/// Proofs are recorded with `kubedrill prove --all --provider NAME --output json >docs/proofs/NAME.json`.
#[test]
fn generated_matrix_of_scenarios_and_providers_is_current() {
    let recorded = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/proofs");
    let proofs: Vec<report::ProofReport> = ["sandbox", "kind", "existing"]
        .iter()
        .map(|provider| {
            let file = recorded.join(format!("{provider}.json"));
            let text = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
            serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
        })
        .collect();
    let scenarios = content::ids();
    is_current("docs/matrix.md", &report::matrix::matrix(&scenarios.iter().map(AsRef::as_ref).collect::<Vec<_>>(), &proofs));
}

#[test]
fn generated_list_of_diagnostic_codes_is_current() {
    is_current("docs/diagnostics.md", &diagnostic::reference());
}
