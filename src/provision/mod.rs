//! What happens to a cluster before and after a learner works in it: stage, wait until healthy, baseline, fault, confirm that
//! it bites, reset, take down; and solutions and cheats, carried out with the learner's rights.
//!
//! Knows scenarios and clusters, not providers, terminals or the store.

mod actions;
mod budgets;
mod claims;
mod compare;
mod components;
mod confirm;
mod empty;
mod error;
mod exported;
mod fits;
mod health;
mod healthy;
mod learner;
mod loads;
mod marker;
mod names;
mod namespaces;
mod normalise;
mod object;
mod pods;
mod reset;
mod restore;
mod start;
mod subjects;
mod target;
mod teardown;
mod waiting;
mod world;

pub use actions::{Actor, title as action_title};
pub use compare::{Change, Difference, compare, compare_attempts};
pub use components::{Components, NoComponents};
pub use confirm::{Confirmed, confirm};
pub use error::ProvisionError;
pub use exported::{Exported, put_back};
pub use fits::misfits;
pub use learner::grant;
pub use loads::{blank, profiled};
pub use marker::{Marker, verify_marker};
pub use names::{MARKER, OWNED, SYSTEM_NAMESPACE};
pub use reset::Reset;
pub use start::{Provisioner, Started};
pub use teardown::teardown;
