//! The names by which kubedrill knows its own objects.

pub use crate::territory::SYSTEM_NAMESPACE;

/// The marker of an attempt.
pub const MARKER: &str = "kubedrill-attempt";
/// Marks what belongs to kubedrill and is not for the learner to touch; its value is the attempt's id.
pub const OWNED: &str = "kubedrill.dev/owned";
/// Owns the fields of objects that an environment brings with it.
pub(super) const PROVIDER_FIELD_MANAGER: &str = "kubedrill.dev/sandbox";
/// Keeps what was outside of namespaces before an attempt.
pub(super) const BEFORE: &str = "kubedrill-before";
/// Marks an object of a baseline that must not be there.
pub(super) const ABSENT: &str = "kubedrill.dev/absent";
/// What the learner may read anywhere.
pub(super) const LEARNER_VIEW: &str = "kubedrill:learner-view";
/// What the learner may do in the scenario's namespaces.
pub(super) const LEARNER_EDIT: &str = "kubedrill:learner-edit";
