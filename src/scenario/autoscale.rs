use serde::{Deserialize, Serialize};

use super::{Assert, Bounds, Duration};

/// What autoscaling makes of a load: profiles are run one after the other, and each phase must come true in its time. The demand that was
/// there before goes on afterwards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Autoscale {
    /// The name of the load in `spec.loads`.
    pub load: String,
    /// What is run, in order. A phase begins when the one before has come true.
    pub phases: Vec<AutoscalePhase>,
    /// How many times at most the number of pods turns from growing to shrinking or back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turns: Option<u32>,
}

/// A profile, and what must come true under it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AutoscalePhase {
    /// The profile of the load. One that runs already goes on.
    pub profile: String,
    /// How many ready pods share the load.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready: Option<Bounds<i64>>,
    /// Some pod is (`true`), or none is (`false`), asked for more than it can serve.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saturated: Option<bool>,
    /// What else must be true at the same time: any other check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Box<Assert>>,
    /// How long it must stay true.
    #[serde(default, rename = "for")]
    pub hold: Duration,
    /// How many pods at most come to share the load or cease to while it stays true (`for`); one that is replaced counts twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steady: Option<u32>,
    /// How long the whole phase may take.
    pub within: Duration,
    /// When nothing has moved for so long, nothing more is waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patience: Option<Duration>,
}
