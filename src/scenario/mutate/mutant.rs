use serde_json::Value;

use super::edits;
use crate::scenario::{Assert, CheckSpec, Role, Scenario};

/// A check that was weakened.
#[derive(Debug, Clone, PartialEq)]
pub struct Mutant {
    /// The check's id.
    pub check: String,
    /// What was done to it, for example `each-to-any`.
    pub mutation: &'static str,
    /// What it was done to, as far as the place does not say it.
    pub detail: String,
    /// Where, as a JSON pointer into `scenario.yaml`.
    pub pointer: String,
    /// What it states now; none when it passes whatever is there.
    pub assert: Option<Assert>,
}

/// Every mutant of a scenario's checks, in their order. What counts for nothing, or is for a person to say, is left alone.
#[must_use]
pub fn mutants(scenario: &Scenario) -> Vec<Mutant> {
    let spec = &scenario.file.spec;
    let own = spec.checks.iter().enumerate().map(|(at, check)| (format!("/spec/checks/{at}"), check));
    let of_steps = spec
        .steps
        .iter()
        .enumerate()
        .flat_map(|(step, of)| of.checks.iter().enumerate().map(move |(at, check)| (format!("/spec/steps/{step}/checks/{at}"), check)));
    let counted = own.chain(of_steps).filter(|(_, check)| check.role != Role::Info && !matches!(check.assert, Assert::Manual(_)));
    counted.flat_map(|(place, check)| of_check(scenario, check, &format!("{place}/assert"))).collect()
}

fn of_check(scenario: &Scenario, check: &CheckSpec, place: &str) -> Vec<Mutant> {
    let mutant = |mutation: &'static str, detail: String, pointer: String, assert: Option<Assert>| Mutant {
        check: check.id.clone(),
        mutation,
        detail,
        pointer,
        assert,
    };
    let mut found = vec![mutant("always-passes", String::new(), place.to_owned(), None)];
    let Ok(written) = serde_json::to_value(&check.assert) else { return found };
    for edit in edits::edits(&written, &scenario.file.spec.baseline) {
        // What the format does not allow is no mutant, nor what states the same as the check or as another mutant of it.
        let weakened = edit.applied(&written).and_then(|weakened| serde_json::from_value::<Assert>(weakened).ok());
        let known = |weakened: &Assert| *weakened == check.assert || found.iter().any(|other| other.assert.as_ref() == Some(weakened));
        if let Some(weakened) = weakened.filter(|weakened| !known(weakened)) {
            let pointer = format!("{place}{}", edit.pointer());
            found.push(mutant(edit.mutation, edit.detail, pointer, Some(weakened)));
        }
    }
    found
}

/// A value in short, to name what was taken away.
pub(super) fn short(value: &Value) -> String {
    const MOST: usize = 80;
    let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= MOST { text } else { text.chars().take(MOST).chain(['…']).collect() }
}
