use jiff::Timestamp;

use super::{Because, Engine, ErrorClass, RunnerError, library};
use crate::{
    attempt::{Attempt, Decision, Judgement, Run, Void, VoidAs},
    report::{Changes, ScoreChange},
    scenario::{Role, Scenario},
    score,
    store::AttemptFilter,
    text::Text,
};

/// A check of a scenario, for everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoidAsked {
    /// The scenario.
    pub scenario: String,
    /// The check.
    pub check: String,
    /// Of the scenario with this digest, or the beginning of it; the one that there is now when left out.
    pub digest: Option<String>,
    /// What becomes of its points; none to take the decision back.
    pub treatment: Option<VoidAs>,
}

impl Engine {
    /// Finds a check faulty for everybody who is, was or will be judged by this version of the scenario, or takes that back. Says who
    /// it changes; `apply` does it.
    ///
    /// # Errors
    /// There is no such scenario, version or check, nothing to take back, or the records cannot be read or written.
    pub async fn void(&self, asked: &VoidAsked, because: &Because, apply: bool) -> Result<Changes, RunnerError> {
        let (reason, by) = because.said()?;
        let attempts = self.attempts_at(&asked.scenario).await?;
        let digest = self.digest(asked, &attempts)?;
        let concerned: Vec<&Attempt> = attempts.iter().filter(|attempt| attempt.versions.scenario == digest).collect();
        let scenario = match concerned.first() {
            Some(attempt) => library::of(attempt)?,
            None => self.scenario(&asked.scenario)?.clone(),
        };
        earns_or_guards(&scenario, &asked.check)?;
        let (check, at) = (asked.check.clone(), Timestamp::now());
        let decision = match asked.treatment {
            Some(treatment) => {
                Decision::Voided(Void { check, digest: digest.clone(), treatment, reason: reason.into(), by: by.into(), at })
            }
            None => {
                let earlier = self.store.decisions(&asked.scenario).await.map_err(RunnerError::store)?;
                let mut now = Judgement::default();
                now.heed(earlier, &digest);
                if now.void_of(&check).is_none() {
                    let message = Text::new(format!("`{check}`은(는) 무효가 아닙니다"), format!("`{check}` is not voided"));
                    return Err(RunnerError::new(ErrorClass::Usage, message));
                }
                Decision::VoidUndone { check, digest: digest.clone(), reason: reason.into(), by: by.into() }
            }
        };
        let mut changes = Changes { applied: apply, digest: Some(digest.clone()), rows: Vec::new() };
        for attempt in concerned {
            let runs = self.store.run_outlines(&attempt.id).await.map_err(RunnerError::store)?;
            let mut after = attempt.clone();
            after.judgement.heed([decision.clone()], &digest);
            changes.rows.push(compared(&library::of(attempt)?, (attempt, &after), score::counting(runs.iter())));
        }
        if apply {
            self.store.decide(&asked.scenario, at, &decision).await.map_err(RunnerError::store)?;
        }
        Ok(changes)
    }

    /// Every attempt at a scenario, the oldest first.
    pub(super) async fn attempts_at(&self, scenario: &str) -> Result<Vec<Attempt>, RunnerError> {
        let filter = AttemptFilter { scenario: Some(scenario.to_owned()), ..AttemptFilter::default() };
        let mut attempts = self.store.list(&filter).await.map_err(RunnerError::store)?;
        attempts.reverse();
        Ok(attempts)
    }

    /// The version of the scenario that is meant.
    fn digest(&self, asked: &VoidAsked, attempts: &[Attempt]) -> Result<String, RunnerError> {
        let Some(beginning) = &asked.digest else {
            return self.scenario(&asked.scenario).map(|scenario| scenario.digest.clone());
        };
        let mut known: Vec<&str> = attempts.iter().map(|attempt| attempt.versions.scenario.as_str()).collect();
        known.sort_unstable();
        known.dedup();
        let fits =
            |digest: &&&str| digest.starts_with(beginning.as_str()) || digest.trim_start_matches("sha256:").starts_with(beginning.as_str());
        let found: Vec<&&str> = known.iter().filter(fits).collect();
        match found.as_slice() {
            [one] => Ok((**one).to_owned()),
            _ => Err(RunnerError::new(
                ErrorClass::Usage,
                Text::new(
                    format!("`{beginning}`(으)로 시작하는 버전이 하나가 아닙니다"),
                    format!("not exactly one version begins with `{beginning}`"),
                ),
            )
            .cause(format!("versions on record: {}", known.join(", ")))),
        }
    }
}

/// What an attempt is worth before and after, by the same run.
pub(super) fn compared(scenario: &Scenario, (before, after): (&Attempt, &Attempt), run: Option<&Run>) -> ScoreChange {
    ScoreChange::new(before, &score::score(scenario, before, run), &score::score(scenario, after, run))
}

fn earns_or_guards(scenario: &Scenario, check: &str) -> Result<(), RunnerError> {
    let counts = || scenario.checks().filter(|one| one.role != Role::Info);
    if counts().any(|one| one.id == check) {
        return Ok(());
    }
    let ids: Vec<&str> = counts().map(|one| one.id.as_str()).collect();
    Err(RunnerError::new(
        ErrorClass::Usage,
        Text::new(
            format!("`{}`에는 점수에 드는 검사 `{check}`이(가) 없습니다", scenario.id()),
            format!("`{}` has no check `{check}` that counts", scenario.id()),
        ),
    )
    .cause(format!("there are: {}", ids.join(", "))))
}
