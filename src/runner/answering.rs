use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::{Engine, ErrorClass, RunnerError, Session};
use crate::{
    attempt::{Answered, Attempt, AttemptState, Given, LogKind},
    check,
    scenario::{Asked, Assert, RightAnswer, Scenario},
    text::Text,
};

/// A question of a check, as a learner may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// The check.
    pub check: String,
    /// What is asked.
    pub question: Text,
    /// What there is to choose from, where there is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<AskedOption>,
    /// What was answered last, as it was understood.
    pub answer: Option<String>,
    /// How many more answers count.
    pub left: usize,
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AskedOption {
    /// What to answer with.
    pub id: String,
    /// What it says.
    pub text: Text,
}

impl Engine {
    /// The questions of the attempt that is open in an environment. Asks no cluster, and never says what is right.
    ///
    /// # Errors
    /// No attempt is open, or the records cannot be read.
    pub async fn questions(&self, environment: &str) -> Result<Vec<Question>, RunnerError> {
        let (attempt, scenario) = self.opened(environment).await?;
        let given = self.store.answers(&attempt.id, attempt.started).await.map_err(RunnerError::store)?;
        Ok(questions(&scenario).map(|(check, asked)| question(check, asked, &given)).collect())
    }

    /// Gives an answer, as the learner wrote it.
    ///
    /// # Errors
    /// There is no such question, it cannot be an answer to it, or no more answers count.
    pub async fn answer(&self, environment: &str, check: &str, written: &str) -> Result<Question, RunnerError> {
        let (attempt, scenario) = self.opened(environment).await?;
        if attempt.state == AttemptState::Starting {
            return Err(RunnerError::new(ErrorClass::NotStarted, Text::new("시작이 아직 끝나지 않았습니다", "the start is not finished")));
        }
        self.refuse_finished(&attempt.id).await?;
        self.give(&attempt, &scenario, attempt.started, check, written).await
    }

    /// Gives the answers of a solution or cheat.
    pub(super) async fn give_answers(&self, session: &Session, answers: &BTreeMap<String, String>) -> Result<(), RunnerError> {
        for (check, written) in answers {
            self.give_answer(session, check, written).await?;
        }
        Ok(())
    }

    /// Gives one answer of a submission.
    pub(super) async fn give_answer(&self, session: &Session, check: &str, written: &str) -> Result<(), RunnerError> {
        self.give(&session.attempt, &session.scenario, session.answers_from, check, written).await.map(drop)
    }

    /// What a session brings to its checks.
    pub(super) async fn given(&self, session: &Session) -> Result<Given, RunnerError> {
        let answers = self.store.answers(&session.attempt.id, session.answers_from).await.map_err(RunnerError::store)?;
        let (files, folder) = self.handed_in(session);
        Ok(Given { began: Some(session.began), answers, files, folder })
    }

    async fn give(
        &self,
        attempt: &Attempt,
        scenario: &Scenario,
        since: Timestamp,
        check: &str,
        written: &str,
    ) -> Result<Question, RunnerError> {
        let (id, asked) = questions(scenario).find(|(id, _)| *id == check).ok_or_else(|| no_question(scenario, check))?;
        let home = scenario.file.spec.namespaces.first().map_or("default", String::as_str);
        let answer = check::understood(asked, home, written).map_err(|why| RunnerError::new(ErrorClass::Usage, why))?;
        let mut given = self.store.answers(&attempt.id, since).await.map_err(RunnerError::store)?;
        let known = given.iter().any(|one| one.check == id && one.answer == answer);
        if question(id, asked, &given).left == 0 && !known {
            return Err(RunnerError::new(
                ErrorClass::Usage,
                Text::new(format!("`{id}`에는 더 답할 수 없습니다"), format!("no more answers to `{id}` count")),
            ));
        }
        self.log(&attempt.id, LogKind::Answered, json!({"check": id, "answer": answer})).await?;
        given.push(Answered { check: id.to_owned(), answer });
        Ok(question(id, asked, &given))
    }
}

/// The questions of a scenario with their checks.
fn questions(scenario: &Scenario) -> impl Iterator<Item = (&str, &Asked)> {
    scenario.checks().filter_map(|check| Some((check.id.as_str(), asked_in(&check.assert)?)))
}

fn asked_in(assert: &Assert) -> Option<&Asked> {
    match assert {
        Assert::Answer(asked) => Some(asked),
        Assert::All(parts) | Assert::Any(parts) | Assert::None(parts) => parts.iter().find_map(asked_in),
        Assert::AtLeast(spec) => spec.of.iter().find_map(asked_in),
        _ => None,
    }
}

fn question(check: &str, asked: &Asked, given: &[Answered]) -> Question {
    let mut answers: Vec<&str> = given.iter().filter(|one| one.check == check).map(|one| one.answer.as_str()).collect();
    let answer = answers.last().map(|last| (*last).to_owned());
    answers.sort_unstable();
    answers.dedup();
    let options = match &asked.right {
        RightAnswer::Choice(choices) => choices.options.as_slice(),
        _ => &[],
    };
    Question {
        check: check.to_owned(),
        question: asked.question.clone(),
        options: options.iter().map(|choice| AskedOption { id: choice.id.clone(), text: choice.text.clone() }).collect(),
        answer,
        left: usize::try_from(asked.tries).unwrap_or(usize::MAX).saturating_sub(answers.len()),
    }
}

fn no_question(scenario: &Scenario, check: &str) -> RunnerError {
    let error = RunnerError::new(
        ErrorClass::Usage,
        Text::new(format!("`{check}`(이)라는 질문이 없습니다"), format!("there is no question `{check}`")),
    );
    let all: Vec<&str> = questions(scenario).map(|(id, _)| id).collect();
    if all.is_empty() { error.cause("this scenario asks nothing") } else { error.cause(format!("questions: {}", all.join(", "))) }
}
