use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Trust;
use crate::{
    attempt::{ApiCalls, AttemptState, Basis, Evidence, LogKind, Observation, Trigger, Verdict},
    points::Points,
    scenario::{Category, Kind, Level, Role},
    score::{Score, Timing, Total},
    text::Text,
};

/// The version of the report's JSON. It grows when a field with a meaning is added.
pub const FORMAT_VERSION: u32 = 2;

/// Everything that there is to say about an attempt and its score. Every format is a pure function of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The version of this format.
    pub format_version: u32,
    /// The program that made it.
    pub generated_by: String,
    /// When it was made.
    #[schemars(with = "String")]
    pub generated_at: Timestamp,
    /// What was to be done.
    pub scenario: ScenarioFacts,
    /// Who did it, how and when.
    pub attempt: AttemptFacts,
    /// Where.
    pub environment: EnvironmentFacts,
    /// What the attempt's clock said when the report was made.
    pub time: Timing,
    /// How far the report can be trusted.
    pub trust: Trust,
    /// The points and their arithmetic.
    pub score: Score,
    /// What stood when the time limit passed, where what was scored came later; none where it came in time.
    pub at_limit: Option<Total>,
    /// The run that was scored; none when the checks have not run.
    pub run: Option<RunFacts>,
    /// What each check saw, in the scenario's order.
    pub checks: Vec<CheckReport>,
    /// Hints opened, in order.
    pub hints: Vec<HintReport>,
    /// What happened, in order.
    pub timeline: Vec<TimelineEntry>,
    /// The hash of the last entry of the attempt's log: whoever keeps it can tell later whether the log was changed.
    pub log_head: Option<String>,
}

/// The scenario, as the report cites it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScenarioFacts {
    /// Its id.
    pub id: String,
    /// Lab or challenge.
    pub kind: Kind,
    /// Its title.
    pub title: Text,
    /// One sentence on it.
    pub summary: Text,
    /// How hard it is.
    pub level: Level,
    /// How long it should take.
    pub minutes: u32,
    /// Where in the course it belongs.
    pub code: Option<String>,
    /// Checkpoints of the course that passing it is evidence for.
    pub checkpoints: Vec<String>,
    /// SHA-256 of its folder.
    pub digest: String,
}

/// The attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttemptFacts {
    /// Its id.
    pub id: String,
    /// How far it is.
    pub state: AttemptState,
    /// When the learner could begin.
    #[schemars(with = "String")]
    pub started: Timestamp,
    /// When it was closed.
    #[schemars(with = "Option<String>")]
    pub ended: Option<Timestamp>,
    /// Until the repair stood, or until it was closed, without the pauses; none while it is open and unsolved.
    pub seconds_used: Option<u64>,
    /// A solution was shown or applied.
    pub assisted: bool,
    /// How often it was reset.
    pub resets: u32,
    /// How often the checks ran.
    pub runs: usize,
}

/// The environment and the versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentFacts {
    /// Its name.
    pub name: String,
    /// The provider's name.
    pub provider: String,
    /// What the provider can do.
    pub capabilities: Vec<String>,
    /// The uid of the namespace kube-system.
    pub cluster_uid: String,
    /// The API server's version.
    pub kubernetes: String,
    /// The version of kubedrill that started the attempt.
    pub kubedrill: String,
}

/// The run that was scored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunFacts {
    /// Why it ran.
    pub trigger: Trigger,
    /// When it began.
    #[schemars(with = "String")]
    pub started: Timestamp,
    /// How long it took.
    pub millis: u64,
    /// What it cost.
    pub calls: ApiCalls,
    /// It looked once and did not wait.
    pub provisional: bool,
    /// What it found came true after the time limit. Its points count all the same.
    pub late: bool,
    /// The resource version that each kind was read at.
    pub resource_versions: BTreeMap<String, String>,
}

/// What one check saw and what it earned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckReport {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// The lab's step it belongs to.
    pub step: Option<String>,
    /// Its role.
    pub role: Role,
    /// Its category.
    pub category: Option<Category>,
    /// What it came to.
    pub verdict: Verdict,
    /// What it earned.
    pub earned: Total,
    /// The guards that voided it.
    pub voided_by: Vec<String>,
    /// Checks that block it.
    pub blocked_by: Vec<String>,
    /// Items that hold.
    pub passed: u32,
    /// Items in all.
    pub total: u32,
    /// Why, as a stable word.
    pub reason: String,
    /// How the facts were had.
    pub basis: Basis,
    /// How long it held, in milliseconds, when it had to.
    pub held_millis: u64,
    /// It was still changing when the window ended.
    pub moving: bool,
    /// Its details are shown after the attempt is closed.
    pub withheld: bool,
    /// The symptom, in the author's words.
    pub symptom: Option<Text>,
    /// The object and area to look at.
    pub look_at: Option<Text>,
    /// The idea behind it.
    pub concept: Option<Text>,
    /// Where to read on.
    pub link: Option<String>,
    /// What was seen.
    pub observations: Vec<Observation>,
    /// What the verdict rests on.
    pub evidence: Vec<EvidenceRef>,
}

/// A part of an object that a verdict rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceRef {
    /// `Kind/namespace/name`, or `Kind/name`.
    pub object: String,
    /// Its uid; empty when it does not exist.
    pub uid: String,
    /// Its resource version.
    pub resource_version: String,
    /// SHA-256 of the part's canonical JSON.
    pub sha256: String,
    /// The part, redacted; null when the object does not exist.
    pub part: serde_json::Value,
}

impl From<&Evidence> for EvidenceRef {
    fn from(evidence: &Evidence) -> Self {
        let place = [&evidence.kind, &evidence.namespace, &evidence.name];
        Self {
            object: place.into_iter().filter(|word| !word.is_empty()).cloned().collect::<Vec<_>>().join("/"),
            uid: evidence.uid.clone(),
            resource_version: evidence.resource_version.clone(),
            sha256: evidence.sha256.clone(),
            part: evidence.part.clone(),
        }
    }
}

/// A hint that was opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HintReport {
    /// The lab's step.
    pub step: Option<String>,
    /// Which rung, from 1.
    pub rung: u32,
    /// What it cost.
    pub cost: Points,
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// What it said.
    pub text: Text,
}

/// Something that happened in the attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimelineEntry {
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// Seconds since the learner could begin.
    pub seconds: i64,
    /// What.
    pub kind: LogKind,
    /// The same in words.
    pub text: Text,
}

impl Report {
    /// A check of a lab's step, or of the challenge for none.
    pub fn checks_of<'a>(&'a self, step: Option<&'a str>) -> impl Iterator<Item = &'a CheckReport> {
        self.checks.iter().filter(move |c| c.step.as_deref() == step)
    }

    /// The title of a check, or its id where there is no such check.
    #[must_use]
    pub fn title_of(&self, id: &str) -> Text {
        self.checks.iter().find(|c| c.id == id).map_or_else(|| Text::new(id, id), |c| c.title.clone())
    }
}
