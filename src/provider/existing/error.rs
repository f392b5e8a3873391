use std::path::PathBuf;

use crate::{
    cluster::{ClusterError, ContextError},
    provider::{files::FileError, lock::LockError},
};

/// Why somebody else's cluster cannot be used, with the next thing to do.
#[derive(Debug, thiserror::Error)]
pub enum ExistingError {
    /// No context was named.
    #[error("no context is named; choose one of your kubeconfig with `--context NAME` (`kubectl config get-contexts` lists them)")]
    NoContext,
    /// The context cannot be copied.
    #[error(transparent)]
    Context(#[from] ContextError),
    /// A file could not be worked with.
    #[error(transparent)]
    File(#[from] FileError),
    /// Another command is at it.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// A file of ours holds something else than we write.
    #[error("{} is not what this version of kubedrill writes: {reason}; `kubedrill stop --forget` lets go of the environment", path.display())]
    Stored {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The environment is of another cluster.
    #[error(
        "the environment was taken up at {ours}, and the context `{context}` leads to {other}; stop it first, or take another name with `--env`"
    )]
    OtherCluster {
        /// The context.
        context: String,
        /// Where the environment is.
        ours: String,
        /// Where the context leads.
        other: String,
    },
    /// The environment is another learner's.
    #[error("the environment was taken up for the learner `{ours}`, not `{other}`; stop it first, or take another name with `--env`")]
    OtherLearner {
        /// Whose it is.
        ours: String,
        /// Who was asked for.
        other: String,
    },
    /// No such environment.
    #[error("there is no environment `{0}`; start a scenario with `kubedrill start --provider existing --context NAME`")]
    NotThere(String),
    /// A learner's name cannot begin a namespace's.
    #[error("`{0}` cannot name a learner: use up to 40 lowercase letters, digits and hyphens, beginning and ending with a letter or digit")]
    Learner(String),
    /// A namespace that never is a learner's.
    #[error("the namespace {0} is never a learner's; choose another name with `--learner` or `--namespaces`")]
    Sacred(String),
    /// The stage is made of kinds that the cluster does not know.
    #[error(
        "the cluster of the context `{context}` does not serve {}; whoever runs it can install the add-on that brings them, or the sandbox can run the scenario: start it without --provider",
        kinds.join(", ")
    )]
    Unserved {
        /// The context.
        context: String,
        /// The kinds, with their group and version.
        kinds: Vec<String>,
    },
    /// The credentials are no longer good.
    #[error(
        "{server} does not accept the credentials of the context `{context}` (401): log in again as you do for kubectl, then repeat the command with `--provider existing --context {context}`, which takes the new ones over"
    )]
    Expired {
        /// The context.
        context: String,
        /// The server.
        server: String,
    },
    /// Nothing answers.
    #[error(
        "the cluster of the context `{context}` does not answer at {server} ({why}); nothing was changed there. If it is gone for good, `kubedrill stop --forget` lets go of it"
    )]
    Silent {
        /// The context.
        context: String,
        /// The server.
        server: String,
        /// The connection's error.
        why: String,
    },
    /// The cluster refused or could not be asked.
    #[error(transparent)]
    Cluster(ClusterError),
    /// A namespace is missing, and we may not make it.
    #[error(
        "the namespace {namespace} is not there, and these credentials may not make it; ask the cluster's administrator to apply what `kubedrill prepare --for {learner} --user YOU SCENARIO` prints"
    )]
    NotPrepared {
        /// The namespace.
        namespace: String,
        /// The learner.
        learner: String,
    },
    /// A namespace is somebody else's.
    #[error(
        "the namespace {namespace} is there and was not given to kubedrill; choose another name with `--learner`, or give it by name with `--namespaces NAMESPACE={namespace}`"
    )]
    NotOurs {
        /// The namespace.
        namespace: String,
    },
    /// A namespace is being deleted.
    #[error("the namespace {0} is still being deleted; try again when it is gone")]
    Leaving(String),
    /// A given namespace is not empty.
    #[error(
        "the namespace {namespace} is not empty: it holds {object}, which is not kubedrill's; give kubedrill an empty namespace, or remove what is in it yourself"
    )]
    NotEmpty {
        /// The namespace.
        namespace: String,
        /// One object.
        object: String,
    },
    /// Another environment works in these namespaces.
    #[error(
        "the namespaces of the learner `{learner}` are in use by another kubedrill environment (`{environment}`); choose another --learner. If that environment is gone for good, delete the ConfigMap {claim} in {home}"
    )]
    Taken {
        /// The learner.
        learner: String,
        /// The other environment, as it named itself.
        environment: String,
        /// Our home.
        home: String,
        /// The name of the claim.
        claim: &'static str,
    },
    /// Rights are missing.
    #[error("these credentials lack rights that the scenario needs:\n{}\nask the cluster's administrator for them; `kubedrill prepare --for {learner} --user YOU SCENARIO` prints what to apply", .missing.join("\n"))]
    Rights {
        /// The learner.
        learner: String,
        /// What is missing.
        missing: Vec<String>,
    },
    /// A part of the control plane was asked for.
    #[error("{0} cannot be stopped or started: the cluster belongs to somebody else")]
    Component(String),
}

impl ExistingError {
    /// Words a cluster's error for somebody whose cluster it is not.
    pub(super) fn cluster(context: &str, server: &str) -> impl Fn(ClusterError) -> Self + use<> {
        let (context, server) = (context.to_owned(), server.to_owned());
        move |error| {
            let (context, server) = (context.clone(), server.clone());
            match error {
                ClusterError::Unauthorized { .. } => Self::Expired { context, server },
                ClusterError::Unreachable { why, .. } | ClusterError::Tls { why, .. } => Self::Silent { context, server, why },
                ClusterError::Timeout { after, .. } => {
                    Self::Silent { context, server, why: format!("no answer within {}s", after.as_secs()) }
                }
                error => Self::Cluster(error),
            }
        }
    }
}
