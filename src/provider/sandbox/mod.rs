//! A real Kubernetes control plane and real kubelets as processes of an ordinary user; only the container runtime and
//! the network are simulated. Each environment is one folder, kept by one supervisor process.
//!
//! Commands write what is wanted (`desired.json`), the supervisor makes it true and writes what is (`state.json`).
//! It must not know of scenarios, checks or attempts.

mod addons;
mod api;
mod bootstrap;
mod certificates;
mod configuration;
mod desired;
mod diagnose;
mod error;
mod folder;
mod leftovers;
mod nodes;
mod parts;
mod ports;
mod programs;
mod provider;
mod settings;
mod start;
mod state;
mod supervisor;

pub use error::SandboxError;
pub use programs::{BuildError, ContainedAddon, can_be_contained, ensure_app, ensure_contained, ensure_reader, kubectl};
pub use provider::SandboxProvider;
pub use settings::SandboxSettings;
pub use supervisor::supervise;
