use serde::{Deserialize, Serialize};

use super::ObjectRef;

/// Of the objects that are watched, only those were made, deleted or changed that may be, and nobody wrote a status by hand. Compares
/// with the broken state that the attempt began with; a field that is healthy again counts as unchanged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Footprint {
    /// The objects that are watched, also those of them that come later.
    pub watch: Vec<ObjectRef>,
    /// What may be done to them. Left out: nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<Allowance>,
}

/// Something that may be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Allowance {
    /// To which objects.
    pub on: ObjectRef,
    /// Such objects may be made.
    #[serde(default)]
    pub create: bool,
    /// They may be deleted.
    #[serde(default)]
    pub delete: bool,
    /// The fields that may change, as paths such as `spec.template.spec.containers` or `metadata.labels`; a leading `spec.` may be left
    /// out. Every field when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<String>>,
}
