use std::{collections::BTreeMap, path::PathBuf};

/// What the user says about somebody else's cluster.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExistingSettings {
    /// The context; needed to take a cluster up, and again only to renew its credentials.
    pub context: Option<String>,
    /// The kubeconfig files that hold it.
    pub kubeconfig: Vec<PathBuf>,
    /// The learner; the environment's name when left out.
    pub learner: Option<String>,
    /// Names of namespaces that differ from `LEARNER-NAMESPACE`; `kubedrill` stands for the home.
    pub namespaces: BTreeMap<String, String>,
    /// What the user asked for, so that another command can name it while it waits.
    pub command: String,
}
