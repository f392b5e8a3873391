//! The life of a bundle: its parts one after the other, each an attempt of its own, in one environment.
//!
//! What a part came to is judged while its world is there, and stored; the next part then takes its place. Which part is next is
//! read from the records alone, so a command that is killed between two parts is made good by the next one.

use jiff::Timestamp;

use super::{CheckOptions, Checked, Engine, ErrorClass, RunnerError, StartOptions, Started, library, place};
use crate::{
    attempt::{Attempt, AttemptId, AttemptState, BundleRun, PartAttempt, Trigger, Verdict},
    report::{BundleInput, BundleReport},
    scenario::Bundle,
    store::AttemptFilter,
    text::Text,
};

/// What going on to the next part came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// What the part before came to; none when it had been judged already.
    pub judged: Option<Checked>,
    /// The part that was begun; none when all are done.
    pub started: Option<Started>,
    /// How the bundle stands now.
    pub report: BundleReport,
}

impl Engine {
    /// Starts a bundle in an environment, or goes on with its run that is open there: with the part that is open, else with the first
    /// that the learner is not done with. `None` when all are done.
    ///
    /// # Errors
    /// Something else is open in the environment, or the part does not start.
    pub async fn start_bundle(&self, bundle: &Bundle, environment: &str, options: StartOptions) -> Result<Option<Started>, RunnerError> {
        let open = self.store.open_bundle_run(environment).await.map_err(RunnerError::store)?;
        let run = match open {
            Some(run) if run.bundle == bundle.id() && !options.replace => run,
            Some(run) if options.replace => {
                self.end(&run).await?;
                begin(bundle, environment)
            }
            Some(run) => return Err(another_bundle(&run)),
            None => begin(bundle, environment),
        };
        self.start_part(bundle, run, environment, options).await
    }

    /// Judges the part that is open for good, and starts the one after it. A part that is not solved is left only with `leave`.
    ///
    /// # Errors
    /// No bundle is open, the part is not solved, or the next one does not start.
    pub async fn next_part(&self, environment: &str, leave: bool, with: Vec<String>) -> Result<Moved, RunnerError> {
        let run = self.store.open_bundle_run(environment).await.map_err(RunnerError::store)?.ok_or_else(no_bundle)?;
        let bundle = library::bundle_of(&run)?;
        let judged = match self.open_part(&run, environment).await? {
            Some(part) if part.finished.is_none() => self.finish(&part.attempt, environment, leave).await?,
            _ => None,
        };
        let started = self.start_part(&bundle, run.clone(), environment, StartOptions { with, ..StartOptions::default() }).await?;
        let report = self.bundle_report(&run.id).await?;
        Ok(Moved { judged, started, report })
    }

    /// The report of a run of a bundle. Reads stored data only.
    ///
    /// # Errors
    /// There is no such run, its content is gone, or the records cannot be read.
    pub async fn bundle_report(&self, id: &AttemptId) -> Result<BundleReport, RunnerError> {
        let run = self.store.bundle_run(id).await.map_err(RunnerError::store)?.ok_or_else(no_bundle)?;
        let bundle = library::bundle_of(&run)?;
        let mut attempts = Vec::new();
        for part in self.parts_of(&run).await? {
            attempts.push((self.report(Some(&part.attempt.id), &run.environment).await?, part.finished.is_some()));
        }
        Ok(BundleReport::new(&BundleInput { bundle: &bundle, run: &run, attempts: &attempts, generated: Timestamp::now() }))
    }

    /// The run of a bundle that an attempt belongs to.
    ///
    /// # Errors
    /// The records cannot be read.
    pub async fn bundle_of(&self, attempt: &AttemptId) -> Result<Option<BundleRun>, RunnerError> {
        self.store.bundle_of(attempt).await.map_err(RunnerError::store)
    }

    /// The run of a bundle that is open in an environment.
    ///
    /// # Errors
    /// The records cannot be read.
    pub async fn open_bundle(&self, environment: &str) -> Result<Option<BundleRun>, RunnerError> {
        self.store.open_bundle_run(environment).await.map_err(RunnerError::store)
    }

    /// The run of a bundle that a report is asked for: by its id, or the one that the latest attempt of an environment belongs to.
    ///
    /// # Errors
    /// The records cannot be read.
    pub async fn reported_bundle(&self, id: Option<&AttemptId>, environment: &str) -> Result<Option<BundleRun>, RunnerError> {
        if let Some(id) = id {
            return self.store.bundle_run(id).await.map_err(RunnerError::store);
        }
        let filter = AttemptFilter { environment: Some(environment.to_owned()), ..AttemptFilter::default() };
        let latest = self.store.list(&filter).await.map_err(RunnerError::store)?.into_iter().next();
        match latest {
            Some(attempt) => self.bundle_of(&attempt.id).await,
            None => Ok(None),
        }
    }

    /// Refuses to work on a part, or to judge it again, that the learner is done with: the world of the next one is taking its place.
    pub(super) async fn refuse_finished(&self, attempt: &AttemptId) -> Result<(), RunnerError> {
        match self.store.part_finished(attempt).await.map_err(RunnerError::store)? {
            None => Ok(()),
            Some(_) => Err(RunnerError::new(
                ErrorClass::Usage,
                Text::new("이 시나리오는 이미 끝났고 점수도 정해졌습니다", "this part is finished and was judged for good"),
            )
            .help(Text::new("`kubedrill next`로 다음으로 넘어가세요", "go on with `kubedrill next`"))),
        }
    }

    /// Ends the run of a bundle that is open in an environment.
    pub(super) async fn end_open_bundle(&self, environment: &str) -> Result<(), RunnerError> {
        match self.open_bundle(environment).await? {
            Some(run) => self.end(&run).await,
            None => Ok(()),
        }
    }

