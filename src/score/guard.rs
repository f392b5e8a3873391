use super::{
    earned::{Known, known},
    worth::Worth,
};
use crate::{
    attempt::Run,
    scenario::{CheckSpec, OnBreach, Role},
};

/// A guard that did not hold, or that nobody could look at.
pub(super) struct Breach<'a> {
    pub guard: &'a CheckSpec,
    /// False while nobody knows, and while a person has to decide.
    pub certain: bool,
}

/// Every guard that is not known to hold, in the scenario's order.
pub(super) fn breaches<'a>(checks: &[Worth<'a>], run: Option<&Run>) -> Vec<Breach<'a>> {
    let guards = checks.iter().map(|w| w.spec).filter(|c| c.role == Role::Guard);
    guards
        .filter_map(|guard| match known(run, &guard.id) {
            Known::Yes => None,
            Known::No => Some(Breach { guard, certain: !matches!(guard.on_breach, OnBreach::Flag {}) }),
            Known::Unknown => Some(Breach { guard, certain: false }),
        })
        .collect()
}

impl Breach<'_> {
    /// Whether this breach takes what a check earned. While a person has to decide, it may take everything.
    pub fn voids(&self, check: &CheckSpec) -> bool {
        let earns = matches!(check.role, Role::Objective | Role::Bonus);
        match &self.guard.on_breach {
            OnBreach::Void(ids) => earns && (ids.is_empty() || ids.contains(&check.id)),
            OnBreach::Flag {} => earns,
            OnBreach::Deduct(_) => false,
        }
    }
}
