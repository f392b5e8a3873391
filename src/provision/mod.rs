//! What happens to a cluster before and after a learner works in it: stage, wait until healthy, baseline, fault, confirm that
//! it bites, reset, take down; and solutions and cheats, carried out with the learner's rights.
//!
//! Knows scenarios and clusters, not providers, terminals or the store.

mod actions;
mod components;
mod error;
mod health;
mod manifests;
mod names;
mod object;
mod target;
mod waiting;

pub use actions::Actor;
pub use components::{Components, NoComponents};
pub use error::ProvisionError;
pub use names::{MARKER, OWNED, SYSTEM_NAMESPACE};
