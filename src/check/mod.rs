//! The kinds of check, and when each is judged. Reads snapshots, never the client; knows no terminal and no store.
//!
//! One file per kind, each a pure function from what the scenario says and one [`Context`] to an outcome. [`look`] judges
//! every check on one snapshot; [`judge`] adds time: `now`, `settle` and `hold` within one window.

mod answers;
mod availability;
mod changes;
mod clock;
mod comparator;
mod compose;
mod context;
mod evaluate;
mod evidence;
mod findings;
#[cfg(test)]
mod fixture;
mod judge;
mod kinds;
pub(crate) mod labels;
mod live;
mod look;
mod mounts;
mod moving;
pub(crate) mod network;
#[cfg(test)]
mod network_properties;
pub(crate) mod object;
mod pattern;
pub(crate) mod posture;
mod readings;
mod redact;
mod regrade;
mod rejudge;
mod request;
mod say;
mod script;
mod shape;
mod sight;
mod survival;
mod trial;
pub(crate) mod workload;

pub use answers::understood;
pub use clock::{Clock, RealClock};
pub use context::Context;
pub use evaluate::evaluate;
pub use judge::{JudgeOptions, judge, wanted};
pub(crate) use kinds::picks;
pub use look::{block_untried, look};
pub use regrade::{Regraded, regrade};
pub use rejudge::Recording;
pub use request::{request, trial_request};
pub use say::{feedback, say};
pub use script::scripted;
pub use sight::Sight;
pub use survival::Survival;
pub use trial::{Next, Trial, is_tried};
