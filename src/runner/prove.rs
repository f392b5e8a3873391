use std::{
    collections::{BTreeSet, VecDeque},
    path::Path,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use super::{CheckOptions, Engine, RunnerError, Session, StartOptions, library, own, place, starting};
use crate::{
    attempt::{Basis, Run, Trigger, Verdict},
    points::Points,
    provider::{Provider, ProviderName},
    provision,
    report::{CaseKind, CaseVerdict, ProofCase, ProofReport, ProofScenario},
    scenario::{Action, BaselineSpec, Cheat, Delete, Kind, Role, Scenario, Solution},
    score::{self, Score},
    store::Store,
};

/// What one case of a proof found wrong; `None` when it holds.
type Finding = Result<Option<String>, RunnerError>;

impl Engine {
    /// Proves scenarios, given by id or folder, so many at a time, each in a sandbox of its own.
    ///
    /// # Errors
    /// A scenario does not exist or is not valid, or the machine cannot run sandboxes. What a scenario gets wrong is not an error
    /// but a failed case.
    pub async fn prove(&self, ids: &[String], jobs: usize) -> Result<ProofReport, RunnerError> {
        self.remove_orphans().await?;
        let scenarios = ids.iter().map(|id| self.named(id)).collect::<Result<Vec<_>, _>>()?;
        // Proofs are nobody's attempts: they are kept in records of their own, which go away with the command.
        let records = tempfile::tempdir().map_err(RunnerError::store)?;
        let store = Store::open(&records.path().join("proof.db")).await.map_err(RunnerError::store)?;
        let engine = Self { store, ..self.clone() };
        let queue: Mutex<VecDeque<_>> = Mutex::new(scenarios.iter().enumerate().collect());
        let workers = (0..jobs.clamp(1, scenarios.len().max(1))).map(|number| engine.work(&queue, own::name("prove", number)));
        let mut proofs = Vec::new();
        for done in futures::future::join_all(workers).await {
            proofs.extend(done?);
        }
        proofs.sort_by_key(|(order, _)| *order);
        Ok(ProofReport {
            scenarios: proofs.into_iter().map(|(_, proof)| proof).collect(),
            ..ProofReport::new(self.settings.provider.unwrap_or(ProviderName::Sandbox).as_str())
        })
    }

    /// The capabilities that a scenario needs and its provider lacks.
    async fn refused(&self, scenario: &Scenario, environment: &str) -> Result<Vec<String>, RunnerError> {
        let provider = self.provider(environment)?;
        let offered = provider.capabilities(&place::request(scenario, environment)).await;
        Ok(starting::missing(scenario, &offered.map_err(|e| RunnerError::environment(environment, e))?))
    }

    /// A scenario by id, or by the folder it is in.
    fn named(&self, id: &str) -> Result<Scenario, RunnerError> {
        let folder = Path::new(id);
        if folder.join("scenario.yaml").is_file() { library::load(folder, id) } else { self.scenario(id).cloned() }
    }

    /// Takes one scenario after the other from the queue, in one environment, and removes the environment.
    async fn work(
        &self,
        queue: &Mutex<VecDeque<(usize, &Scenario)>>,
        environment: String,
    ) -> Result<Vec<(usize, ProofScenario)>, RunnerError> {
        let mut proofs = Vec::new();
        let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        while let Some((order, scenario)) = next() {
            let refused = self.refused(scenario, &environment).await?;
            let placed = self.provider(&environment).and_then(|provider| place::placed(&provider, scenario, &environment))?;
            let mut proof =
                Proof { engine: self, scenario: &placed, environment: &environment, refused, cases: Vec::new(), bases: Mutex::default() };
            if proof.refused.is_empty() {
                proof.run().await;
            }
            let bases = proof.bases.into_inner().unwrap_or_else(PoisonError::into_inner);
            proofs.push((order, ProofScenario { id: scenario.id().to_owned(), cases: proof.cases, bases, refused: proof.refused }));
        }
        self.stop(&environment, false).await?;
        Ok(proofs)
    }
}

/// The proof of one scenario, case by case.
struct Proof<'a> {
    engine: &'a Engine,
    scenario: &'a Scenario,
    environment: &'a str,
    /// For lack of what it cannot be proven here.
    refused: Vec<String>,
    cases: Vec<ProofCase>,
    bases: Mutex<BTreeSet<Basis>>,
}

