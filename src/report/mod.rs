//! Reports as pure functions of stored data, one file a format.
//!
//! [`Report`] is what there is to say about an attempt, [`ProofReport`] what there is to say about an author's content.
//! Knows no cluster, no store, no clock and no terminal device.

pub mod json;
mod model;
mod new;
mod proof;
pub mod terminal;
mod timeline;
mod trust;
mod words;

pub use model::{
    AttemptFacts, CheckReport, EnvironmentFacts, EvidenceRef, FORMAT_VERSION, HintReport, Report, RunFacts, ScenarioFacts, TimelineEntry,
};
pub use new::ReportInput;
pub use proof::{CaseKind, CaseVerdict, ProofCase, ProofReport, ProofScenario};
pub use terminal::TerminalOptions;
pub use trust::{Tier, Trust};
