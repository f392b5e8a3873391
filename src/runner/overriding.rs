use serde_json::json;

use super::{Engine, ErrorClass, RunnerError, library};
use crate::{
    attempt::{AdjustmentKind, AttemptId, LogKind, Target},
    points::Points,
    report::Report,
    scenario::{Kind, Role, Scenario},
    score::{self, MOST},
    text::Text,
};

/// Who decides, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Because {
    /// Why; whoever reads the report reads it.
    pub reason: String,
    /// Who decides.
    pub by: String,
}

impl Because {
    /// The same, once it is known to say something.
    ///
    /// # Errors
    /// The reason or the name is empty.
    pub(super) fn said(&self) -> Result<(&str, &str), RunnerError> {
        let (reason, by) = (self.reason.trim(), self.by.trim());
        if reason.is_empty() || by.is_empty() {
            return Err(RunnerError::new(
                ErrorClass::Usage,
                Text::new("이유와 결정한 사람을 적어야 합니다", "a reason and the name of whoever decides are needed"),
            )
            .help(Text::new("--reason과 --by를 적으세요", "give --reason and --by")));
        }
        Ok((reason, by))
    }
}

impl Engine {
    /// Puts points in the place of what was computed for a check, a category or the total: last, and for good, whatever runs later.
    ///
    /// # Errors
    /// There is no such attempt or target, the points are out of bounds, or the records cannot be written.
    pub async fn override_points(
        &self,
        id: Option<&AttemptId>,
        environment: &str,
        target: &Target,
        to: Points,
        because: &Because,
    ) -> Result<Report, RunnerError> {
        let (reason, by) = because.said()?;
        let attempt = self.attempt_of(id, environment).await?;
        let scenario = library::of(&attempt)?;
        let runs = self.store.run_outlines(&attempt.id).await.map_err(RunnerError::store)?;
        let score = score::score(&scenario, &attempt, score::counting(runs.iter()));
        let max = match target {
            Target::Total => Some(MOST),
            Target::Category(_) if scenario.file.kind == Kind::Lab => None,
            Target::Category(category) => score.categories.iter().find(|one| one.category == *category).map(|one| one.earned.max),
            Target::Check(id) => {
                let check = score.checks.iter().find(|one| one.id == *id && matches!(one.role, Role::Objective | Role::Bonus));
                check.map(|one| one.earned.max)
            }
        };
        let max = max.ok_or_else(|| no_target(&scenario))?;
        if to < Points::ZERO || to > max {
            return Err(RunnerError::new(
                ErrorClass::Usage,
                Text::new(format!("점수는 0에서 {max}까지입니다"), format!("the points are between 0 and {max}")),
            ));
        }
        let data = json!({"target": target, "to": to, "reason": reason, "by": by});
        self.log(&attempt.id, LogKind::Overridden, data).await?;
        self.report(Some(&attempt.id), &attempt.environment).await
    }

    /// Lets the computed points count again.
    ///
    /// # Errors
    /// There is no such attempt, nothing was overridden there, or the records cannot be written.
    pub async fn undo_override(
        &self,
        id: Option<&AttemptId>,
        environment: &str,
        target: &Target,
        because: &Because,
    ) -> Result<Report, RunnerError> {
        let (reason, by) = because.said()?;
        let attempt = self.attempt_of(id, environment).await?;
        if attempt.judgement.override_of(target).is_none() {
            return Err(RunnerError::new(
                ErrorClass::Usage,
                Text::new("사람이 정한 점수가 없습니다", "no points were put in the place of computed ones there"),
            ));
        }
        self.log(&attempt.id, LogKind::OverrideUndone, json!({"target": target, "reason": reason, "by": by})).await?;
        self.report(Some(&attempt.id), &attempt.environment).await
    }

    /// Gives points, or takes them, as a row of its own.
    ///
    /// # Errors
    /// There is no such attempt, the points are none or too many, or the records cannot be written.
    pub async fn adjust(
        &self,
        id: Option<&AttemptId>,
        environment: &str,
        kind: AdjustmentKind,
        amount: Points,
        because: &Because,
    ) -> Result<Report, RunnerError> {
        let (reason, by) = because.said()?;
        let attempt = self.attempt_of(id, environment).await?;
        if amount == Points::ZERO || amount > MOST || amount < -MOST {
            return Err(RunnerError::new(
                ErrorClass::Usage,
                Text::new(
                    format!("조정 점수는 -{MOST}에서 {MOST}까지이고 0이 아니어야 합니다"),
                    format!("an adjustment is between -{MOST} and {MOST}, and not 0"),
                ),
            ));
        }
        let data = json!({"kind": kind, "amount": amount, "reason": reason, "by": by});
        self.log(&attempt.id, LogKind::Adjusted, data).await?;
        self.report(Some(&attempt.id), &attempt.environment).await
    }

    /// Takes an adjustment back.
    ///
    /// # Errors
    /// There is no such attempt or adjustment, or the records cannot be written.
    pub async fn undo_adjustment(
        &self,
        id: Option<&AttemptId>,
        environment: &str,
        number: u32,
        because: &Because,
    ) -> Result<Report, RunnerError> {
        let (reason, by) = because.said()?;
        let attempt = self.attempt_of(id, environment).await?;
        if attempt.judgement.adjustments.iter().all(|one| one.number != number) {
            let known: Vec<String> = attempt.judgement.adjustments.iter().map(|one| one.number.to_string()).collect();
            let error = RunnerError::new(
                ErrorClass::Usage,
                Text::new(format!("{number}번 조정이 없습니다"), format!("there is no adjustment {number}")),
            );
            return Err(if known.is_empty() { error } else { error.cause(format!("there are: {}", known.join(", "))) });
        }
        self.log(&attempt.id, LogKind::AdjustmentUndone, json!({"number": number, "reason": reason, "by": by})).await?;
        self.report(Some(&attempt.id), &attempt.environment).await
    }
}

fn no_target(scenario: &Scenario) -> RunnerError {
    let earns = scenario.checks().filter(|check| matches!(check.role, Role::Objective | Role::Bonus)).map(|check| check.id.as_str());
    let checks: Vec<&str> = earns.collect();
    RunnerError::new(ErrorClass::Usage, Text::new("그런 대상이 없습니다", "there is no such target")).cause(format!(
        "it is `total`, a category that earns points in a challenge (functionality, security, operability, reliability), or one of: {}",
        checks.join(", ")
    ))
}
