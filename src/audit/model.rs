use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Item, Phase};
use crate::{scenario::Category, text::Text};

/// The version of the audit's JSON. It grows when a field with a meaning is added.
pub const FORMAT_VERSION: u32 = 1;

/// What an audit came to. Every format is a pure function of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Audit {
    /// The version of this format.
    pub format_version: u32,
    /// The program that made it.
    pub generated_by: String,
    /// When the cluster was looked at.
    #[schemars(with = "String")]
    pub taken: Timestamp,
    /// The cluster by the name that it was asked for: an environment or a context.
    pub cluster: String,
    /// Its version, where it says one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Which part of it was looked at.
    pub scope: AuditScope,
    /// How many items passed.
    pub score: AuditScore,
    /// The sixteen items in their order.
    pub items: Vec<ItemResult>,
    /// What it cost: calls to the API server, all of which read.
    pub calls: u32,
}

/// Which namespaces were looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditScope {
    /// Those that were named; empty when none was.
    pub named: Vec<String>,
    /// Those that were left out.
    pub left_out: Vec<String>,
}

/// Passed ÷ applicable. An item that could not be looked at keeps the score from being known exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditScore {
    /// Items that passed; a warning is no pass.
    pub passed: u32,
    /// Items that apply here, those included that could not be looked at.
    pub applicable: u32,
    /// Items of those that could not be looked at.
    pub unknown: u32,
}

impl AuditScore {
    /// Percent, at the least and at the most; `None` when nothing applies.
    #[must_use]
    pub fn percent(self) -> Option<(u32, u32)> {
        let percent = |passed: u32| (passed * 100 + self.applicable / 2).checked_div(self.applicable);
        Some((percent(self.passed)?, percent(self.passed + self.unknown)?))
    }
}

/// What an item came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// All in order.
    Pass,
    /// Nothing that fails, but something to see to.
    Warn,
    /// Something is not as it must be.
    Fail,
    /// There is nothing here that it could be about.
    NotApplicable,
    /// It could not be looked at.
    Unknown,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ItemResult {
    /// Which.
    pub id: Item,
    /// Its checklist.
    pub phase: Phase,
    /// The rubric's category.
    pub category: Category,
    /// What it asks for.
    pub title: Text,
    /// What it came to.
    pub status: Status,
    /// Why it does not apply, or could not be looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
    /// What was seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Text>,
    /// What is not in order, worst first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offenders: Vec<Offender>,
    /// Parts of it that could not be looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Text>,
    /// What no cluster shows and a person must look at besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_a_person: Option<Text>,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Makes the item fail.
    Fail,
    /// To be seen to.
    Warn,
}

/// Something that is not in order, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Offender {
    /// The object as `Kind/namespace/name`.
    pub object: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub fact: Text,
    /// What to do about it.
    pub fix: Text,
}