impl Proof<'_> {
    async fn run(&mut self) {
        let started = Instant::now();
        let mut session = match self.start().await {
            Ok(session) => {
                self.record(CaseKind::Healthy, "starts", started, Ok(None));
                session
            }
            Err(error) if !error.lacks.is_empty() => return self.refused = error.lacks,
            Err(error) => return self.record(CaseKind::Healthy, "starts", started, Err(error)),
        };
        let started = Instant::now();
        let finding = self.broken(&session).await;
        self.record(CaseKind::Broken, "broken-earns-nothing", started, finding);
        for solution in &self.scenario.solutions {
            let started = Instant::now();
            let finding = self.solution(&mut session, solution).await;
            self.record(CaseKind::Solution, &solution.name, started, finding);
        }
        if self.scenario.file.kind == Kind::Lab {
            let started = Instant::now();
            let finding = self.whole_lab(&mut session).await;
            self.record(CaseKind::Solution, "every-step", started, finding);
        }
        for cheat in &self.scenario.cheats {
            let started = Instant::now();
            let finding = self.cheat(&mut session, cheat).await;
            self.record(CaseKind::Cheat, &cheat.name, started, finding);
        }
        let started = Instant::now();
        let finding = self.reset(&mut session).await;
        self.record(CaseKind::Reset, "reset-is-exact", started, finding);
        let started = Instant::now();
        let finding = self.again(&session).await;
        self.record(CaseKind::Repeat, "start-twice-gives-the-same", started, finding);
        let started = Instant::now();
        self.record(CaseKind::Languages, "both-languages", started, Ok(languages(self.scenario)));
    }

    fn record(&mut self, kind: CaseKind, name: &str, started: Instant, finding: Finding) {
        let (verdict, message) = match finding {
            Ok(None) => (CaseVerdict::Pass, String::new()),
            Ok(Some(message)) => (CaseVerdict::Fail, message),
            Err(error) => (CaseVerdict::Error, error.to_string()),
        };
        let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.cases.push(ProofCase { name: name.to_owned(), kind, verdict, millis, message });
    }

    async fn start(&self) -> Result<Session, RunnerError> {
        self.engine.start_scenario(self.scenario, self.environment, StartOptions { replace: true }).await?;
        self.engine.session(self.environment).await
    }

    async fn judged(&self, session: &Session) -> Result<(Run, Score), RunnerError> {
        let run = self.engine.judge(session, &CheckOptions { provisional: false, step: None, trigger: Trigger::Prove }).await;
        let judged = run.results.iter().filter(|result| matches!(result.verdict, Verdict::Pass | Verdict::Fail));
        self.bases.lock().unwrap_or_else(PoisonError::into_inner).extend(judged.map(|result| result.basis));
        let attempt = self.engine.attempt(session).await?;
        let score = score::score(self.scenario, &attempt, Some(&run));
        Ok((run, score))
    }

    /// Whoever does nothing earns nothing, and every guard holds: the fault alone breaches none.
    async fn broken(&self, session: &Session) -> Finding {
        let (run, score) = self.judged(session).await?;
        let wrong: Vec<_> = run
            .results
            .iter()
            .filter(|r| match r.role {
                Role::Objective | Role::Bonus => !matches!(r.verdict, Verdict::Fail | Verdict::Blocked),
                Role::Guard => r.verdict != Verdict::Pass,
                Role::Info => false,
            })
            .map(describe)
            .collect();
        if !wrong.is_empty() {
            return Ok(Some(format!("unexpected verdicts in the broken state: {}", wrong.join("; "),)));
        }
        Ok((score.total.high > Points::ZERO).then(|| format!("doing nothing earns {}", score.total.high)))
    }

    async fn solution(&self, session: &mut Session, solution: &Solution) -> Finding {
        self.engine.restore(session).await?;
        let Some(step) = &solution.file.step else {
            self.engine.apply(session, &solution.dir, &solution.file.actions).await?;
            let (run, score) = self.judged(session).await?;
            return Ok(earned(&run, &score, solution.file.points.unwrap_or(Points::whole(100))));
        };
        for earlier in self.first_solutions().into_iter().take_while(|s| s.file.step.as_ref() != Some(step)) {
            self.engine.apply(session, &earlier.dir, &earlier.file.actions).await?;
        }
        self.engine.apply(session, &solution.dir, &solution.file.actions).await?;
        let (run, _) = self.judged(session).await?;
        let open: Vec<_> =
            run.results.iter().filter(|r| r.step.as_ref() == Some(step) && r.verdict != Verdict::Pass).map(describe).collect();
        Ok((!open.is_empty()).then(|| format!("the step `{step}` does not pass: {}", open.join("; "))))
    }

    /// The first solution of each step, in the order of the steps.
    fn first_solutions(&self) -> Vec<&Solution> {
        let steps = &self.scenario.file.spec.steps;
        steps.iter().filter_map(|step| self.scenario.solutions.iter().find(|s| s.file.step.as_ref() == Some(&step.id))).collect()
    }

    /// A lab worked through from its first step to its last earns everything.
    async fn whole_lab(&self, session: &mut Session) -> Finding {
        self.engine.restore(session).await?;
        for solution in self.first_solutions() {
            self.engine.apply(session, &solution.dir, &solution.file.actions).await?;
        }
        let (run, score) = self.judged(session).await?;
        Ok(earned(&run, &score, Points::whole(100)))
    }

    async fn cheat(&self, session: &mut Session, cheat: &Cheat) -> Finding {
        self.engine.restore(session).await?;
        self.engine.apply(session, &cheat.dir, &cheat.file.actions).await?;
        let (run, score) = self.judged(session).await?;
        let stopped_by: BTreeSet<_> = cheat.file.stopped_by.iter().map(String::as_str).collect();
        let through: Vec<_> = stopped_by
            .iter()
            .filter(|id| !run.result(id).is_some_and(|r| matches!(r.verdict, Verdict::Fail | Verdict::Blocked)))
            .map(|id| run.result(id).map_or_else(|| (*id).to_owned(), describe))
            .collect();
        if !through.is_empty() {
            return Ok(Some(format!("checks that let the cheat through: {}", through.join("; "))));
        }
        let full = score.total.high >= Points::whole(100);
        Ok(full.then(|| "the cheat earns everything".to_owned()))
    }

    async fn reset(&self, session: &mut Session) -> Finding {
        let before = session.baseline.objects.clone();
        self.disturb(session).await?;
        // What still differs after a reset is an error of the reset itself.
        self.engine.restore(session).await?;
        Ok(differing(&provision::compare(&before, &session.baseline.objects)))
    }

    /// Makes a mess that a learner could make: everything of the baseline deleted, something new beside it.
    async fn disturb(&self, session: &Session) -> Result<(), RunnerError> {
        let delete = |subject: &BaselineSpec| Action::Delete(Delete { on: subject.on.clone() });
        let deletes: Vec<_> = self.scenario.file.spec.baseline.iter().map(delete).collect();
        self.engine.apply(session, &self.scenario.dir, &deletes).await?;
        for namespace in &self.scenario.file.spec.namespaces {
            session.cluster.apply(&stray(namespace)).await.map_err(RunnerError::cluster)?;
        }
        Ok(())
    }

    async fn again(&self, session: &Session) -> Finding {
        let second = self.start().await?;
        Ok(differing(&provision::compare_attempts(&session.baseline.objects, &second.baseline.objects)))
    }
}

