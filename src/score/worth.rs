use super::{marks::is_marked_by_hand, voids};
use crate::{
    attempt::Judgement,
    points::Points,
    scenario::{CheckSpec, Kind, Role, Scenario, Step},
};

/// One check, the step it belongs to, and what it can earn.
pub(super) struct Worth<'a> {
    pub spec: &'a CheckSpec,
    pub step: Option<&'a Step>,
    pub points: Points,
}

impl Worth<'_> {
    /// It earns in proportion to the items that hold, or to the mark.
    pub fn by_items(&self) -> bool {
        self.spec.partial || is_marked_by_hand(self.spec)
    }
}

/// Every check of a scenario in its order. What a check can earn follows from the scenario alone, never from a run.
/// A person's decision for everybody may change it, and nothing else does.
pub(super) fn worth<'a>(scenario: &'a Scenario, judgement: &Judgement) -> Vec<Worth<'a>> {
    let mut worths = written(scenario);
    voids::share(&mut worths, judgement);
    worths
}

fn written(scenario: &Scenario) -> Vec<Worth<'_>> {
    let spec = &scenario.file.spec;
    let challenge = spec.checks.iter().map(|c| Worth { spec: c, step: None, points: own_points(c) });
    if scenario.file.kind == Kind::Challenge {
        return challenge.collect();
    }
    let required: Vec<&Step> = spec.steps.iter().filter(|s| counts(s)).collect();
    let weights = Points::whole(100).split(&vec![1; required.len()]);
    let weight = |step: &Step| required.iter().position(|r| r.id == step.id).map_or(Points::ZERO, |i| weights[i]);
    challenge.chain(spec.steps.iter().flat_map(|step| in_step(step, weight(step)))).collect()
}

/// A required step that can be earned at all.
fn counts(step: &Step) -> bool {
    !step.optional && step.checks.iter().any(|c| c.role == Role::Objective)
}

fn in_step(step: &Step, weight: Points) -> impl Iterator<Item = Worth<'_>> {
    let objectives = step.checks.iter().filter(|c| c.role == Role::Objective);
    let by: Vec<u64> = objectives.map(|c| u64::try_from(c.points.as_hundredths()).unwrap_or(0)).collect();
    let mut shares = weight.split(&by).into_iter();
    step.checks.iter().map(move |c| {
        let points = match c.role {
            Role::Objective => shares.next().unwrap_or(Points::ZERO),
            _ if step.optional => Points::ZERO,
            _ => own_points(c),
        };
        Worth { spec: c, step: Some(step), points }
    })
}

fn own_points(check: &CheckSpec) -> Points {
    match check.role {
        Role::Objective | Role::Bonus => check.points,
        Role::Guard | Role::Info => Points::ZERO,
    }
}
