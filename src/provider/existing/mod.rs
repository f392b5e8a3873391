//! Somebody else's cluster, named by a kubeconfig context: a learner works in namespaces of their own, and nothing outside of them
//! is read or changed. Only here the user's kubeconfig is read, once, and only with the context named.

mod claim;
mod diagnose;
mod error;
mod look;
mod objects;
mod prepare;
mod probe;
mod provider;
mod rights;
mod settings;
mod share;
mod state;

pub use error::ExistingError;
pub use look::look_at;
pub use prepare::{Preparation, prepare};
pub use provider::ExistingProvider;
pub use settings::ExistingSettings;
pub use share::Share;
