//! Reports as versioned JSON, with both languages in it.

use serde::Serialize;
use serde_json::Value;

use super::{Appeal, BundleReport, Changes, Explanation, ProofReport, Report};
use crate::{audit::Audit, gradebook::Gradebook};

/// The report as indented JSON with a line break at its end.
///
/// # Errors
/// When a value has no JSON form.
pub fn render(report: &Report) -> Result<String, serde_json::Error> {
    pretty(report)
}

/// The report of a run of a bundle as indented JSON with a line break at its end.
///
/// # Errors
/// When a value has no JSON form.
pub fn render_bundle(report: &BundleReport) -> Result<String, serde_json::Error> {
    pretty(report)
}

/// The JSON Schema of [`render_bundle`]'s output.
#[must_use]
pub fn bundle_schema() -> Value {
    schemars::schema_for!(BundleReport).to_value()
}

/// The JSON Schema of an explanation.
#[must_use]
pub fn explanation_schema() -> Value {
    schemars::schema_for!(Explanation).to_value()
}

/// The JSON Schema of an appeal's `appeal.json`.
#[must_use]
pub fn appeal_schema() -> Value {
    schemars::schema_for!(Appeal).to_value()
}

/// A gradebook as indented JSON with a line break at its end.
///
/// # Errors
/// When a value has no JSON form.
pub fn render_gradebook(book: &Gradebook) -> Result<String, serde_json::Error> {
    pretty(book)
}

/// The JSON Schema of [`render_gradebook`]'s output.
#[must_use]
pub fn gradebook_schema() -> Value {
    schemars::schema_for!(Gradebook).to_value()
}

/// A proof as indented JSON with a line break at its end.
///
/// # Errors
/// When a value has no JSON form.
pub fn render_proof(report: &ProofReport) -> Result<String, serde_json::Error> {
    pretty(report)
}

/// An audit as indented JSON with a line break at its end.
///
/// # Errors
/// When a value has no JSON form.
pub fn render_audit(audit: &Audit) -> Result<String, serde_json::Error> {
    pretty(audit)
}

/// The JSON Schema of [`render_audit`]'s output.
#[must_use]
pub fn audit_schema() -> Value {
    schemars::schema_for!(Audit).to_value()
}

/// The JSON Schema of what `void` and `regrade` print.
#[must_use]
pub fn changes_schema() -> Value {
    schemars::schema_for!(Changes).to_value()
}

/// The JSON Schema of [`render`]'s output.
#[must_use]
pub fn schema() -> Value {
    schemars::schema_for!(Report).to_value()
}

fn pretty<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}
