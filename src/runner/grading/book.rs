use jiff::Timestamp;

use super::super::{Engine, ErrorClass, RunnerError};
use crate::{
    attempt::Verdict,
    gradebook::{CheckOutcome, EntryState, Gradebook, GradebookInput, Grading, Judged, Outcome},
    report::{CheckReport, Report},
    scenario::Scenario,
    text::Text,
};

impl Engine {
    /// The gradebook of a grading from what is stored: grades nothing.
    ///
    /// # Errors
    /// There is no such grading, a scenario is gone, or the records cannot be read.
    pub async fn gradebook(&self, id: &str) -> Result<Gradebook, RunnerError> {
        let grading = self.store.grading(id).await.map_err(RunnerError::store)?.ok_or_else(|| {
            let message = Text::new(format!("`{id}`(이)라는 채점이 없습니다"), format!("there is no grading `{id}`"));
            RunnerError::new(ErrorClass::Usage, message)
        })?;
        let scenarios = grading.assignments.iter().map(|assignment| self.named(&assignment.id)).collect::<Result<Vec<_>, _>>()?;
        self.book(&grading, &scenarios, &[]).await
    }

    pub(super) async fn book(
        &self,
        grading: &Grading,
        scenarios: &[Scenario],
        waiting: &[(String, String)],
    ) -> Result<Gradebook, RunnerError> {
        let generated = Timestamp::now();
        let mut judged = Vec::new();
        for one in self.store.judged(&grading.id).await.map_err(RunnerError::store)? {
            let outcome = self.outcome(grading, scenarios, &one, generated).await?;
            judged.push((one, outcome));
        }
        let input = GradebookInput {
            roster: &grading.roster,
            assignments: &grading.assignments,
            judged: &judged,
            waiting,
            policy: grading.policy,
            generated,
        };
        Ok(Gradebook::new(&input))
    }

    /// What a submission is worth; none where it was not judged, or for another version of the scenario.
    async fn outcome(
        &self,
        grading: &Grading,
        scenarios: &[Scenario],
        judged: &Judged,
        generated: Timestamp,
    ) -> Result<Option<Outcome>, RunnerError> {
        let assigned = grading.assignments.iter().any(|a| a.id == judged.scenario && a.digest == judged.scenario_digest);
        let in_roster = grading.roster.learners.iter().any(|learner| learner.id == judged.learner);
        match (judged.state, &judged.attempt) {
            _ if !assigned || !in_roster => Ok(None),
            (EntryState::Graded | EntryState::Pending, Some(attempt)) => {
                self.report_as_of(Some(attempt), "", generated).await.map(|report| Some(said(report)))
            }
            (EntryState::Unusable, _) => Ok(scenarios.iter().find(|scenario| scenario.id() == judged.scenario).map(Outcome::untouched)),
            _ => Ok(None),
        }
    }
}

/// What a report says of an attempt.
fn said(report: Report) -> Outcome {
    let check = |check: CheckReport| CheckOutcome {
        id: check.id,
        verdict: check.verdict,
        earned: check.earned,
        reason: check.reason,
        basis: check.basis,
        symptom: check.symptom.filter(|_| check.verdict == Verdict::Fail),
    };
    Outcome { score: report.score, tier: report.trust.tier, checks: report.checks.into_iter().map(check).collect() }
}