/// An object that no scenario has, for the learner's mess before a reset.
fn stray(namespace: &str) -> serde_json::Value {
    serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "left-by-the-proof", "namespace": namespace}, "data": {"a": "b"}})
}

fn describe(result: &crate::attempt::CheckResult) -> String {
    let seen: Vec<_> = result.observations.iter().filter(|o| !o.holds).map(|o| format!("{} {}", o.object, o.text.en)).take(3).collect();
    let verdict = serde_json::to_value(result.verdict).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    format!("{} is {verdict} ({}{}{})", result.id, result.reason, if seen.is_empty() { "" } else { ": " }, seen.join(", "))
}

fn earned(run: &Run, score: &Score, expected: Points) -> Option<String> {
    if score.total.is_known() && score.total.points == expected {
        return None;
    }
    let open: Vec<_> = run.results.iter().filter(|r| r.verdict != Verdict::Pass).map(describe).collect();
    let range = if score.total.is_known() { score.total.points.to_string() } else { format!("{}–{}", score.total.low, score.total.high) };
    Some(format!("earns {range} instead of {expected}: {}", open.join("; "),))
}

fn differing(differences: &[provision::Difference]) -> Option<String> {
    let list: Vec<_> = differences.iter().take(5).map(ToString::to_string).collect();
    (!differences.is_empty()).then(|| format!("{} objects differ: {}", differences.len(), list.join("; ")))
}

/// Texts that stand in one language only, or say the same words in both, which no translation does.
fn languages(scenario: &Scenario) -> Option<String> {
    let spec = &scenario.file.spec;
    let texts = [&scenario.story, &scenario.debrief, &scenario.file.metadata.title, &spec.summary]
        .into_iter()
        .chain(scenario.checks().map(|c| &c.title))
        .chain(spec.hints.iter().chain(spec.steps.iter().flat_map(|s| &s.hints)).map(|h| &h.text))
        .chain(spec.steps.iter().flat_map(|s| [&s.title, &s.text]))
        .chain(scenario.solutions.iter().map(|s| &s.file.title))
        .chain(scenario.cheats.iter().map(|c| &c.file.title));
    let hangul = |text: &str| text.chars().any(|c| ('가'..='힣').contains(&c));
    let wrong: Vec<_> = texts
        .filter(|t| t.en.trim().is_empty() || !hangul(&t.ko) || hangul(&t.en))
        .map(|t| t.en.chars().take(40).collect::<String>())
        .collect();
    (!wrong.is_empty()).then(|| format!("texts without a translation: {}", wrong.join("; ")))
}
