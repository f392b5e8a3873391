use serde::{Deserialize, Serialize};

use super::Duration;

/// What a program of the scenario's folder says, as JSON: the last resort, run once, and only where the user has allowed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Script {
    /// The program and its arguments, started in the scenario's folder: `[sh, scripts/look.sh]`. It may only look.
    pub run: Vec<String>,
    /// How long it may take.
    #[serde(default = "ten_seconds")]
    pub within: Duration,
}

fn ten_seconds() -> Duration {
    Duration::secs(10)
}
