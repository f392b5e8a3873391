use std::{collections::BTreeMap, fmt, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    attempt::{ApiCalls, Given},
    reader::{Answer, Question, Reader},
    scenario::AccessSubject,
};

/// A kind as the API server knows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct KindId {
    /// The API group; empty for the core group.
    pub group: String,
    /// The preferred version.
    pub version: String,
    /// The kind.
    pub kind: String,
    /// Its plural, as in URLs.
    pub plural: String,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
}

impl fmt::Display for KindId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.group.is_empty() { f.write_str(&self.kind) } else { write!(f, "{}.{}", self.kind, self.group) }
    }
}

/// What was read of one kind.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum KindState {
    /// Every object of it that the scenario may see, sorted by namespace and name.
    Read {
        /// The resource version of the list or of the last watch event.
        resource_version: String,
        /// The objects as JSON.
        #[serde(with = "shared")]
        objects: Vec<Arc<Value>>,
    },
    /// The API server does not serve this kind: there are none of it.
    Unknown,
    /// It could not be read: a check over it is an `error`.
    Unreadable(String),
}

/// A question to the authorizer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Review {
    /// Who.
    pub subject: AccessSubject,
    /// The verb.
    pub verb: String,
    /// The resource as written in the scenario, with its subresource and group.
    pub resource: String,
    /// The namespace, or the whole cluster.
    pub namespace: Option<String>,
    /// One object by name.
    pub name: Option<String>,
}

/// The authorizer's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReviewAnswer {
    /// Allowed or denied, with the authorizer's reason.
    Answered {
        /// Allowed.
        allowed: bool,
        /// Why.
        reason: String,
    },
    /// It could not be asked.
    Unanswered(String),
}

/// A question that objects do not answer: to a running container, or to the API server without changing anything.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LiveQuestion {
    /// What a command does in it.
    Exec {
        /// The pod's namespace.
        namespace: String,
        /// The pod.
        pod: String,
        /// The container; the pod's default one when left out.
        container: Option<String>,
        /// The program and its arguments; no shell is put before it.
        command: Vec<String>,
    },
    /// What it has logged.
    Logs {
        /// The pod's namespace.
        namespace: String,
        /// The pod.
        pod: String,
        /// The container; the pod's only one when left out.
        container: Option<String>,
        /// Of its run before the last restart.
        previous: bool,
    },
    /// Whether the server would take an object, as a dry run.
    Create {
        /// The object as JSON; its name only begins the one that is tried, so that nobody else has it.
        object: String,
    },
    /// Whether the server would evict a pod, as a dry run.
    Evict {
        /// The pod's namespace.
        namespace: String,
        /// The pod.
        pod: String,
    },
}

/// An answer, cut where it is too long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LiveAnswer {
    /// What the command did.
    Exec {
        /// Its exit code.
        code: i32,
        /// What it printed.
        stdout: String,
        /// What it complained about.
        stderr: String,
    },
    /// What was logged.
    Logs(String),
    /// The server would do it.
    Accepted,
    /// The server would not do it, in its own words.
    Refused(String),
    /// It could not be asked.
    Unanswered(String),
}

/// Which questions to ask, once it is known what is there.
pub struct Derived<Q>(Arc<Derive<Q>>);

/// Questions to containers.
pub type LiveQuestions = Derived<LiveQuestion>;
/// Questions to the reader of configurations.
pub type ReaderQuestions = Derived<Question>;

/// From the objects of a snapshot to questions.
type Derive<Q> = dyn Fn(&Snapshot) -> Vec<Q> + Send + Sync;

impl<Q: Ord> Derived<Q> {
    /// Those that a function derives from the objects of a snapshot.
    pub fn of(questions: impl Fn(&Snapshot) -> Vec<Q> + Send + Sync + 'static) -> Self {
        Self(Arc::new(questions))
    }

    /// The questions, each once.
    #[must_use]
    pub fn about(&self, snapshot: &Snapshot) -> Vec<Q> {
        let mut questions = (self.0)(snapshot);
        questions.sort();
        questions.dedup();
        questions
    }
}

impl<Q> Clone for Derived<Q> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<Q> fmt::Debug for Derived<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Derived")
    }
}

/// What a snapshot must hold.
#[derive(Debug, Clone, Default)]
pub struct SnapshotRequest {
    /// Kinds as the scenario writes them, with the namespaces to read; `None` reads all namespaces (or a cluster-scoped kind).
    pub kinds: BTreeMap<String, Option<Vec<String>>>,
    /// Questions to the authorizer.
    pub reviews: Vec<Review>,
    /// Questions to running containers, and dry runs; each costs a call.
    pub live: Option<LiveQuestions>,
    /// Questions to the reader of configurations.
    pub readings: Option<ReaderQuestions>,
    /// Who answers these.
    pub reader: Option<Reader>,
    /// Containers and network of this cluster are real.
    pub real: bool,
    /// What the attempt brings.
    pub given: Given,
}

/// Where snapshots come from: a live plane of watches, or a list of prepared ones in tests.
pub trait SnapshotSource {
    /// The state as of now. Never fails as a whole: what could not be read says so itself.
    fn snapshot(&mut self) -> impl Future<Output = Snapshot> + Send;

    /// Waits until something changed since the last snapshot (bursts count once) or the time is over; says which.
    fn changed(&mut self, within: std::time::Duration) -> impl Future<Output = bool> + Send;
}

/// One consistent look at the cluster: every check of a run reads the same one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Snapshot {
    /// When it was taken.
    pub taken: Timestamp,
    /// What was read, by kind as the scenario writes it (`Deployment`, `Prometheus.monitoring.coreos.com`).
    pub kinds: BTreeMap<String, KindState>,
    /// Answers of the authorizer.
    pub reviews: Vec<(Review, ReviewAnswer)>,
    /// Answers of containers, and to dry runs.
    pub live: Vec<(LiveQuestion, LiveAnswer)>,
    /// Answers of the reader of configurations, or why there is none.
    pub readings: Vec<(Question, Result<Answer, String>)>,
    /// Containers and network are real: what a container answers was measured, not computed.
    pub real: bool,
    /// What the attempt brings.
    pub given: Given,
    /// What it cost so far.
    pub calls: ApiCalls,
}

impl Snapshot {
    /// The objects of a kind, or why there are none to look at.
    ///
    /// # Errors
    /// The kind could not be read, or nobody asked for it to be read.
    pub fn objects(&self, kind: &str) -> Result<&[Arc<Value>], String> {
        match self.kinds.get(kind) {
            Some(KindState::Read { objects, .. }) => Ok(objects),
            Some(KindState::Unknown) => Ok(&[]),
            Some(KindState::Unreadable(why)) => Err(format!("{kind} could not be read: {why}")),
            None => Err(format!("{kind} is not part of this snapshot")),
        }
    }
}

/// Objects that are shared, written as themselves.
mod shared {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serializer};
    use serde_json::Value;

    pub(super) fn serialize<S: Serializer>(objects: &[Arc<Value>], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(objects.iter().map(AsRef::as_ref))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Arc<Value>>, D::Error> {
        Ok(Vec::<Value>::deserialize(from)?.into_iter().map(Arc::new).collect())
    }
}
