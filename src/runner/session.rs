use jiff::Timestamp;

use crate::{
    attempt::{Attempt, Baseline},
    cluster::Cluster,
    provider::Environment,
    provision::Marker,
    scenario::Scenario,
};

/// An attempt that is open, with everything that is needed to work on it. Its marker has been verified.
#[derive(Debug, Clone)]
pub struct Session {
    /// The attempt.
    pub attempt: Attempt,
    /// Its scenario.
    pub scenario: Scenario,
    /// Its environment.
    pub environment: Environment,
    /// What was recorded at the start.
    pub baseline: Baseline,
    /// When the learner could begin with what is there now.
    pub began: Timestamp,
    /// Since when the learner's answers count: a proof begins anew with each case, a learner's reset does not.
    pub answers_from: Timestamp,
    /// kubedrill's own access.
    pub cluster: Cluster,
    /// The marker in the cluster, verified to be this attempt's.
    pub marker: Marker,
}
