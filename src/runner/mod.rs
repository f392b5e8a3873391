//! The life of an attempt: start, check, hint, solve, reset, stop; and the proof of a scenario.
//!
//! Ties the parts together and prints nothing. Every step is idempotent: interrupted anywhere, the next one recovers.

mod answering;
mod board;
mod bundle_proof;
mod bundles;
mod cases;
mod checking;
mod demo;
mod engine;
mod error;
mod handing_in;
mod hints;
mod library;
mod loads;
mod marking;
mod own;
mod parts;
mod pausing;
mod phases;
mod place;
mod planning;
mod preparing;
mod prove;
mod reporting;
mod resetting;
mod session;
mod shims;
mod solving;
mod starting;
mod stopping;
mod trying;

pub use answering::{AskedOption, Question};
pub use bundles::Moved;
pub use checking::{CheckOptions, Checked, Watch};
pub use demo::{Demo, DemoFigures};
pub use engine::{Engine, EngineSettings, providers};
pub use error::{ErrorClass, RunnerError};
pub use handing_in::Files;
pub use hints::{HintState, NextHint};
pub use library::{catalogue, content_roots, find, scenario_folders};
pub use loads::{LoadChange, LoadView};
pub use marking::{Marking, ToMark};
pub use planning::{EnvironmentWould, Plan};
pub use resetting::ResetDone;
pub use session::Session;
pub use solving::manifest_files;
pub use starting::{StartOptions, Started};
