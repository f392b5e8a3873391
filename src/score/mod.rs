//! The arithmetic of a score: one pure function from stored verdicts to points, whose steps are printed as the trace.
//!
//! Knows no Kubernetes client, no terminal, no clock and no store. `docs/scoring.md` says the same in words.

mod adjust;
mod arithmetic;
mod bundle;
mod earned;
mod guard;
mod level;
mod markers;
mod marks;
mod overrides;
mod timing;
mod total;
pub(crate) mod trace;
mod voids;
mod worth;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod judged_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod timing_tests;

pub use adjust::MOST;
pub use arithmetic::score;
pub use bundle::{BundleScore, Part, bundle};
pub use level::{PASS_MARK, level_of};
pub use markers::{OpenMark, Standing, standing};
pub use marks::{MARK_STEP, decided, is_marked_by_hand};
pub use timing::{ClockState, Pause, PauseReason, RECOVERY_TARGET, Recovery, Stopwatch, Timing, counting, ended, timing};
pub use total::{CategoryScore, CheckScore, Grade, Overridden, Score, StepScore, Total, TraceLine};
