//! From what a scenario states about configurations to the questions that the reader is asked: those that evaluating asks for.

use std::{cell::RefCell, sync::Arc};

use super::{context::Context, evaluate::evaluate};
use crate::{
    attempt::Baseline,
    cluster::{ReaderQuestions, Snapshot},
    reader::Question,
    scenario::{Assert, Scenario},
};

/// The questions of a scenario's checks; none when no check asks any.
pub(super) fn questions(scenario: &Scenario) -> Option<ReaderQuestions> {
    let mut found = Vec::new();
    scenario.checks().for_each(|check| collect(&check.assert, &mut found));
    if found.is_empty() {
        return None;
    }
    let scenario = Arc::new(scenario.clone());
    Some(ReaderQuestions::of(move |snapshot| ask(&scenario, snapshot)))
}

fn collect<'a>(assert: &'a Assert, found: &mut Vec<&'a Assert>) {
    match assert {
        Assert::All(parts) | Assert::Any(parts) | Assert::None(parts) => parts.iter().for_each(|part| collect(part, found)),
        Assert::AtLeast(spec) => spec.of.iter().for_each(|part| collect(part, found)),
        Assert::Promql(_) => found.push(assert),
        Assert::Parse(spec) if spec.format.needs_reader() => found.push(assert),
        _ => {}
    }
}

fn ask(scenario: &Scenario, snapshot: &Snapshot) -> Vec<Question> {
    let mut found = Vec::new();
    scenario.checks().for_each(|check| collect(&check.assert, &mut found));
    ask_of(scenario, snapshot, found)
}

/// The questions of one assertion, which need not be one of the scenario's.
pub(super) fn of_assert(scenario: &Scenario, assert: &Assert, snapshot: &Snapshot) -> Vec<Question> {
    let mut found = Vec::new();
    collect(assert, &mut found);
    ask_of(scenario, snapshot, found)
}

fn ask_of(scenario: &Scenario, snapshot: &Snapshot, found: Vec<&Assert>) -> Vec<Question> {
    let baseline = Baseline::default();
    let mut context = Context::new(scenario, &baseline, snapshot);
    context.asking = Some(RefCell::default());
    for assert in found {
        let _ = evaluate(assert, &context);
    }
    context.asking.map(RefCell::into_inner).unwrap_or_default()
}
