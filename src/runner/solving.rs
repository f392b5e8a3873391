use std::path::{Path, PathBuf};

use serde_json::json;

use super::{Engine, ErrorClass, RunnerError, Session, parts::Parts, place};
use crate::{
    attempt::LogKind,
    cluster::Cluster,
    event::Phase,
    provision::Actor,
    scenario::{Action, Solution},
    text::Text,
};

impl Engine {
    /// The solution with this name.
    ///
    /// # Errors
    /// There is none.
    pub fn solution<'a>(&self, session: &'a Session, name: &str) -> Result<&'a Solution, RunnerError> {
        session.scenario.solutions.iter().find(|s| s.name == name).ok_or_else(|| {
            let all: Vec<_> = session.scenario.solutions.iter().map(|s| s.name.as_str()).collect();
            RunnerError::new(
                ErrorClass::Usage,
                Text::new(format!("해결 방법 `{name}`이(가) 없습니다"), format!("there is no solution `{name}`")),
            )
            .cause(format!("there are: {}", all.join(", ")))
        })
    }

    /// Records that a solution was shown: the attempt is assisted from now on.
    ///
    /// # Errors
    /// The records cannot be written.
    pub async fn show_solution(&self, session: &Session, solution: &Solution) -> Result<(), RunnerError> {
        self.store.mark_assisted(&session.attempt.id).await.map_err(RunnerError::store)?;
        self.log(&session.attempt.id, LogKind::SolutionShown, json!({"solution": solution.name})).await
    }

    /// Does what a solution does, with the learner's rights.
    ///
    /// # Errors
    /// The attempt lacks an add-on that it needs, or the cluster refuses.
    pub async fn apply_solution(&self, session: &Session, solution: &Solution) -> Result<(), RunnerError> {
        place::has_addons(&session.attempt, &solution.file.with)?;
        self.perform(session, solution).await?;
        self.log(&session.attempt.id, LogKind::SolutionApplied, json!({"solution": solution.name})).await
    }

    /// Does and answers what a solution does and answers.
    pub(super) async fn perform(&self, session: &Session, solution: &Solution) -> Result<(), RunnerError> {
        self.apply(session, &solution.dir, &solution.file.actions).await?;
        self.hand_in(session, &solution.dir, &solution.file.files)?;
        self.give_answers(session, &solution.file.answers).await
    }

    /// Does actions with the learner's rights.
    pub(super) async fn apply(&self, session: &Session, dir: &Path, actions: &[Action]) -> Result<(), RunnerError> {
        let learner = Cluster::connect_as_learner(&session.environment.learner_kubeconfig).map_err(RunnerError::cluster)?;
        let parts = Parts::new(self.provider_of(&session.attempt)?, &session.environment.name);
        let actor = Actor { cluster: &learner, scenario: &session.scenario, dir, list: "actions", components: &parts };
        let work = async { actor.run(actions).await.map(drop) };
        self.events.phase(Phase::Apply, work).await.map_err(RunnerError::cluster)
    }
}

/// The manifest files that a solution applies.
#[must_use]
pub fn manifest_files(solution: &Solution) -> Vec<PathBuf> {
    let paths = solution.file.actions.iter().filter_map(|a| match a {
        Action::Apply(apply) => Some(solution.dir.join(&apply.path)),
        _ => None,
    });
    let mut files = Vec::new();
    for path in paths {
        match std::fs::read_dir(&path) {
            Ok(entries) => files.extend(entries.flatten().map(|e| e.path())),
            Err(_) => files.push(path),
        }
    }
    files.sort();
    files
}
