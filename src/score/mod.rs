//! The arithmetic of a score: one pure function from stored verdicts to points, whose steps are printed as the trace.
//!
//! Knows no Kubernetes client, no terminal, no clock and no store. `docs/scoring.md` says the same in words.

mod adjust;
mod arithmetic;
mod bundle;
mod earned;
mod guard;
mod level;
mod marks;
mod timing;
mod total;
pub(crate) mod trace;
mod worth;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod timing_tests;

pub use arithmetic::score;
pub use bundle::{BundleScore, Part, bundle};
pub use level::{PASS_MARK, level_of};
pub use marks::{MARK_STEP, is_marked_by_hand, marked};
pub use timing::{ClockState, Pause, PauseReason, RECOVERY_TARGET, Recovery, Stopwatch, Timing, counting, ended, timing};
pub use total::{CategoryScore, CheckScore, Grade, Score, StepScore, Total, TraceLine};
