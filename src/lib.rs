//! kubedrill turns a folder of YAML into a cluster that is broken in a realistic way, watches a person repair it, and
//! says what the repair is worth and why.
//!
//! Data flows one way: `scenario` → `provider` → `provision` → `check` → `score` → `report`. See `ARCHITECTURE.md`.

pub mod attempt;
pub mod audit;
pub mod capability;
pub mod cel;
pub mod check;
pub mod cli;
pub mod cluster;
pub mod cohort;
pub mod content;
pub mod diagnostic;
pub mod digest;
pub mod event;
pub mod fluent_bit;
pub mod gradebook;
pub mod load;
pub mod loopback;
pub mod paths;
pub mod points;
pub mod process;
pub mod provider;
pub mod provision;
pub mod reader;
pub mod report;
pub mod rubric;
pub mod runner;
pub mod scenario;
pub mod score;
pub mod seal;
pub mod store;
pub mod territory;
pub mod text;
