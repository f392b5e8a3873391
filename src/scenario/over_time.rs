//! Statements about what has happened, beside what is there now.

use serde::{Deserialize, Serialize};

use super::{Assert, Bounds, Duration, ObjectRef};

/// Kubernetes events about objects were recorded since a moment, or were not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Recorded {
    /// The objects that the events are about.
    pub on: ObjectRef,
    /// Events about a workload's ReplicaSets and pods count too, also about those that are gone.
    #[serde(default)]
    pub owned: bool,
    /// The reason, as `kubectl get events` shows it, for example `FailedScheduling`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The type: `Normal` or `Warning`.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub event_type: Option<EventType>,
    /// A regular expression that is found in the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matches: Option<String>,
    /// From when on.
    #[serde(default)]
    pub since: Since,
    /// How often; once at least when left out. `{max: 0}` states that there was none.
    #[serde(default = "once")]
    pub times: Bounds<i64>,
}

fn once() -> Bounds<i64> {
    Bounds { min: Some(1), max: None }
}

/// An event's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum EventType {
    /// Nothing is wrong.
    Normal,
    /// Something is.
    Warning,
}

impl EventType {
    /// As events name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "Normal",
            Self::Warning => "Warning",
        }
    }
}

/// From when on something counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Since {
    /// Since the learner could begin, or since the last reset.
    Start {},
    /// So long ago.
    Ago(Duration),
    /// Since somebody last said what this object should be: the fix. What its controllers note about it does not count.
    Change(ObjectRef),
}

impl Default for Since {
    fn default() -> Self {
        Self::Start {}
    }
}

/// What became of baseline subjects since the start, or the last reset, as far as the cluster itself has written it down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum History {
    /// These subjects were never deleted, also not to be made anew.
    Kept(Vec<String>),
    /// This workload runs a revision that it had before the start.
    RolledBack(String),
    /// This Deployment never had fewer available pods than so many.
    NeverBelow(Floor),
}

/// A Deployment, and how many of its pods were always available.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Floor {
    /// The baseline subject.
    pub subject: String,
    /// So many pods at least.
    pub available: u32,
}

/// What holds goes on holding after something that would happen anyway, tried out: kubedrill does it and looks again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Survives {
    /// What is done, in order; only when `then` holds before, and only to objects of the scenario's namespaces.
    pub after: Vec<Disturbance>,
    /// What must hold before it, and again afterwards.
    pub then: Box<Assert>,
    /// How long it must stay true afterwards.
    #[serde(default = "five_seconds", rename = "for")]
    pub hold: Duration,
    /// How long all that may take.
    #[serde(default = "two_minutes")]
    pub within: Duration,
}

fn five_seconds() -> Duration {
    Duration::secs(5)
}

fn two_minutes() -> Duration {
    Duration::secs(120)
}

/// Something that would happen anyway, sooner or later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Disturbance {
    /// Every pod of these workloads is deleted.
    DeletePods(ObjectRef),
    /// These workloads are restarted, as `kubectl rollout restart` does.
    Restart(ObjectRef),
    /// These CronJobs run now, and end.
    Tick(Tick),
}

/// The next run of a CronJob.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Tick {
    /// The CronJobs.
    pub on: ObjectRef,
    /// The run must complete. Else it may fail, and of a CronJob that is suspended or gone there is none: whoever stopped the trouble has
    /// stopped it.
    #[serde(default)]
    pub completes: bool,
}
