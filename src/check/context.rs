use std::{cell::RefCell, collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use serde_json::Value;

use super::object;
use crate::{
    attempt::{Baseline, Subject},
    cluster::Snapshot,
    reader::{Answer, Question},
    scenario::{ObjectRef, Scenario, Since},
};

static SOUND: Answer = Answer { errors: Vec::new(), receivers: Vec::new(), fired: Vec::new() };

/// Why something could not be looked at: never the learner's fault, always an `error`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct Trouble(pub(super) String);

impl From<String> for Trouble {
    fn from(message: String) -> Self {
        Self(message)
    }
}

/// What a check is evaluated against.
#[derive(Debug)]
pub struct Context<'a> {
    /// The scenario's namespaces.
    pub namespaces: &'a [String],
    /// What the scenario's baseline aliases stand for.
    pub subjects: BTreeMap<&'a str, &'a ObjectRef>,
    /// What was recorded when healthy and when broken.
    pub baseline: &'a Baseline,
    /// What is there now.
    pub snapshot: &'a Snapshot,
    /// When that is.
    pub now: Timestamp,
    /// The check that is looked at.
    pub check: &'a str,
    /// The author lets the learner see what is expected.
    pub reveal: bool,
    /// Questions to the reader that have no answer yet, where they are being found out.
    pub(super) asking: Option<RefCell<Vec<Question>>>,
}

impl<'a> Context<'a> {
    /// The context of a scenario's checks over one snapshot.
    #[must_use]
    pub fn new(scenario: &'a Scenario, baseline: &'a Baseline, snapshot: &'a Snapshot) -> Self {
        let spec = &scenario.file.spec;
        Self {
            namespaces: &spec.namespaces,
            subjects: spec.baseline.iter().map(|b| (b.alias.as_str(), &b.on)).collect(),
            baseline,
            snapshot,
            now: snapshot.taken,
            check: "",
            reveal: false,
            asking: None,
        }
    }

    /// The scenario's first namespace: what a reference means that names none.
    pub(super) fn home(&self) -> &str {
        self.namespaces.first().map_or("default", String::as_str)
    }

    /// Every object of a kind.
    pub(super) fn objects(&self, kind: &str) -> Result<&'a [Arc<Value>], Trouble> {
        Ok(self.snapshot.objects(kind)?)
    }

    /// The objects that a reference points at.
    pub(super) fn select(&self, on: &ObjectRef) -> Result<Vec<&'a Value>, Trouble> {
        if let Some(alias) = &on.baseline {
            // There is no baseline yet to look an alias up in: what it stands for is asked about instead.
            return match self.subjects.get(alias.as_str()).filter(|_| self.asking.is_some()) {
                Some(meant) => self.select(meant),
                None => Ok(self.current_of(alias)?.into_iter().collect()),
            };
        }
        let kind = on.kind.as_deref().ok_or_else(|| Trouble("a reference names neither a kind nor a baseline subject".into()))?;
        let namespace = on.namespace.as_deref().unwrap_or_else(|| self.home());
        let fits = |object: &Value| {
            let place = object::namespace(object);
            (namespace == "*" || place.is_empty() || place == namespace)
                && on.name.as_deref().is_none_or(|name| name == object::name(object))
                && on.labels.iter().all(|(key, value)| object::label(object, key) == Some(value))
        };
        Ok(self.objects(kind)?.iter().map(AsRef::as_ref).filter(|object| fits(object)).collect())
    }

    /// What the baseline recorded of a subject.
    pub(super) fn subject(&self, alias: &str) -> Result<&'a Subject, Trouble> {
        let found = self.baseline.subjects.get(alias).filter(|subject| !subject.healthy.is_null());
        found.ok_or_else(|| Trouble(format!("the baseline holds no subject `{alias}`")))
    }

    /// What became of a baseline subject: the object of its name, also when it was made anew.
    pub(super) fn current_of(&self, alias: &str) -> Result<Option<&'a Value>, Trouble> {
        let healthy = &self.subject(alias)?.healthy;
        let kind = self.subjects.get(alias).and_then(|on| on.kind.as_deref()).unwrap_or_else(|| object::kind(healthy));
        let same =
            |object: &&'a Value| object::name(object) == object::name(healthy) && object::namespace(object) == object::namespace(healthy);
        Ok(self.objects(kind)?.iter().map(AsRef::as_ref).find(same))
    }

    /// What the reader of configurations answers.
    pub(super) fn read(&self, question: Question) -> Result<&'a Answer, Trouble> {
        match self.snapshot.readings.iter().find(|(asked, _)| *asked == question) {
            Some((_, Ok(answer))) => Ok(answer),
            Some((_, Err(why))) => Err(Trouble(why.clone())),
            None => match &self.asking {
                // Nothing wrong, so that what depends on the answer is asked in one go.
                Some(asking) => {
                    asking.borrow_mut().push(question);
                    Ok(&SOUND)
                }
                None => Err(Trouble("the reader of configurations was not asked".into())),
            },
        }
    }

    /// The moment that something counts from; none when the object is not there whose change it is.
    pub(super) fn since(&self, since: &Since) -> Result<Option<Timestamp>, Trouble> {
        Ok(match since {
            Since::Start {} => Some(self.snapshot.given.began.unwrap_or(self.now)),
            Since::Ago(long) => Some(self.now.checked_sub(long.0).map_err(|e| Trouble(e.to_string()))?),
            Since::Change(on) => self
                .select(on)?
                .into_iter()
                .filter_map(|object| object::last_told(object).or_else(|| object::time(object, "/metadata/creationTimestamp")))
                .max(),
        })
    }

    /// The reference that an alias stands for.
    pub(super) fn meant(&self, on: &ObjectRef) -> ObjectRef {
        let meant = on.baseline.as_deref().and_then(|alias| self.subjects.get(alias));
        meant.map_or_else(|| on.clone(), |meant| (*meant).clone())
    }

    /// What a reference points at, in words: for objects that are not there.
    pub(super) fn describe(&self, on: &ObjectRef) -> String {
        if let Some(alias) = &on.baseline {
            return self.subject(alias).map_or_else(|_| alias.clone(), |subject| object::reference(&subject.healthy));
        }
        let namespace = on.namespace.as_deref().unwrap_or_else(|| self.home());
        let labels: Vec<_> = on.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let what = match (&on.name, labels.is_empty()) {
            (Some(name), _) => name.clone(),
            (None, false) => format!("({})", labels.join(",")),
            (None, true) => "*".into(),
        };
        let kind = on.bare_kind().unwrap_or_default();
        if super::request::is_cluster_scoped(kind) { format!("{kind}/{what}") } else { format!("{kind}/{namespace}/{what}") }
    }
}
