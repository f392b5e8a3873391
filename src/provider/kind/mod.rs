//! Real containers: a cluster that kind makes in Docker or Podman, one per environment, and only ever our own.
//!
//! Each environment is a cluster named `kubedrill-NAME` and a folder with its record. A random word of the record lies in
//! the path of a mount of every node, so that even a half-made cluster can be told from somebody else's of the same name.
//! It must not know of scenarios, checks or attempts.

mod access;
mod addons;
mod autoscaler;
mod cluster;
mod components;
mod config;
mod diagnose;
mod driver;
mod engine;
mod engine_info;
mod error;
mod folder;
mod images;
mod kubectl;
mod node;
mod orphans;
mod provider;
mod record;
mod room;
mod settings;
mod setup;
mod status;
mod steps;
mod tool;
mod version;

pub use engine::EngineName;
pub use error::KindError;
pub use provider::KindProvider;
pub use settings::KindSettings;
