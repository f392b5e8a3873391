use std::{borrow::Cow, collections::BTreeMap, path::PathBuf, str::FromStr};

use jiff::Timestamp;
use serde_json::json;

use super::{Engine, ErrorClass, RunnerError, engine::connect, parts::Parts, place, platform};
use crate::{
    attempt::{ApiCalls, Attempt, AttemptId, AttemptState, Baseline, BundleRun, CheckResult, LogKind, Run, Trigger, Versions},
    check,
    cluster::{Cluster, Snapshot},
    provider::{AnyProvider, Capability, Environment, EnvironmentRequest, Provider},
    provision::{self, Confirmed, Provisioner, Started as Provisioned},
    scenario::Scenario,
    text::Text,
};

/// How to start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StartOptions {
    /// Close another attempt that is open in the environment first.
    pub replace: bool,
    /// Optional add-ons of the scenario.
    pub with: Vec<String>,
    /// The run of a bundle that the attempt is to be a part of.
    pub bundle: Option<BundleRun>,
    /// The team's own names.
    pub platform: Option<PathBuf>,
}

/// What a start came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Started {
    /// The attempt.
    pub attempt: Attempt,
    /// It was open already; nothing was changed.
    pub resumed: bool,
    /// The scenario, under the namespaces that it has in the environment.
    pub scenario: Scenario,
    /// Seconds by phase.
    pub seconds: BTreeMap<String, f64>,
    /// Calls to the API server that it took.
    pub calls: ApiCalls,
}

impl Engine {
    /// Starts a scenario in an environment: stage, baseline, fault, and the proof that it is broken. Comes back to the attempt
    /// when it is open already, and cleans up after a start that was interrupted.
    ///
    /// # Errors
    /// It cannot run here, another attempt is open, or a phase fails; the next start cleans up.
    pub async fn start(&self, id: &str, environment: &str, options: StartOptions) -> Result<Started, RunnerError> {
        let scenario = match &options.platform {
            Some(file) => Cow::Owned(platform::under(&self.settings.paths, self.scenario(id)?, file)?),
            None => Cow::Borrowed(self.scenario(id)?),
        };
        let scenario = place::with(&scenario, &options.with)?;
        let scenario = place::placed(&self.provider(environment)?, &scenario, environment)?;
        self.start_scenario(&scenario, environment, options).await
    }

    /// As [`Engine::start`], for a scenario that need not be in the catalogue and has the namespaces of the environment.
    pub(super) async fn start_scenario(
        &self,
        scenario: &Scenario,
        environment: &str,
        options: StartOptions,
    ) -> Result<Started, RunnerError> {
        let provider = self.provider(environment)?;
        self.require(&provider, scenario, environment).await?;
        let id = scenario.id();
        self.clock.take();
        match self.store.current(environment).await.map_err(RunnerError::store)? {
            Some(open) if open.state == AttemptState::Open && open.scenario == id && !options.replace => {
                place::has_addons(&open, &options.with)?;
                let session = self.session(environment).await?;
                return Ok(Started {
                    attempt: open,
                    resumed: true,
                    scenario: session.scenario,
                    seconds: self.clock.take(),
                    calls: session.cluster.calls(),
                });
            }
            Some(open) if open.state == AttemptState::Open && !options.replace => return Err(another_is_open(&open)),
            Some(left) => {
                if left.state == AttemptState::Open || self.environments()?.iter().any(|n| n == environment) {
                    self.clear(&left).await?;
                }
                self.close(&left).await?;
            }
            None => {}
        }
        let known = self.environments()?.iter().any(|n| n == environment);
        let prepared = self.prepare(&provider, scenario, environment).await;
        if prepared.is_err() && !known && !provider.keeps_what_failed() {
            // Why it was refused is what the learner must read, whatever becomes of this.
            let _ = self.stop(environment, false).await;
        }
        let (place, cluster) = prepared?;
        let mut attempt = self.record(scenario, &place, &cluster).await?;
        if let Some(run) = &options.bundle {
            self.store.join_bundle(run, &attempt.id).await.map_err(RunnerError::store)?;
        }
        let parts = Parts::new(provider, environment);
        let provisioner = self.provisioner(&cluster, scenario, &place, &parts);
        let begun = Timestamp::now();
        let Provisioned { baseline, confirmed } =
            provisioner.start(&attempt.id, &attempt.nonce).await.map_err(|e| not_set_up(scenario, e))?;
        self.store.save_baseline(&attempt.id, &baseline).await.map_err(RunnerError::store)?;
        self.store.append_run(&attempt.id, &confirming_run(begun, confirmed)).await.map_err(RunnerError::store)?;
        (attempt.state, attempt.started) = (AttemptState::Open, Timestamp::now());
        self.store.open_attempt(&attempt.id, attempt.started).await.map_err(RunnerError::store)?;
        self.log(&attempt.id, LogKind::Started, json!({"scenario": attempt.scenario, "digest": attempt.versions.scenario})).await?;
        Ok(Started { attempt, resumed: false, scenario: scenario.clone(), seconds: self.clock.take(), calls: cluster.calls() })
    }

