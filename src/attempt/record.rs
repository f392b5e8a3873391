use std::{collections::BTreeMap, fmt};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Judgement, Mark};
use crate::points::Points;

/// Names an attempt: sortable by time, unique on one machine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AttemptId(pub String);

impl AttemptId {
    /// An id such as `20261121-121905-c20-7f3a`: the moment in UTC, the beginning of the scenario's id, a random number.
    #[must_use]
    pub fn new(at: Timestamp, scenario: &str, random: u16) -> Self {
        let mut words = scenario.split('-');
        let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let number = if second.is_empty() || second.contains(|c: char| !c.is_ascii_digit()) { "" } else { second };
        let tag = if number.is_empty() { first.to_owned() } else { format!("{first}-{number}") };
        Self(format!("{}-{tag}-{random:04x}", at.strftime("%Y%m%d-%H%M%S")))
    }
}

impl fmt::Display for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How far an attempt is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AttemptState {
    /// Stage or fault are being made; an interrupted start stays here and is cleaned up.
    Starting,
    /// The learner works.
    Open,
    /// Stopped; nothing changes any more.
    Closed,
}

/// The versions that a report cites.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Versions {
    /// kubedrill's.
    pub kubedrill: String,
    /// The API server's.
    pub kubernetes: String,
    /// The scenario's digest.
    pub scenario: String,
}

/// A hint that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HintOpened {
    /// The lab's step; none in a challenge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Which rung, from 1.
    pub rung: u32,
    /// What it cost.
    pub cost: Points,
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
}

/// One start-to-close run of a scenario by a learner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// Its id.
    pub id: AttemptId,
    /// The scenario's id.
    pub scenario: String,
    /// Where the scenario's folder was.
    pub scenario_dir: String,
    /// The environment it runs in.
    pub environment: String,
    /// The provider's name.
    pub provider: String,
    /// What the provider can do.
    pub capabilities: Vec<String>,
    /// How far it is.
    pub state: AttemptState,
    /// Says which cluster: the uid of the namespace kube-system, or of the home in somebody else's cluster.
    pub cluster_uid: String,
    /// What the scenario's namespaces are truly called; empty where they keep their names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub namespaces: BTreeMap<String, String>,
    /// A random word that the marker object in the cluster carries too.
    pub nonce: String,
    /// Versions.
    pub versions: Versions,
    /// When the learner could begin: after the fault was confirmed.
    #[schemars(with = "String")]
    pub started: Timestamp,
    /// When it was closed.
    #[schemars(with = "Option<String>")]
    pub ended: Option<Timestamp>,
    /// A solution was shown or applied.
    pub assisted: bool,
    /// How often it was reset.
    pub resets: u32,
    /// Hints opened, in order.
    pub hints: Vec<HintOpened>,
    /// Marks that graders gave, in order: of each check and marker's role, the last one counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// What people decided about its points.
    #[serde(default, skip_serializing_if = "Judgement::is_empty")]
    pub judgement: Judgement,
}

impl Attempt {
    /// Whose it is, as far as that is known: the learner's id in a roster, or else the environment's name.
    #[must_use]
    pub fn learner(&self) -> &str {
        self.judgement.learner.as_deref().unwrap_or(&self.environment)
    }
}

#[cfg(test)]
mod tests {
    use super::AttemptId;

    #[test]
    fn ids_sort_by_time_and_tell_the_scenario() {
        let id = |at: &str, scenario: &str| AttemptId::new(at.parse().unwrap(), scenario, 0x7f3a);
        assert_eq!(id("2026-11-21T12:19:05Z", "c20-service-no-endpoints").0, "20261121-121905-c20-7f3a");
        assert_eq!(id("2026-11-21T12:19:05Z", "c5-2-monitoring-blind").0, "20261121-121905-c5-2-7f3a");
        assert!(id("2026-11-21T12:19:05Z", "c5-2-monitoring-blind") < id("2026-11-21T12:19:06Z", "c20-service-no-endpoints"));
    }
}
