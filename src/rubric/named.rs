use serde::{Deserialize, Serialize};

use crate::text::Text;

/// What a file of the course calls itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Named {
    /// Its id, kebab-case.
    pub name: String,
    /// What people call it.
    pub title: Text,
}
