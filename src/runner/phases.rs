use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::event::{Event, Events};

/// Adds up how long each phase took, from the events that everybody else sees too.
#[derive(Debug, Clone, Default)]
pub struct PhaseClock(Arc<Mutex<BTreeMap<String, u64>>>);

impl PhaseClock {
    /// Listens in on a stream of events.
    pub fn listen(&self, events: &Events) -> Events {
        let (millis, onward) = (Arc::clone(&self.0), events.clone());
        Events::to(move |event| {
            if let Event::PhaseFinished { phase, millis: took } = &event {
                let name = serde_json::to_value(phase).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
                *millis.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default() += took;
            }
            onward.send(event);
        })
    }

    /// Seconds by phase since the last call.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a command are far below 2^52")]
    pub fn take(&self) -> BTreeMap<String, f64> {
        let taken = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        taken.into_iter().map(|(phase, millis)| (phase, millis as f64 / 1000.0)).collect()
    }
}
