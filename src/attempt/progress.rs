use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Verdict;
use crate::scenario::{Role, Step};

/// What the checks of one run came to, by id; those that were left out are not in it.
pub type Verdicts = BTreeMap<String, Verdict>;

/// How far a step of a lab is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StepState {
    /// Not done yet.
    Open,
    /// All that proves it holds.
    Done,
    /// It was done, and something of it no longer holds.
    Undone,
}

/// One step of a lab, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepProgress {
    /// The step's id.
    pub id: String,
    /// How far it is.
    pub state: StepState,
    /// The lab is complete without it.
    pub optional: bool,
    /// Its checks that have not been seen to hold, or no longer do.
    pub open: Vec<String>,
}

/// How far a learner is in a lab.
///
/// What was seen to hold counts until it is seen not to: a run that left a check out, could not look, or was stopped by another
/// check says nothing about it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// The steps, in order.
    pub steps: Vec<StepProgress>,
    /// The step to work on: the first that is required and not done, then the first optional one; none when all are.
    pub current: Option<String>,
}

/// What happened to a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepNews {
    /// The step's id.
    pub step: String,
    /// What it has become.
    pub state: StepState,
}

impl Progress {
    /// The progress that runs tell of, in their order.
    #[must_use]
    pub fn of<'a>(steps: &[Step], runs: impl IntoIterator<Item = &'a Verdicts>) -> Self {
        let mut known: BTreeMap<&str, Verdict> = BTreeMap::new();
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        for run in runs {
            let decided = run.iter().filter(|(_, verdict)| matches!(verdict, Verdict::Pass | Verdict::Fail));
            known.extend(decided.map(|(id, verdict)| (id.as_str(), *verdict)));
            reached.extend(steps.iter().filter(|step| open(step, &known).is_empty()).map(|step| step.id.as_str()));
        }
        let steps: Vec<StepProgress> = steps
            .iter()
            .map(|step| {
                let open = open(step, &known);
                let state = match (open.is_empty(), reached.contains(step.id.as_str())) {
                    (true, _) => StepState::Done,
                    (false, true) => StepState::Undone,
                    (false, false) => StepState::Open,
                };
                StepProgress { id: step.id.clone(), state, optional: step.optional, open }
            })
            .collect();
        let next = |optional: bool| steps.iter().find(|step| step.optional == optional && step.state != StepState::Done);
        let current = next(false).or_else(|| next(true)).map(|step| step.id.clone());
        Self { steps, current }
    }

    /// Whether every required step is done.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.steps.iter().all(|step| step.optional || step.state == StepState::Done)
    }

    /// How many steps are done.
    #[must_use]
    pub fn done(&self) -> usize {
        self.steps.iter().filter(|step| step.state == StepState::Done).count()
    }

    /// One step's progress.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&StepProgress> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// What has become done or undone since then.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Vec<StepNews> {
        let changed = self.steps.iter().filter(|step| earlier.step(&step.id).is_none_or(|before| before.state != step.state));
        let told = changed.filter(|step| step.state != StepState::Open);
        told.map(|step| StepNews { step: step.id.clone(), state: step.state }).collect()
    }
}

/// What of a step has not been seen to hold: objectives and guards alike.
fn open(step: &Step, known: &BTreeMap<&str, Verdict>) -> Vec<String> {
    let counted = step.checks.iter().filter(|check| matches!(check.role, Role::Objective | Role::Guard));
    counted.filter(|check| known.get(check.id.as_str()) != Some(&Verdict::Pass)).map(|check| check.id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Progress, StepState, Verdicts};
    use crate::{attempt::Verdict, scenario::Step};

    fn steps() -> Vec<Step> {
        let text = json!({"ko": "", "en": ""});
        let check = |id: &str| json!({"id": id, "title": text, "assert": {"exists": {"on": {"kind": "Pod"}}}});
        let step = |id: &str, checks: &[&str], optional: bool| {
            let checks: Vec<_> = checks.iter().map(|id| check(id)).collect();
            json!({"id": id, "title": text, "text": text, "optional": optional, "checks": checks})
        };
        serde_json::from_value(json!([step("one", &["a"], false), step("two", &["b", "c"], false), step("more", &["d"], true)])).unwrap()
    }

    fn run(verdicts: &[(&str, Verdict)]) -> Verdicts {
        verdicts.iter().map(|(id, verdict)| ((*id).to_owned(), *verdict)).collect()
    }

    fn states(progress: &Progress) -> Vec<StepState> {
        progress.steps.iter().map(|step| step.state).collect()
    }

    #[test]
    fn before_anything_was_looked_at_the_first_step_is_the_one_to_do() {
        let progress = Progress::of(&steps(), []);
        assert_eq!((progress.current.as_deref(), progress.done(), progress.is_complete()), (Some("one"), 0, false));
    }

    #[test]
    fn what_was_right_stays_right_until_it_is_seen_to_be_undone() {
        use Verdict::{Blocked, Error, Fail, Pass, Skipped};
        let mut runs = vec![run(&[("a", Pass), ("b", Fail), ("c", Fail)])];
        let first = Progress::of(&steps(), &runs);
        assert_eq!((states(&first), first.current.as_deref()), (vec![StepState::Done, StepState::Open, StepState::Open], Some("two")));
        runs.push(run(&[("a", Error), ("b", Pass), ("c", Skipped)]));
        runs.push(run(&[("a", Blocked), ("b", Skipped), ("c", Pass)]));
        let second = Progress::of(&steps(), &runs);
        assert_eq!(states(&second), [StepState::Done, StepState::Done, StepState::Open], "checks may come true in different runs");
        assert!(second.is_complete() && second.current.as_deref() == Some("more"));
        runs.push(run(&[("a", Fail), ("b", Pass), ("c", Pass)]));
        let third = Progress::of(&steps(), &runs);
        assert_eq!((third.current.as_deref(), third.step("one").unwrap().open.as_slice()), (Some("one"), ["a".to_owned()].as_slice()));
        let news: Vec<_> = third.since(&second).into_iter().map(|news| (news.step, news.state)).collect();
        assert_eq!(news, [("one".to_owned(), StepState::Undone)]);
        assert_eq!(second.since(&third).into_iter().map(|news| news.state).collect::<Vec<_>>(), [StepState::Done]);
    }
}
