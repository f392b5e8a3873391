//! Reports as pure functions of stored data, one file a format.
//!
//! [`Report`] is what there is to say about an attempt, [`ProofReport`] what there is to say about an author's content.
//! Knows no cluster, no store, no clock and no terminal device.

mod anonymous;
mod appeal;
pub mod audit;
mod bundle;
mod bundle_view;
mod bundle_words;
mod changes;
pub mod cohort;
pub mod ctrf;
mod error;
mod explanation;
pub mod grades;
pub mod gradescope;
pub mod html;
pub mod json;
pub mod junit;
mod labels;
pub mod markdown;
pub mod matrix;
mod model;
mod mutation;
mod new;
mod proof;
pub mod rubric;
mod template;
pub mod terminal;
pub mod time;
mod timeline;
mod trust;
mod view;
mod withheld;
mod words;

pub use anonymous::{Dates, FEW, Pseudonyms, anonymous};
pub use appeal::{APPEAL_VERSION, Appeal, AppealAttempt, AppealInput, appeal_files};
pub use bundle::{BundleFacts, BundleInput, BundlePart, BundleReport, PartState};
pub use changes::{Changes, CriterionChange, Rerun, ScoreChange};
pub use cohort::words::state as entry_state;
pub use error::ReportError;
pub use explanation::{
    EXPLANATION_VERSION, ExplainedCheck, ExplainedExpression, ExplainedPart, ExplainedRun, Explanation, ExplanationInput,
};
pub use model::{
    AttemptFacts, CheckReport, EnvironmentFacts, EvidenceRef, FORMAT_VERSION, HintReport, Report, RunFacts, ScenarioFacts, TimelineEntry,
};
pub use mutation::{Fate, MUTATION_VERSION, MutationScore, Noticed, ProvenMutant};
pub use new::ReportInput;
pub use proof::{CaseKind, CaseVerdict, ProofCase, ProofReport, ProofScenario};
pub use terminal::TerminalOptions;
pub use trust::Trust;