    async fn end(&self, run: &BundleRun) -> Result<(), RunnerError> {
        self.store.end_bundle_run(&run.id, Timestamp::now()).await.map_err(RunnerError::store)
    }

    async fn parts_of(&self, run: &BundleRun) -> Result<Vec<PartAttempt>, RunnerError> {
        self.store.bundle_attempts(&run.id).await.map_err(RunnerError::store)
    }

    /// The attempt that is open in the environment, when it is one of the run's.
    async fn open_part(&self, run: &BundleRun, environment: &str) -> Result<Option<PartAttempt>, RunnerError> {
        let current = self.store.current(environment).await.map_err(RunnerError::store)?;
        let open = current.filter(|attempt| attempt.state == AttemptState::Open);
        let parts = self.parts_of(run).await?;
        Ok(parts.into_iter().find(|part| open.as_ref().is_some_and(|open| open.id == part.attempt.id)))
    }

    /// Starts the first part that the learner is not done with, in place of one that is finished; ends the run when there is none.
    async fn start_part(
        &self,
        bundle: &Bundle,
        run: BundleRun,
        environment: &str,
        options: StartOptions,
    ) -> Result<Option<Started>, RunnerError> {
        let parts = self.parts_of(&run).await?;
        let done = |id: &str| parts.iter().any(|part| part.attempt.scenario == id && part.finished.is_some());
        let here = self.store.current(environment).await.map_err(RunnerError::store)?;
        let ours = here.as_ref().and_then(|here| parts.iter().find(|part| part.attempt.id == here.id));
        let finished = ours.is_some_and(|part| part.finished.is_some());
        let Some(next) = bundle.parts.iter().find(|part| !done(part.id())) else {
            if let Some(left) = here.filter(|_| finished) {
                self.clear(&left).await?;
                self.close(&left).await?;
            }
            self.end(&run).await?;
            return Ok(None);
        };
        // An attempt of the same scenario that was started by itself is not this bundle's.
        if let Some(other) = here.filter(|here| ours.is_none() && here.state == AttemptState::Open && !options.replace) {
            return Err(super::starting::another_is_open(&other));
        }
        let options = StartOptions { replace: options.replace || finished, bundle: Some(run), ..options };
        let wanted = place::with(next, &options.with)?;
        let placed = place::placed(&self.provider(environment)?, &wanted, environment)?;
        self.start_scenario(&placed, environment, options).await.map(Some)
    }

    /// Judges a part for good, and notes that the learner is done with it.
    async fn finish(&self, attempt: &Attempt, environment: &str, leave: bool) -> Result<Option<Checked>, RunnerError> {
        let asked = Timestamp::now();
        let last = self.store.last_run(&attempt.id).await.map_err(RunnerError::store)?;
        if last.is_some_and(|run| run.trigger == Trigger::Submit && (run.solved() || leave)) {
            // It was judged for good, and nothing was checked since.
            self.store.finish_part(&attempt.id, asked).await.map_err(RunnerError::store)?;
            return Ok(None);
        }
        let session = self.session(environment).await?;
        let options = CheckOptions { provisional: false, step: None, trigger: Trigger::Submit };
        let checked = self.check(&session, &options).await?;
        if !checked.run.solved() && !leave {
            return Err(unsolved(&session.scenario.file.metadata.title, &checked));
        }
        self.store.finish_part(&attempt.id, asked).await.map_err(RunnerError::store)?;
        Ok(Some(checked))
    }
}

fn begin(bundle: &Bundle, environment: &str) -> BundleRun {
    let now = Timestamp::now();
    BundleRun {
        id: AttemptId::new(now, bundle.id(), rand::random()),
        bundle: bundle.id().to_owned(),
        bundle_dir: bundle.dir.display().to_string(),
        environment: environment.to_owned(),
        digest: bundle.digest.clone(),
        started: now,
        ended: None,
    }
}

fn no_bundle() -> RunnerError {
    RunnerError::new(ErrorClass::NotStarted, Text::new("열려 있는 묶음이 없습니다", "no bundle is open")).help(Text::new(
        "`kubedrill list`에 묶음이 있습니다. `kubedrill start ID`로 시작하세요",
        "`kubedrill list` shows the bundles; start one with `kubedrill start ID`",
    ))
}

fn another_bundle(run: &BundleRun) -> RunnerError {
    let (environment, bundle) = (&run.environment, &run.bundle);
    RunnerError::new(
        ErrorClass::Usage,
        Text::new(
            format!("환경 `{environment}`에서 묶음 `{bundle}`이(가) 아직 끝나지 않았습니다"),
            format!("the bundle `{bundle}` is not finished in the environment `{environment}`"),
        ),
    )
    .help(Text::new(
        format!("`kubedrill start {bundle}`로 이어 가거나, --replace를 붙이거나, --env로 다른 환경을 쓰세요"),
        format!("go on with `kubedrill start {bundle}`, add --replace, or use another environment with --env"),
    ))
}

fn unsolved(title: &Text, checked: &Checked) -> RunnerError {
    let (total, max) = (checked.score.total, checked.score.total.max);
    let unknown = checked.run.results.iter().any(|r| r.verdict == Verdict::Error);
    RunnerError::new(
        if unknown { ErrorClass::CouldNotCheck } else { ErrorClass::Usage },
        Text::new(
            format!("“{}”이(가) 아직 다 풀리지 않았습니다 ({total} / {max}점)", title.ko),
            format!("“{}” is not solved yet ({total} of {max} points)", title.en),
        ),
    )
    .help(Text::new(
        "`kubedrill check`로 남은 일을 보거나, 이대로 두고 가려면 `kubedrill next --leave`",
        "see what is left with `kubedrill check`, or leave it as it is with `kubedrill next --leave`",
    ))
}
