use std::path::{Path, PathBuf};

use super::{
    Engine, RunnerError,
    board::{Board, Turn},
    bundle_proof,
    cases::{Findings, Proof, needed_addons},
    library,
    mutating::mutate,
    own, place,
    recordings::Recordings,
    starting,
};
use crate::{
    event::Event,
    provider::{Provider, ProviderName},
    report::{ProofReport, ProofScenario},
    scenario::{Bundle, Scenario, is_bundle},
    store::Store,
    text::Text,
};

/// How to prove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProveOptions {
    /// In so many environments at a time.
    pub jobs: usize,
    /// Weakens each check as well and says whether the proof would notice.
    pub mutate: bool,
    /// A case that does not hold is tried again so often; one that holds then is called flaky.
    pub retries: usize,
    /// For mutants: a folder that keeps what the cases have seen. What has not changed since is not proven again.
    pub recordings: Option<PathBuf>,
}

impl Engine {
    /// Proves scenarios, given by id or folder, in one or more environments at a time. Those that have nothing to begin help with the
    /// cases of a scenario that another began.
    ///
    /// # Errors
    /// A scenario does not exist or is not valid, or the machine cannot run sandboxes. What a scenario gets wrong is not an error
    /// but a failed case.
    pub async fn prove(&self, ids: &[String], options: ProveOptions) -> Result<ProofReport, RunnerError> {
        self.remove_orphans().await?;
        let (scenarios, bundles) = self.asked(ids)?;
        // Proofs are nobody's attempts: they are kept in records of their own, which go away with the command.
        let records = tempfile::tempdir().map_err(RunnerError::store)?;
        let store = Store::open(&records.path().join("proof.db")).await.map_err(RunnerError::store)?;
        let engine = Self { store, ..self.clone() };
        let proven: Vec<(&Scenario, Findings)> = scenarios.iter().map(|scenario| (scenario, Findings::default())).collect();
        let provider = self.settings.provider.unwrap_or(ProviderName::Sandbox).as_str();
        let recordings = options.recordings.as_deref().map(|dir| Recordings::new(dir, provider));
        let recordings = recordings.as_ref();
        let mut tasks = Vec::new();
        for (scenario, findings) in &proven {
            if let Some(recordings) = recordings {
                findings.resume(scenario, recordings);
            }
            for with in needed_addons(scenario).into_iter().filter(|with| findings.has_open(scenario, with)) {
                tasks.push(Task { scenario: place::with(scenario, &with)?, with, findings, options: &options, recordings });
            }
        }
        let board = Board::new(tasks.len());
        let workers = (0..self.bearable(options.jobs)?).map(|number| engine.work(&board, &tasks, own::name("prove", number)));
        futures::future::join_all(workers).await.into_iter().collect::<Result<(), _>>()?;
        let sums: Vec<ProofScenario> = bundles.iter().map(bundle_proof::prove).collect();
        let mut scenarios = Vec::new();
        for (scenario, findings) in proven {
            let seen = findings.take_recorded();
            let mutation = if seen.is_empty() { None } else { Some(mutate(scenario, seen, &engine.reader).await) };
            scenarios.push(ProofScenario { mutation, ..findings.into_proof(scenario.id()) });
        }
        Ok(ProofReport { scenarios: scenarios.into_iter().chain(sums).collect(), ..ProofReport::new(provider) })
    }

    /// As many environments at a time as were asked for, or as this machine bears.
    pub(super) fn bearable(&self, jobs: usize) -> Result<usize, RunnerError> {
        let Some((most, why)) = self.provider("prove")?.room() else { return Ok(jobs.max(1)) };
        if jobs > most {
            let message =
                Text::new(format!("동시에 {most}개까지만 띄웁니다: {}", why.ko), format!("no more than {most} at a time: {}", why.en));
            self.events.send(Event::Warned { message });
        }
        Ok(jobs.clamp(1, most))
    }

    /// The capabilities that a scenario needs and its provider lacks.
    async fn refused(&self, scenario: &Scenario, environment: &str) -> Result<Vec<String>, RunnerError> {
        let provider = self.provider(environment)?;
        let request = place::request(scenario, environment);
        let offered = provider.capabilities(&request).await.map_err(|e| RunnerError::environment(environment, e))?;
        Ok(starting::missing(&provider, &request, scenario, &offered))
    }

    /// The scenarios that are to be proven, each once, and the bundles whose parts are among them.
    fn asked(&self, ids: &[String]) -> Result<(Vec<Scenario>, Vec<Bundle>), RunnerError> {
        let (mut scenarios, mut bundles): (Vec<Scenario>, Vec<Bundle>) = (Vec::new(), Vec::new());
        for id in ids {
            let folder = Path::new(id);
            let bundle = if is_bundle(folder) { Some(library::bundle_in(folder, id)?) } else { self.bundle(id)? };
            let asked = match &bundle {
                Some(bundle) => bundle.parts.clone(),
                None => vec![self.named(id)?],
            };
            for scenario in asked {
                if !scenarios.iter().any(|known| known.id() == scenario.id()) {
                    scenarios.push(scenario);
                }
            }
            bundles.extend(bundle);
        }
        Ok((scenarios, bundles))
    }

    /// A scenario by id, or by the folder it is in.
    pub(super) fn named(&self, id: &str) -> Result<Scenario, RunnerError> {
        let folder = Path::new(id);
        if folder.join("scenario.yaml").is_file() { library::load(folder, id) } else { self.scenario(id).cloned() }
    }

    /// Proves what the board says in one environment, and removes the environment.
    async fn work(&self, board: &Board, tasks: &[Task<'_>], environment: String) -> Result<(), RunnerError> {
        let mut worked = Ok(());
        while let (Ok(()), Some(turn)) = (&worked, board.turn().await) {
            worked = self.take_turn(board, tasks, turn, &environment).await;
        }
        let stopped = self.stop(&environment, false).await;
        worked.and(stopped.map(drop))
    }

    async fn take_turn(&self, board: &Board, tasks: &[Task<'_>], turn: Turn, environment: &str) -> Result<(), RunnerError> {
        let job = turn.job();
        let _closed = board.closed_after(turn);
        let Some(Task { scenario, with, findings, options, recordings }) = tasks.get(job) else { return Ok(()) };
        let provider = self.provider(environment)?;
        let placed = place::placed(&provider, scenario, environment)?;
        let (keep, retries, recordings) = (options.mutate, options.retries, *recordings);
        let proof = Proof { engine: self, scenario: &placed, with, environment, findings, board, job, keep, retries, recordings };
        match turn {
            Turn::Begin(_) => {
                let refused = self.refused(scenario, environment).await?;
                match refused.is_empty() {
                    true => proof.begin().await,
                    false => proof.refuse(refused),
                }
            }
            // What another began was not refused.
            Turn::Help(_) => proof.help().await,
        }
        // What comes next must not find an add-on that it did not ask for.
        if with.is_empty() { Ok(()) } else { self.stop(environment, false).await.map(drop) }
    }
}

/// The cases of a scenario that need the same optional add-ons.
struct Task<'a> {
    /// With these add-ons.
    scenario: Scenario,
    with: Vec<String>,
    findings: &'a Findings,
    options: &'a ProveOptions,
    recordings: Option<&'a Recordings>,
}