    /// The environment, usable, and found fit for the scenario before anything of it is made.
    async fn prepare(&self, provider: &AnyProvider, scenario: &Scenario, environment: &str) -> Result<(Environment, Cluster), RunnerError> {
        let place = self.ensure(provider, scenario, environment).await?;
        let cluster = connect(&place)?;
        let misfits = provision::misfits(&cluster, &place.territory, scenario, &check::request(scenario)).await;
        let misfits = misfits.map_err(RunnerError::cluster)?;
        if misfits.is_empty() {
            return Ok((place, cluster));
        }
        let message = Text::new(
            format!("`{}`은(는) 다른 사람과 함께 쓰는 이 클러스터에서 실행할 수 없습니다", scenario.id()),
            format!("`{}` cannot be run in this cluster, which others use too", scenario.id()),
        );
        Err(RunnerError::new(ErrorClass::CannotRunHere, message).cause(misfits.join("\n")).lacking(misfits).help(Text::new(
            "샌드박스에서는 실행할 수 있습니다: --provider를 빼고 시작하세요",
            "the sandbox can run it: start it without --provider",
        )))
    }

    /// Refuses what the provider cannot do, before anything is touched.
    async fn require(&self, provider: &AnyProvider, scenario: &Scenario, environment: &str) -> Result<(), RunnerError> {
        let request = place::request(scenario, environment);
        let offered = provider.capabilities(&request).await.map_err(|e| RunnerError::environment(environment, e))?;
        let missing = missing(provider, &request, scenario, &offered);
        if missing.is_empty() {
            return Ok(());
        }
        let (list, provider) = (missing.join(", "), provider.name());
        Err(RunnerError::new(
            ErrorClass::CannotRunHere,
            Text::new(
                format!("`{}`에는 {list} 기능이 필요한데 `{provider}`에는 없습니다", scenario.id()),
                format!("`{}` needs {list}, which the provider `{provider}` does not have", scenario.id()),
            ),
        )
        .lacking(missing))
    }

