//! Where attempts, runs and evidence are kept. The only place that writes SQL.
//!
//! One SQLite file in write-ahead mode: readers never wait, writers queue, and what was acknowledged survives a kill and a
//! power cut. Knows no cluster and no score: grades are derived from what is stored here, never stored themselves.

mod attempts;
mod bundles;
mod database;
mod error;
mod gradings;
mod judgement;
mod log;
mod runs;
mod verdicts;

pub use attempts::AttemptFilter;
pub use database::Store;
pub use error::StoreError;
pub use judgement::EVERY;
