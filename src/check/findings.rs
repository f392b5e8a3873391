use std::collections::BTreeMap;

use super::evidence;
use crate::{
    attempt::{Basis, Evidence, Observation, Outcome, Verdict},
    scenario::Quantifier,
    text::Text,
};

/// One thing that was looked at.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) observation: Observation,
    reason: &'static str,
    passed: u32,
    total: u32,
    will_change: bool,
}

impl Item {
    /// Something seen of an object that holds.
    pub(super) fn holds(object: impl Into<String>, text: Text) -> Self {
        Self::new(true, "holds", object, text)
    }

    /// Something seen of an object that does not hold, and why in one stable word.
    pub(super) fn fails(reason: &'static str, object: impl Into<String>, text: Text) -> Self {
        Self::new(false, reason, object, text)
    }

    /// Either of them.
    pub(super) fn new(holds: bool, reason: &'static str, object: impl Into<String>, text: Text) -> Self {
        Self {
            observation: Observation { object: object.into(), text, values: BTreeMap::new(), holds },
            reason,
            passed: u32::from(holds),
            total: 1,
            will_change: false,
        }
    }

    /// Names a value for the author's texts.
    pub(super) fn value(mut self, name: &str, value: impl ToString) -> Self {
        self.observation.values.insert(name.into(), value.to_string());
        self
    }

    /// Stands for so many parts, of which so many hold. One that fails never counts in full.
    pub(super) fn parts(mut self, passed: u32, total: u32) -> Self {
        self.total = total.max(1);
        self.passed = if self.observation.holds { self.total } else { passed.min(self.total - 1) };
        self
    }

    /// Only says more about another item: counts for nothing in partial points.
    pub(super) fn uncounted(mut self) -> Self {
        (self.passed, self.total) = (0, 0);
        self
    }

    /// Time alone may change it.
    pub(super) fn changing(mut self) -> Self {
        self.will_change = true;
        self
    }
}

/// Collects what a kind of check saw, and draws the conclusion.
#[derive(Debug, Default)]
pub(super) struct Findings {
    items: Vec<Item>,
    evidence: Vec<Evidence>,
    basis: Basis,
}

impl Findings {
    const MOST_EVIDENCE: usize = 16;
    const MOST_OBSERVATIONS: usize = 12;

    /// Findings whose facts are read off objects.
    pub(super) fn observed() -> Self {
        Self::default()
    }

    /// Findings whose facts are computed from objects.
    pub(super) fn evaluated() -> Self {
        Self { basis: Basis::Evaluated, ..Self::default() }
    }

    /// Findings whose facts came over the network: measured where it is real, computed where it is not.
    pub(super) fn of_network(real: bool) -> Self {
        Self { basis: if real { Basis::Probed } else { Basis::Evaluated }, ..Self::default() }
    }

    /// Findings whose facts came from a container: measured where it is real, a stand-in's where it is not.
    pub(super) fn of_containers(real: bool) -> Self {
        Self { basis: if real { Basis::Probed } else { Basis::Modelled }, ..Self::default() }
    }

    pub(super) fn add(&mut self, item: Item) {
        self.items.push(item);
    }

    pub(super) fn evidence(&mut self, evidence: Evidence) {
        if self.evidence.len() < Self::MOST_EVIDENCE && !self.evidence.contains(&evidence) {
            self.evidence.push(evidence);
        }
    }

    /// There is nothing to look at where something should be.
    pub(super) fn absent(&mut self, reference: String) {
        self.evidence(evidence::of_absence(&reference));
        self.add(Item::fails("no-objects", reference, Text::new("없습니다", "there is none")));
    }

    /// Holds when every item holds and there is at least one: nothing is ever true of nothing.
    pub(super) fn conclude(self) -> Outcome {
        let holds = !self.items.is_empty() && self.items.iter().all(|item| item.observation.holds);
        let (passed, total) = self.items.iter().fold((0, 0), |(p, t), item| (p + item.passed, t + item.total));
        self.outcome(holds, passed, total)
    }

    /// Holds when so many items do.
    pub(super) fn conclude_by(mut self, quantifier: &Quantifier) -> Outcome {
        let count = u32::try_from(self.items.iter().filter(|item| item.observation.holds).count()).unwrap_or(u32::MAX);
        match quantifier {
            Quantifier::Each => self.conclude(),
            Quantifier::Any => {
                let best =
                    self.items.iter().map(|item| (item.passed, item.total)).max_by_key(|(p, t)| p * 1000 / t.max(&1)).unwrap_or((0, 1));
                self.outcome(count > 0, best.0, best.1)
            }
            Quantifier::None => {
                for item in &mut self.items {
                    item.observation.holds = !item.observation.holds;
                    (item.passed, item.reason) = if item.observation.holds { (item.total, "holds") } else { (0, "must-not-hold") };
                }
                if self.items.is_empty() { self.outcome(true, 1, 1) } else { self.conclude() }
            }
            Quantifier::Count { min, max } => {
                let holds = count >= *min && max.is_none_or(|max| count <= max);
                self.outcome(holds, count, (*min).max(1))
            }
        }
    }

    fn outcome(mut self, holds: bool, passed: u32, total: u32) -> Outcome {
        let total = total.max(1);
        self.items.sort_by_key(|item| item.observation.holds);
        let reason = match self.items.first() {
            _ if holds => "holds",
            Some(worst) if !worst.observation.holds => worst.reason,
            Some(_) => "wrong-count",
            None => "no-objects",
        };
        let failing = || self.items.iter().filter(|item| !item.observation.holds);
        Outcome {
            verdict: if holds { Verdict::Pass } else { Verdict::Fail },
            passed: if holds { total } else { passed.min(total - 1) },
            total,
            reason: reason.into(),
            moving: !holds && failing().next().is_some() && failing().all(|item| item.will_change),
            observations: self.items.into_iter().map(|item| item.observation).take(Self::MOST_OBSERVATIONS).collect(),
            evidence: self.evidence,
            basis: self.basis,
        }
    }
}

/// The outcome of a look that was not possible.
pub(super) fn could_not_look(why: &str) -> Outcome {
    Outcome {
        verdict: Verdict::Error,
        passed: 0,
        total: 1,
        reason: "could-not-look".into(),
        observations: vec![Observation {
            object: String::new(),
            text: Text::new(format!("확인할 수 없었습니다: {why}"), format!("could not look: {why}")),
            values: BTreeMap::new(),
            holds: false,
        }],
        evidence: Vec::new(),
        basis: Basis::Observed,
        moving: false,
    }
}
