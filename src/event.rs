//! What the engine tells while it works. The engine never prints: terminal, log and tests consume this one stream.

use std::sync::Arc;

use serde::Serialize;

use crate::{attempt::Verdict, gradebook::EntryState};

/// Something that happened, or began. Serialised as `{"event": "phaseStarted", …}`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Event {
    /// A phase of a longer piece of work began.
    PhaseStarted {
        /// Which.
        phase: Phase,
    },
    /// A phase is so far; for bars.
    PhaseProgressed {
        /// Which.
        phase: Phase,
        /// Units done.
        done: u64,
        /// Units in all; 0 when nobody knows.
        total: u64,
        /// What is being done right now: a package, an object, a component.
        detail: String,
    },
    /// A phase is done.
    PhaseFinished {
        /// Which.
        phase: Phase,
        /// How long it took.
        millis: u64,
    },
    /// A check came to a verdict.
    CheckFinished {
        /// Its id.
        check: String,
        /// What it came to.
        verdict: Verdict,
    },
    /// What a learner handed in was judged, or could not be.
    Judged {
        /// The learner.
        learner: String,
        /// The scenario.
        scenario: String,
        /// How far it came.
        state: EntryState,
        /// Why it was not judged, or what of it could not be used.
        reason: Option<crate::text::Text>,
        /// So many are done.
        done: usize,
        /// Of so many.
        total: usize,
    },
    /// Something that a person should know and that stops nothing, as a message key of `text` with its arguments.
    Warned {
        /// The message in both languages.
        message: crate::text::Text,
    },
}

/// The phases that a person may have to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// Building the sandbox's programs, once.
    Build,
    /// Building the program of application images, once.
    BuildApp,
    /// Building an add-on operator, once.
    BuildAddon,
    /// Building the reader of configurations, once.
    BuildReader,
    /// A cluster is made by somebody else's program.
    Cluster,
    /// The control plane comes up.
    ControlPlane,
    /// The nodes become ready.
    Nodes,
    /// The nodes learn to pull the images of the catalogue.
    Images,
    /// An add-on operator comes up.
    Addons,
    /// The healthy world is made.
    Stage,
    /// The baseline is taken.
    Baseline,
    /// The fault is applied.
    Fault,
    /// The fault bites.
    Confirm,
    /// The checks run.
    Check,
    /// A solution or cheat is applied.
    Apply,
    /// Back to the broken state.
    Reset,
    /// The environment goes down.
    Stop,
}

/// Where events go. Cheap to clone.
#[derive(Clone)]
pub struct Events(Arc<dyn Fn(Event) + Send + Sync>);

impl Events {
    /// Sends every event to a function.
    pub fn to(sink: impl Fn(Event) + Send + Sync + 'static) -> Self {
        Self(Arc::new(sink))
    }

    /// Drops every event.
    #[must_use]
    pub fn none() -> Self {
        Self::to(|_| {})
    }

    /// Sends one event.
    pub fn send(&self, event: Event) {
        (self.0)(event);
    }

    /// Runs a phase and tells of its beginning and its end, also when it fails.
    ///
    /// # Errors
    /// Those of the work itself.
    pub async fn phase<T, E>(&self, phase: Phase, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        self.send(Event::PhaseStarted { phase });
        let started = std::time::Instant::now();
        let result = work.await;
        self.send(Event::PhaseFinished { phase, millis: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX) });
        result
    }
}

impl std::fmt::Debug for Events {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Events")
    }
}
