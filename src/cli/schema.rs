use super::{
    args::{SchemaArgs, SchemaKind},
    exit_code::Exit,
    failure::Failure,
    output,
    run::Result,
};
use crate::{report, scenario, seal};

/// Prints a JSON Schema.
pub fn run(args: &SchemaArgs) -> Result {
    let [(_, scenario), (_, solution), (_, cheat), (_, bundle)] = scenario::schemas();
    let schema = match args.kind {
        SchemaKind::Scenario => scenario,
        SchemaKind::Solution => solution,
        SchemaKind::Cheat => cheat,
        SchemaKind::Bundle => bundle,
        SchemaKind::BundleReport => report::json::bundle_schema(),
        SchemaKind::Appeal => report::json::appeal_schema(),
        SchemaKind::Explanation => report::json::explanation_schema(),
        SchemaKind::Audit => report::json::audit_schema(),
        SchemaKind::Archive => seal::archive_schema(),
        SchemaKind::Report => report::json::schema(),
    };
    output::print_text(&serde_json::to_string_pretty(&schema).map_err(|e| Failure::bug(&e.to_string()))?)?;
    Ok(Exit::Done)
}
