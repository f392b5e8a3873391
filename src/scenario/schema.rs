use std::sync::LazyLock;

use serde_json::Value;

use super::{BundleFile, CheatFile, PlatformFile, ScenarioFile, SolutionFile};

static SCENARIO: LazyLock<Value> = LazyLock::new(|| generate::<ScenarioFile>("scenario.yaml"));
static SOLUTION: LazyLock<Value> = LazyLock::new(|| generate::<SolutionFile>("solution.yaml"));
static BUNDLE: LazyLock<Value> = LazyLock::new(|| generate::<BundleFile>("bundle.yaml"));
static PLATFORM: LazyLock<Value> = LazyLock::new(|| generate::<PlatformFile>("platform.yaml"));
static CHEAT: LazyLock<Value> = LazyLock::new(|| generate::<CheatFile>("cheat.yaml"));

pub(crate) fn generate<T: schemars::JsonSchema>(title: &str) -> Value {
    let mut schema = schemars::SchemaGenerator::default().into_root_schema_for::<T>();
    schema.insert("title".into(), title.into());
    schema.to_value()
}

/// The JSON Schema of `scenario.yaml`.
#[must_use]
pub fn schema() -> Value {
    SCENARIO.clone()
}

/// The JSON Schemas of the format by their file names below `schemas/`.
#[must_use]
pub fn schemas() -> [(&'static str, Value); 5] {
    [
        ("scenario.schema.json", SCENARIO.clone()),
        ("solution.schema.json", SOLUTION.clone()),
        ("cheat.schema.json", CHEAT.clone()),
        ("bundle.schema.json", BUNDLE.clone()),
        ("platform.schema.json", PLATFORM.clone()),
    ]
}

pub(super) fn scenario_schema() -> &'static Value {
    &SCENARIO
}

pub(super) fn solution_schema() -> &'static Value {
    &SOLUTION
}

pub(super) fn bundle_schema() -> &'static Value {
    &BUNDLE
}

pub(super) fn platform_schema() -> &'static Value {
    &PLATFORM
}

pub(super) fn cheat_schema() -> &'static Value {
    &CHEAT
}
