use super::{Engine, ErrorClass, RunnerError, library};
use crate::{
    attempt::{Attempt, AttemptId, CheckResult, Run, Verdict},
    check,
    paths::Paths,
    report::{Explanation, ExplanationInput},
    scenario::{CheckSpec, Scenario},
    store::{AttemptFilter, Store},
    text::Text,
};

/// Which verdict somebody asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictAsked {
    /// The check's id.
    pub check: String,
    /// The run by its number, from 1; the last that judged the check when left out.
    pub run: Option<usize>,
    /// The attempt; the latest of the environment when left out.
    pub attempt: Option<AttemptId>,
    /// The environment.
    pub environment: String,
}

/// A stored verdict with all that it was made from.
pub(super) struct StoredVerdict {
    pub attempt: Attempt,
    pub scenario: Scenario,
    pub runs: Vec<Run>,
    /// The run's place among them.
    pub at: usize,
    pub check: CheckSpec,
    pub result: CheckResult,
}

impl StoredVerdict {
    /// Why it came to that.
    pub fn explanation(&self) -> Result<Explanation, RunnerError> {
        let run = self.runs.get(self.at).ok_or_else(not_checked)?;
        Ok(Explanation::new(&ExplanationInput {
            scenario: &self.scenario,
            attempt: &self.attempt,
            run: (run, self.at + 1, self.runs.len()),
            check: &self.check,
            result: &self.result,
            say: &check::feedback(&self.check, &self.result),
        }))
    }
}

impl Engine {
    /// Why a check was judged as it was. Reads stored data only.
    ///
    /// # Errors
    /// There is no such attempt, run or check, or the records cannot be read.
    pub async fn explain(&self, asked: &VerdictAsked) -> Result<Explanation, RunnerError> {
        self.stored_verdict(asked).await?.explanation()
    }

    pub(super) async fn stored_verdict(&self, asked: &VerdictAsked) -> Result<StoredVerdict, RunnerError> {
        let attempt = self.attempt_of(asked.attempt.as_ref(), &asked.environment).await?;
        let scenario = library::of(&attempt)?;
        let check = scenario.checks().find(|check| check.id == asked.check).cloned();
        let check = check.ok_or_else(|| unknown(&scenario, &asked.check))?;
        let runs = self.store.runs(&attempt.id).await.map_err(RunnerError::store)?;
        let at = match asked.run {
            Some(number) => number.checked_sub(1).filter(|at| *at < runs.len()).ok_or_else(|| no_such_run(number, runs.len()))?,
            None => last_judged(&runs, &check.id).ok_or_else(not_checked)?,
        };
        let result = runs.get(at).and_then(|run| run.result(&check.id)).cloned().ok_or_else(not_checked)?;
        Ok(StoredVerdict { attempt, scenario, runs, at, check, result })
    }
}

/// The ids of the checks of the newest attempt; none when there is no attempt, or its records cannot be read.
pub async fn newest_checks(paths: &Paths) -> Vec<String> {
    if !paths.database().is_file() {
        return Vec::new();
    }
    let Ok(store) = Store::open(&paths.database()).await else { return Vec::new() };
    let newest = store.list(&AttemptFilter::default()).await.ok().and_then(|all| all.into_iter().next());
    newest.and_then(|attempt| library::of(&attempt).ok()).map(|scenario| ids(&scenario)).unwrap_or_default()
}

/// The last run that judged a check, else the last that knows it.
fn last_judged(runs: &[Run], check: &str) -> Option<usize> {
    let knows = |run: &Run, left_out: bool| run.result(check).is_some_and(|r| left_out || r.verdict != Verdict::Skipped);
    runs.iter().rposition(|run| knows(run, false)).or_else(|| runs.iter().rposition(|run| knows(run, true)))
}

fn ids(scenario: &Scenario) -> Vec<String> {
    scenario.checks().map(|check| check.id.clone()).collect()
}

fn unknown(scenario: &Scenario, check: &str) -> RunnerError {
    let ids = ids(scenario).join(", ");
    let id = scenario.id();
    RunnerError::new(
        ErrorClass::Usage,
        Text::new(format!("`{id}`에는 검사 `{check}`이(가) 없습니다"), format!("`{id}` has no check `{check}`")),
    )
    .help(Text::new(format!("검사는 다음과 같습니다: {ids}"), format!("its checks are: {ids}")))
}

fn no_such_run(number: usize, runs: usize) -> RunnerError {
    RunnerError::new(ErrorClass::Usage, Text::new(format!("{number}번째 실행이 없습니다"), format!("there is no run {number}")))
        .help(Text::new(format!("이 시도의 실행은 1번부터 {runs}번까지입니다"), format!("the runs of this attempt are 1 to {runs}")))
}

fn not_checked() -> RunnerError {
    RunnerError::new(
        ErrorClass::NotStarted,
        Text::new("이 시도에서는 아직 그 검사를 실행하지 않았습니다", "the check has not run in this attempt yet"),
    )
    .help(Text::new("`kubedrill check`를 먼저 실행하세요", "run `kubedrill check` first"))
}
