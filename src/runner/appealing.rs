use super::{Engine, ErrorClass, RunnerError, VerdictAsked};
use crate::{
    attempt::Verdict,
    report::{AppealInput, appeal_files, html},
    text::{Lang, Text},
};

/// An appeal, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenAppeal {
    /// A name for its folder: which verdict it is about.
    pub name: String,
    /// Its files by their names.
    pub files: Vec<(String, String)>,
}

impl Engine {
    /// What a learner hands in who objects to a verdict. Reads stored data only; the same records give the same files.
    ///
    /// # Errors
    /// There is no such verdict, there is nothing to object to, no reason is given, or the records cannot be read.
    pub async fn appeal(&self, asked: &VerdictAsked, reason: &str, lang: Lang) -> Result<WrittenAppeal, RunnerError> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(RunnerError::new(ErrorClass::Usage, Text::new("이유가 비어 있습니다", "the reason is empty"))
                .help(Text::new("--reason에 왜 맞는 해결인지 적으세요", "say with --reason why your fix is right")));
        }
        let stored = self.stored_verdict(asked).await?;
        let explanation = stored.explanation()?;
        if stored.result.verdict == Verdict::Pass {
            return Err(passed(&asked.check, explanation.run.number));
        }
        let (id, environment) = (&stored.attempt.id, &stored.attempt.environment);
        let log = self.store.events(id).await.map_err(RunnerError::store)?;
        let last = log.last().map_or(stored.attempt.started, |entry| entry.at);
        let report = self.report_as_of(Some(id), environment, last).await?;
        let page = html::render(&report, lang).map_err(RunnerError::store)?;
        let input = AppealInput {
            reason,
            attempt: &stored.attempt,
            scenario: &stored.scenario,
            runs: &stored.runs,
            log: &log,
            explanation: &explanation,
            page: &page,
        };
        let files = appeal_files(&input).map_err(RunnerError::store)?;
        Ok(WrittenAppeal { name: format!("appeal-{id}-{}-{}", asked.check, explanation.run.number), files })
    }
}

fn passed(check: &str, run: usize) -> RunnerError {
    RunnerError::new(
        ErrorClass::Usage,
        Text::new(
            format!("`{check}`은(는) {run}번째 실행에서 통과했습니다. 이의를 제기할 것이 없습니다"),
            format!("`{check}` passed in run {run}: there is nothing to appeal against"),
        ),
    )
    .help(Text::new("다른 실행이라면 --run으로 고르세요", "choose another run with --run"))
}
