//! The arithmetic of a score: one pure function from stored verdicts to points, whose steps are printed as the trace.
//!
//! Knows no Kubernetes client, no terminal, no clock and no store.

mod total;

pub use total::{CategoryScore, CheckScore, Grade, Score, Total, TraceLine};
