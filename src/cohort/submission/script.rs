//! `solution.yaml` of a submission: what the learner did, in order, as a scenario's own solutions say it.

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;

use super::{Rejection, content::Step, files::Files};
use crate::{
    scenario::{Action, is_file_name},
    text::Text,
};

/// Most actions that one submission may take.
const MOST_ACTIONS: usize = 200;

/// What the file says. A title and points, as a scenario's solution has them, say nothing here.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Script {
    #[serde(default, rename = "title")]
    _title: serde_json::Value,
    #[serde(default)]
    actions: Vec<Action>,
    /// Answers by check.
    #[serde(default)]
    pub answers: BTreeMap<String, serde_json::Value>,
    /// Files to hand in, by their names there: files of the submission.
    #[serde(default)]
    files: BTreeMap<String, String>,
}

impl Script {
    pub fn of(document: serde_json::Value) -> Result<Self, Rejection> {
        let script: Self = serde_json::from_value(document).map_err(|error| {
            Rejection::unusable(
                format!("`solution.yaml`이 형식에 맞지 않습니다: {error}"),
                format!("`solution.yaml` does not fit the format: {error}"),
            )
        })?;
        if script.actions.len() > MOST_ACTIONS {
            return Err(Rejection::refused(
                format!("동작이 {MOST_ACTIONS}개를 넘습니다"),
                format!("it lists more than {MOST_ACTIONS} actions"),
            ));
        }
        Ok(script)
    }

    /// The actions with what they apply, as far as a learner could do them.
    pub fn steps(&mut self, files: &Files, notes: &mut Vec<Text>) -> Result<Vec<Step>, Rejection> {
        let mut steps = Vec::new();
        for action in std::mem::take(&mut self.actions) {
            match action {
                Action::Apply(apply) => steps.extend(manifests(files, &apply.path, notes)?),
                Action::Component(_) => return Err(not_a_learners("component")),
                Action::Load(_) => return Err(not_a_learners("load")),
                action => steps.push(Step::Act(action)),
            }
        }
        Ok(steps)
    }

    /// The files that it hands in.
    pub fn handed_in(&self, files: &Files) -> Result<BTreeMap<String, Vec<u8>>, Rejection> {
        let named = self.files.iter().map(|(name, source)| {
            let content = files.0.get(&inside(source)?).filter(|_| is_file_name(name));
            content.map(|content| (name.clone(), content.clone())).ok_or_else(|| nothing_at(source))
        });
        named.collect()
    }
}

/// The manifests at a path of the submission: a file, or those right in a folder in the order of their names.
fn manifests(files: &Files, path: &str, notes: &mut Vec<Text>) -> Result<Vec<Step>, Rejection> {
    let path = inside(path)?;
    let wanted = |name: &&String| {
        **name == path || name.rsplit_once('/').map_or("", |(folder, _)| folder) == path && super::content::is_manifest(name)
    };
    let names: Vec<&String> = files.0.keys().filter(wanted).collect();
    if names.is_empty() {
        return Err(nothing_at(&path));
    }
    Ok(names.into_iter().filter_map(|name| super::content::manifest(name, &files.0[name], notes)).collect())
}

/// A path without `.`, that stays in the submission; empty for the submission itself.
fn inside(path: &str) -> Result<String, Rejection> {
    let escapes = || Rejection::refused(format!("`{path}`이(가) 제출 폴더를 벗어납니다"), format!("`{path}` leaves the submission"));
    if Path::new(path).is_absolute() || path.split('/').any(|part| part == "..") {
        return Err(escapes());
    }
    Ok(path.split('/').filter(|part| !part.is_empty() && *part != ".").collect::<Vec<_>>().join("/"))
}

fn nothing_at(path: &str) -> Rejection {
    Rejection::unusable(
        format!("`solution.yaml`이 말하는 `{path}`이(가) 없습니다"),
        format!("`{path}`, which `solution.yaml` names, is not there"),
    )
}

fn not_a_learners(action: &str) -> Rejection {
    Rejection::refused(format!("`{action}`은(는) 학습자가 할 수 없는 동작입니다"), format!("`{action}` is nothing that a learner can do"))
}
