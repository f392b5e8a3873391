use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{points::Points, text::Text};

/// What an attempt brings to its checks, beside the cluster.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Given {
    /// When the learner could begin with what is there now: at the start, or at the last reset. None before that.
    pub began: Option<Timestamp>,
    /// What the learner has answered, in order.
    pub answers: Vec<Answered>,
    /// What the learner has handed in, by its name, as far as the checks speak of it.
    pub files: BTreeMap<String, HandedIn>,
    /// The folder that the files are put into.
    pub folder: String,
}

/// A file that the learner was to hand in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum HandedIn {
    /// It is not there.
    Missing,
    /// It is not what may be read: a link, a device, too large.
    Refused(Text),
    /// It could not be read.
    Unreadable(String),
    /// Its content.
    Text(String),
}

/// An answer of the learner to the question of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The check.
    pub check: String,
    /// What was answered, as it was understood.
    pub answer: String,
}

/// A grader's mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Mark {
    /// The check.
    pub check: String,
    /// The points given.
    pub points: Points,
    /// What the grader says to it; the learner may read it.
    #[serde(default)]
    pub comment: String,
    /// Who gave it.
    pub by: String,
    /// As what.
    #[serde(default)]
    pub role: MarkRole,
    /// What it rests on: a text, or the address of a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// It was given without knowing whose work it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blind: bool,
}

/// As what a grader marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MarkRole {
    /// The first marker.
    #[default]
    First,
    /// The second marker, who does not know the first mark.
    Second,
    /// Whoever decides between the two.
    Moderator,
}
