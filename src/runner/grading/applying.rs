use super::super::{Engine, ErrorClass, RunnerError, Session, parts::Parts};
use crate::{
    cluster::Cluster,
    cohort::submission::{Environment, Step, Work, is_made},
    provision::{self, Actor, Exported, ProvisionError},
    text::Text,
};

/// The longest that a cluster's words on one object are repeated, in characters.
const LONGEST: usize = 400;

/// What came of applying a submission.
#[derive(Debug, Default)]
pub(super) struct Applied {
    /// So much of it could be used: objects, actions, answers, files.
    pub used: usize,
    /// What could not be, and why.
    pub notes: Vec<Text>,
}

impl Engine {
    /// Does what a submission says, with the learner's rights and nothing else, and goes on past what is refused, as a shell would.
    ///
    /// # Errors
    /// The environment fails, which is not the learner's doing.
    pub(super) async fn apply_work(&self, session: &Session, work: &Work) -> Result<Applied, RunnerError> {
        let learner = Cluster::connect_as_learner(&session.environment.learner_kubeconfig).map_err(RunnerError::cluster)?;
        let parts = Parts::new(self.provider_of(&session.attempt)?, &session.environment.name);
        let scenario = &session.scenario;
        let actor = Actor { cluster: &learner, scenario, dir: &scenario.dir, list: "submission", components: &parts };
        let mut applied = Applied { used: 0, notes: work.notes.clone() };
        if let Some(exported) = &work.environment {
            let shows = |object: &serde_json::Value| exported.shown.contains(&Environment::key(object));
            let wanted = Exported { place: &exported.file, objects: &exported.objects, shows: &shows, is_made: &is_made };
            applied.add(exported.objects.len(), provision::put_back(&learner, scenario, wanted).await)?;
        }
        for step in &work.steps {
            match step {
                Step::Apply { file, objects } => applied.add(objects.len(), actor.apply_each(file, objects).await)?,
                Step::Act(action) => {
                    let done = actor.act(&format!("solution.yaml ({})", provision::action_title(action)), action).await;
                    applied.add(1, done.err().into_iter().collect())?;
                }
            }
        }
        self.give_work(session, work, &mut applied).await?;
        Ok(applied)
    }

    /// Answers and files.
    async fn give_work(&self, session: &Session, work: &Work, applied: &mut Applied) -> Result<(), RunnerError> {
        for (check, answer) in &work.answers {
            match self.give_answer(session, check, answer).await {
                Ok(()) => applied.used += 1,
                Err(error) if error.class == ErrorClass::Usage => applied.notes.push(Text::new(
                    format!("`{check}`의 답: {}", error.message.ko),
                    format!("the answer to `{check}`: {}", error.message.en),
                )),
                Err(error) => return Err(error),
            }
        }
        for (name, content) in &work.files {
            if self.hand_over(session, name, content)? {
                applied.used += 1;
            } else {
                applied.notes.push(Text::new(
                    format!("`files/{name}`은(는) 내지 않아도 되는 파일입니다"),
                    format!("`files/{name}` is not asked for"),
                ));
            }
        }
        Ok(())
    }
}

impl Applied {
    /// Counts what was used of so many, and notes what was not.
    fn add(&mut self, all: usize, failed: Vec<ProvisionError>) -> Result<(), RunnerError> {
        if let Some(ours) = failed.iter().find(|error| error.is_ours()) {
            return Err(RunnerError::cluster(ours));
        }
        self.used += all.saturating_sub(failed.len());
        self.notes.extend(failed.iter().map(|error| {
            let words: String = error.to_string().chars().take(LONGEST).collect();
            Text::new(format!("적용되지 않았습니다: {words}"), format!("not applied: {words}"))
        }));
        Ok(())
    }
}
