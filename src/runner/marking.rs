use serde::Serialize;
use serde_json::json;

use super::{Engine, ErrorClass, RunnerError, library};
use crate::{
    attempt::{Attempt, AttemptId, LogKind, Mark},
    points::Points,
    report::Report,
    scenario::{Assert, Manual, Scenario},
    score::{self, MARK_STEP},
    text::Text,
};

/// A check that a grader marks, and the mark that it has.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToMark {
    /// The check.
    pub check: String,
    /// Its title.
    pub title: Text,
    /// What is marked.
    #[serde(flatten)]
    pub manual: Manual,
    /// The most that there is to give.
    pub max: Points,
    /// The mark that counts now; none while it waits for one.
    pub mark: Option<Mark>,
}

/// The checks of an attempt that a grader marks.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Marking {
    /// The attempt.
    pub attempt: AttemptId,
    /// The checks, in the scenario's order.
    pub checks: Vec<ToMark>,
}

impl Engine {
    /// What is to be marked, and is marked, in an attempt, or in the latest one of an environment.
    ///
    /// # Errors
    /// There is no such attempt, or the records cannot be read.
    pub async fn marking(&self, id: Option<&AttemptId>, environment: &str) -> Result<Marking, RunnerError> {
        let attempt = self.attempt_of(id, environment).await?;
        let scenario = library::of(&attempt)?;
        Ok(Marking { checks: to_mark(&attempt, &scenario), attempt: attempt.id })
    }

    /// Gives a mark; it takes the place of an earlier one, which stays in the log. Also after the attempt was closed.
    ///
    /// # Errors
    /// There is no such attempt or check, or the points are not between nothing and the check's in steps of a half.
    pub async fn mark(&self, id: Option<&AttemptId>, environment: &str, mark: &Mark) -> Result<Report, RunnerError> {
        let attempt = self.attempt_of(id, environment).await?;
        let scenario = library::of(&attempt)?;
        let checks = to_mark(&attempt, &scenario);
        let check = checks.iter().find(|one| one.check == mark.check).ok_or_else(|| nothing_to_mark(&mark.check, &checks))?;
        let max = check.max;
        if mark.points < Points::ZERO || mark.points > max || mark.points.as_hundredths() % MARK_STEP.as_hundredths() != 0 {
            return Err(RunnerError::new(
                ErrorClass::Usage,
                Text::new(
                    format!("`{}`의 점수는 0에서 {max}까지, {MARK_STEP}점 단위입니다", mark.check),
                    format!("the mark of `{}` is between 0 and {max}, in steps of {MARK_STEP}", mark.check),
                ),
            ));
        }
        self.log(&attempt.id, LogKind::Marked, json!(mark)).await?;
        self.report(Some(&attempt.id), &attempt.environment).await
    }
}

fn to_mark(attempt: &Attempt, scenario: &Scenario) -> Vec<ToMark> {
    let by_hand = scenario.checks().filter(|check| score::is_marked_by_hand(check));
    by_hand
        .filter_map(|check| match &check.assert {
            Assert::Manual(manual) => Some(ToMark {
                check: check.id.clone(),
                title: check.title.clone(),
                manual: manual.clone(),
                max: check.points,
                mark: attempt.marks.iter().rev().find(|mark| mark.check == check.id).cloned(),
            }),
            _ => None,
        })
        .collect()
}

fn nothing_to_mark(check: &str, checks: &[ToMark]) -> RunnerError {
    let all: Vec<&str> = checks.iter().map(|one| one.check.as_str()).collect();
    let error = RunnerError::new(
        ErrorClass::Usage,
        Text::new(format!("사람이 채점하는 검사 `{check}`이(가) 없습니다"), format!("there is no check `{check}` that a grader marks")),
    );
    if all.is_empty() {
        error.cause("nothing in this scenario is marked by hand")
    } else {
        error.cause(format!("there are: {}", all.join(", ")))
    }
}
