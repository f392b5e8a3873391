use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Attempt, AttemptId};

/// One start-to-end run of a bundle by a learner. Its parts are attempts of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BundleRun {
    /// Its id.
    pub id: AttemptId,
    /// The bundle's id.
    pub bundle: String,
    /// Where the bundle's folder was.
    pub bundle_dir: String,
    /// The environment it runs in.
    pub environment: String,
    /// The bundle's digest.
    pub digest: String,
    /// When its first part was begun.
    #[schemars(with = "String")]
    pub started: Timestamp,
    /// When its last part was finished, or it was stopped.
    #[schemars(with = "Option<String>")]
    pub ended: Option<Timestamp>,
}

/// An attempt of one of a bundle's parts.
#[derive(Debug, Clone, PartialEq)]
pub struct PartAttempt {
    /// The attempt.
    pub attempt: Attempt,
    /// When the learner was done with the part: it was judged for good, and is not judged again.
    pub finished: Option<Timestamp>,
}
