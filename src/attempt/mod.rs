//! The data of an attempt: what was recorded at its start, every run of its checks, and the evidence under each verdict.
//!
//! Plain data only, the stored truth that scores and reports are computed from. Knows no Kubernetes client and no terminal.

mod baseline;
mod bundle_run;
mod evidence;
mod given;
mod judgement;
mod log;
mod progress;
mod record;
mod rules;
mod run;
mod run_records;
mod tier;
mod verdict;

pub use baseline::{Baseline, Subject};
pub use bundle_run::{BundleRun, PartAttempt};
pub use evidence::{Basis, Evidence, Observation};
pub use given::{Answered, Given, HandedIn, Mark, MarkRole};
pub use judgement::{Adjustment, AdjustmentKind, Decision, Judgement, Override, Target, Void, VoidAs};
pub use log::{LogEntry, LogKind, chain};
pub use progress::{Progress, StepNews, StepProgress, StepState, Verdicts};
pub use record::{Attempt, AttemptId, AttemptState, HintOpened, Versions};
pub use rules::{EarlyRule, Extension, HintCharge, HintRule, LateRule, MarkingRule, Rules, Unit};
pub use run::{AWAITS_MARK, ApiCalls, CheckResult, Run, Trigger, VOIDED};
pub use run_records::RunRecords;
pub use tier::Tier;
pub use verdict::{Outcome, Verdict};