    /// Writes the attempt down before anything is made, so that an interrupted start can be found.
    async fn record(&self, scenario: &Scenario, environment: &Environment, cluster: &Cluster) -> Result<Attempt, RunnerError> {
        let now = Timestamp::now();
        let renamed = scenario.names.iter().map(|(name, true_name)| (name.to_owned(), true_name.to_owned()));
        let capabilities = environment.capabilities.iter().map(ToString::to_string);
        let addons = scenario.file.spec.environment.addons.iter().map(|addon| place::addon_capability(addon));
        let attempt = Attempt {
            id: AttemptId::new(now, scenario.id(), rand::random()),
            scenario: scenario.id().to_owned(),
            scenario_dir: scenario.dir.display().to_string(),
            environment: environment.name.clone(),
            provider: environment.provider.to_string(),
            capabilities: capabilities.chain(addons).collect(),
            state: AttemptState::Starting,
            namespaces: renamed.collect(),
            cluster_uid: cluster.uid().await.map_err(RunnerError::cluster)?.to_owned(),
            nonce: format!("{:032x}", rand::random::<u128>()),
            versions: Versions {
                kubedrill: env!("CARGO_PKG_VERSION").to_owned(),
                kubernetes: cluster.version().await.map_err(RunnerError::cluster)?.to_owned(),
                scenario: scenario.digest.clone(),
            },
            started: now,
            ended: None,
            assisted: false,
            resets: 0,
            hints: Vec::new(),
            marks: Vec::new(),
            judgement: Default::default(),
        };
        self.store.create_attempt(&attempt).await.map_err(RunnerError::store)?;
        Ok(attempt)
    }

    /// What brings a scenario into a cluster, and back to its broken state.
    pub(super) fn provisioner<'a>(
        &'a self,
        cluster: &'a Cluster,
        scenario: &'a Scenario,
        place: &'a Environment,
        components: &'a Parts<'a>,
    ) -> Provisioner<'a, Parts<'a>, impl Fn(&Baseline, &Snapshot) -> Vec<CheckResult>> {
        Provisioner {
            cluster,
            territory: &place.territory,
            scenario,
            learner: &place.learner_user,
            components,
            events: &self.events,
            request: self.looked_at(scenario, place),
            look: |baseline: &Baseline, snapshot: &Snapshot| check::look(scenario, baseline, snapshot),
        }
    }
}

/// The capabilities and add-ons that a scenario needs and that its provider does not offer.
pub(super) fn missing(provider: &AnyProvider, request: &EnvironmentRequest, scenario: &Scenario, offered: &[Capability]) -> Vec<String> {
    let lacking = |name: &&String| Capability::from_str(name).is_ok_and(|capability| !offered.contains(&capability));
    let addons = provider.lacking_addons(&request.addons).into_iter().map(|addon| place::addon_capability(&addon));
    scenario.file.spec.requires.iter().filter(lacking).cloned().chain(addons).collect()
}

/// The look that confirmed the fault, as a run: kept as evidence that it was broken, never scored.
fn confirming_run(started: Timestamp, confirmed: Confirmed) -> Run {
    Run {
        trigger: Trigger::Confirm,
        started,
        millis: u64::try_from(Timestamp::now().duration_since(started).as_millis()).unwrap_or_default(),
        results: confirmed.results,
        calls: confirmed.calls,
        resource_versions: BTreeMap::new(),
        provisional: true,
    }
}

pub(super) fn not_set_up(scenario: &Scenario, error: impl std::fmt::Display) -> RunnerError {
    RunnerError::new(
        ErrorClass::CouldNotCheck,
        Text::new(format!("`{}`을(를) 준비하지 못했습니다", scenario.id()), format!("`{}` could not be set up", scenario.id())),
    )
    .cause(error)
    .help(Text::new("같은 명령을 다시 실행하면 정리하고 처음부터 시작합니다", "run the same command again: it cleans up and starts over"))
}

pub(super) fn another_is_open(open: &Attempt) -> RunnerError {
    RunnerError::new(
        ErrorClass::Usage,
        Text::new(
            format!("환경 `{}`에서 `{}`이(가) 아직 열려 있습니다", open.environment, open.scenario),
            format!("`{}` is still open in the environment `{}`", open.scenario, open.environment),
        ),
    )
    .help(Text::new(
        "`kubedrill stop --keep`으로 닫거나, --replace를 붙이거나, --env로 다른 환경을 쓰세요",
        "close it with `kubedrill stop --keep`, add --replace, or use another environment with --env",
    ))
}
