use std::{
    collections::BTreeSet,
    iter,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use super::{
    CheckOptions, Engine, RunnerError, Session, StartOptions, board::Board, criterion::Criterion, mutating::Recorded,
    recordings::Recordings,
};
use crate::{
    attempt::{Basis, Mark, Trigger, Verdict},
    check::Recording,
    points::Points,
    provision,
    report::{CaseKind, CaseVerdict, ProofCase, ProofScenario},
    scenario::{Action, BaselineSpec, Cheat, CheckSpec, Delete, Kind, Scenario, Solution},
    score,
};

/// What one case of a proof found wrong; `None` when it holds.
type Finding = Result<Option<String>, RunnerError>;

/// What the environments that prove a scenario have found so far.
#[derive(Debug, Default)]
pub(super) struct Findings(Mutex<Found>);

#[derive(Debug, Default)]
struct Found {
    refused: Vec<String>,
    bases: BTreeSet<Basis>,
    /// With their places in the report.
    cases: Vec<(usize, ProofCase)>,
    /// What was seen in those that hold.
    recorded: Vec<Recorded>,
    /// Those of them that an earlier proof has seen.
    kept: BTreeSet<(CaseKind, String)>,
}

impl Findings {
    fn with<T>(&self, change: impl FnOnce(&mut Found) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// For lack of what it cannot be proven here.
    pub(super) fn refuse(&self, lacks: Vec<String>) {
        self.with(|found| found.refused = lacks);
    }

    /// Takes what earlier proofs have seen: those cases are not proven again, nor is what says nothing about checks.
    pub(super) fn resume(&self, scenario: &Scenario, recordings: &Recordings) {
        let others = Case::all(scenario).into_iter().enumerate().map(|(number, case)| (OTHERS + number, case.kind_and_name()));
        for (place, (kind, name)) in iter::once((BROKEN, (CaseKind::Broken, UNTOUCHED))).chain(others) {
            let Some(recorded) = recordings.kept(scenario, kind, name, place) else { continue };
            let message = "not proven again: nothing that it rests on has changed".to_owned();
            self.with(|found| {
                found.recorded.push(recorded);
                found.kept.insert((kind, name.to_owned()));
                let verdict = CaseVerdict::Pass;
                found.cases.push((place, ProofCase { name: name.to_owned(), kind, verdict, millis: 0, message, earlier: Vec::new() }));
            });
        }
    }

    fn is_settled(&self, kind: CaseKind, name: &str) -> bool {
        let aside = matches!(kind, CaseKind::Reset | CaseKind::Repeat);
        self.with(|found| found.kept.contains(&(kind, name.to_owned())) || (aside && !found.kept.is_empty()))
    }

    /// Whether cases are left that need exactly these add-ons.
    pub(super) fn has_open(&self, scenario: &Scenario, addons: &[String]) -> bool {
        let broken = addons.is_empty() && !self.is_settled(CaseKind::Broken, UNTOUCHED);
        broken || !self.open(scenario, addons).is_empty()
    }

    /// The cases that are left of those that need exactly these add-ons, with their places among all.
    fn open<'a>(&self, scenario: &'a Scenario, addons: &[String]) -> Vec<(usize, Case<'a>)> {
        let settled = |case: &Case| {
            let (kind, name) = case.kind_and_name();
            self.is_settled(kind, name)
        };
        Case::with(scenario, addons).into_iter().filter(|(_, case)| !settled(case)).collect()
    }

    fn skip(&self, place: usize, kind: CaseKind, name: &str, lacks: &[String]) {
        let message = format!("it needs {}", lacks.join(", "));
        self.with(|found| {
            let case = ProofCase { name: name.to_owned(), kind, verdict: CaseVerdict::Skipped, millis: 0, message, earlier: Vec::new() };
            found.cases.push((place, case));
        });
    }

    /// What was seen in the cases that hold, in their order.
    pub(super) fn take_recorded(&self) -> Vec<Recorded> {
        let mut recorded = self.with(|found| std::mem::take(&mut found.recorded));
        recorded.sort_by_key(|case| case.place);
        recorded
    }

    /// As they are reported.
    pub(super) fn into_proof(self, id: &str) -> ProofScenario {
        let Found { refused, bases, mut cases, .. } = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        cases.sort_by_key(|(place, _)| *place);
        ProofScenario { id: id.to_owned(), cases: cases.into_iter().map(|(_, case)| case).collect(), bases, refused, mutation: None }
    }

    fn record(&self, place: usize, kind: CaseKind, name: &str, tried: Tried) {
        let (verdict, message) = match tried.finding {
            Ok(None) => (CaseVerdict::Pass, String::new()),
            Ok(Some(message)) => (CaseVerdict::Fail, message),
            Err(error) => (CaseVerdict::Error, error.to_string()),
        };
        let millis = u64::try_from(tried.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let case = ProofCase { name: name.to_owned(), kind, verdict, millis, message, earlier: tried.earlier };
        self.with(|found| found.cases.push((place, case)));
    }
}

/// A case after its last try.
struct Tried {
    started: Instant,
    finding: Finding,
    /// What the tries before it found wrong.
    earlier: Vec<String>,
}

impl Tried {
    /// At the first try.
    fn once(started: Instant, finding: Finding) -> Self {
        Self { started, finding, earlier: Vec::new() }
    }
}

/// A case that any environment may prove in which the scenario was started.
#[derive(Debug, Clone, Copy)]
enum Case<'a> {
    Solution(&'a Solution),
    WholeLab,
    Cheat(&'a Cheat),
    Reset,
    /// The last one: it replaces the attempt.
    Again,
}

impl<'a> Case<'a> {
    /// Those that need exactly these add-ons, with their places among all.
    fn with(scenario: &'a Scenario, addons: &[String]) -> Vec<(usize, Self)> {
        Self::all(scenario).into_iter().enumerate().filter(|(_, case)| case.addons() == addons).collect()
    }

    fn all(scenario: &'a Scenario) -> Vec<Self> {
        let lab = (scenario.file.kind == Kind::Lab).then_some(Self::WholeLab);
        let solutions = scenario.solutions.iter().map(Self::Solution).chain(lab);
        solutions.chain(scenario.cheats.iter().map(Self::Cheat)).chain([Self::Reset, Self::Again]).collect()
    }

    /// The optional add-ons that it needs.
    fn addons(self) -> &'a [String] {
        match self {
            Self::Solution(solution) => &solution.file.with,
            Self::Cheat(cheat) => &cheat.file.with,
            Self::WholeLab | Self::Reset | Self::Again => &[],
        }
    }

    fn kind_and_name(self) -> (CaseKind, &'a str) {
        match self {
            Self::Solution(solution) => (CaseKind::Solution, &solution.name),
            Self::WholeLab => (CaseKind::Solution, "every-step"),
            Self::Cheat(cheat) => (CaseKind::Cheat, &cheat.name),
            Self::Reset => (CaseKind::Reset, "reset-is-exact"),
            Self::Again => (CaseKind::Repeat, "start-twice-gives-the-same"),
        }
    }
}

/// The places of a proof's first cases in the report; the others follow.
const STARTS: usize = 0;
const BROKEN: usize = 1;
const OTHERS: usize = 2;

/// The case of the broken state.
const UNTOUCHED: &str = "broken-earns-nothing";

/// The optional add-ons that cases of a scenario need, without any first. What is proven with some is proven in an environment of its
/// own: an add-on may take the place of something that other cases use.
pub(super) fn needed_addons(scenario: &Scenario) -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    for case in Case::all(scenario) {
        if !all.iter().any(|addons| addons == case.addons()) {
            all.push(case.addons().to_vec());
        }
    }
    all
}

/// A scenario in one of the environments that prove it.
pub(super) struct Proof<'a> {
    pub(super) engine: &'a Engine,
    /// Under the namespaces that it has there, and with the optional add-ons that it has there.
    pub(super) scenario: &'a Scenario,
    /// These add-ons.
    pub(super) with: &'a [String],
    pub(super) environment: &'a str,
    pub(super) findings: &'a Findings,
    pub(super) board: &'a Board,
    /// Its number on the board.
    pub(super) job: usize,
    /// What is seen is kept for mutants.
    pub(super) keep: bool,
    /// A case that does not hold is tried again so often.
    pub(super) retries: usize,
    /// Where it is kept beyond this proof.
    pub(super) recordings: Option<&'a Recordings>,
}

impl Proof<'_> {
    /// Starts it, looks at what only a fresh start shows, opens the other cases to all, and proves them until none is left.
    pub(super) async fn begin(&self) {
        let (started, mut earlier) = (Instant::now(), Vec::new());
        let session = loop {
            match self.start().await {
                Ok(session) => break session,
                Err(error) if !error.lacks.is_empty() => return self.refuse(error.lacks),
                Err(error) if earlier.len() < self.retries => earlier.push(error.to_string()),
                Err(error) => {
                    return self.findings.record(STARTS, CaseKind::Healthy, "starts", Tried { started, finding: Err(error), earlier });
                }
            }
        };
        if self.with.is_empty() {
            self.findings.record(STARTS, CaseKind::Healthy, "starts", Tried { started, finding: Ok(None), earlier });
            if !self.findings.is_settled(CaseKind::Broken, UNTOUCHED) {
                let tried = self.tried(async || self.judged(&session, Criterion::NothingEarned, BROKEN, UNTOUCHED).await).await;
                self.findings.record(BROKEN, CaseKind::Broken, UNTOUCHED, tried);
            }
            let languages = Tried::once(Instant::now(), Ok(languages(self.scenario)));
            self.findings.record(OTHERS + Case::all(self.scenario).len(), CaseKind::Languages, "both-languages", languages);
        }
        self.board.open(self.job, self.cases().len());
        self.others(session).await;
    }

    /// For lack of what nothing can be proven with these add-ons here; without any, nothing at all.
    pub(super) fn refuse(&self, lacks: Vec<String>) {
        if self.with.is_empty() {
            return self.findings.refuse(lacks);
        }
        for (number, case) in self.cases() {
            let (kind, name) = case.kind_and_name();
            self.findings.skip(OTHERS + number, kind, name, &lacks);
        }
    }

    /// Starts it in a further environment and proves what is left.
    pub(super) async fn help(&self) {
        let started = Instant::now();
        match self.start().await {
            Ok(session) => self.others(session).await,
            Err(error) => self.findings.record(STARTS, CaseKind::Healthy, "starts-elsewhere", Tried::once(started, Err(error))),
        }
    }

    async fn others(&self, mut session: Session) {
        let cases = self.cases();
        while let Some(taken) = self.board.take(self.job) {
            let Some(&(number, case)) = cases.get(taken) else { continue };
            let place = OTHERS + number;
            let tried = self.tried(async || self.prove(&mut session, case, place).await).await;
            let (kind, name) = case.kind_and_name();
            self.findings.record(place, kind, name, tried);
        }
        // What is left of it is of no more use; the next proof has a folder of its own.
        let _ = self.engine.take_back(&session);
    }

    fn cases(&self) -> Vec<(usize, Case<'_>)> {
        self.findings.open(self.scenario, self.with)
    }

    async fn prove(&self, session: &mut Session, case: Case<'_>, place: usize) -> Finding {
        match case {
            Case::Solution(solution) => self.solution(session, solution, place).await,
            Case::WholeLab => self.whole_lab(session, place).await,
            Case::Cheat(cheat) => self.cheat(session, cheat, place).await,
            Case::Reset => self.reset(session).await,
            Case::Again => self.again(session).await,
        }
    }

    /// Until it holds, or as often as may be.
    async fn tried(&self, mut case: impl AsyncFnMut() -> Finding) -> Tried {
        let (started, mut earlier) = (Instant::now(), Vec::new());
        loop {
            let finding = case().await;
            let wrong = match &finding {
                Ok(None) => None,
                Ok(Some(message)) => Some(message.clone()),
                Err(error) => Some(error.to_string()),
            };
            match wrong.filter(|_| earlier.len() < self.retries) {
                Some(message) => earlier.push(message),
                None => return Tried { started, finding, earlier },
            }
        }
    }

    /// Back to the broken state, with nothing handed in.
    async fn anew(&self, session: &mut Session) -> Result<(), RunnerError> {
        self.engine.take_back(session)?;
        self.engine.restore(session).await.map(drop)
    }

    async fn start(&self) -> Result<Session, RunnerError> {
        let options = StartOptions { replace: true, ..StartOptions::default() };
        self.engine.start_scenario(self.scenario, self.environment, options).await?;
        self.engine.session(self.environment).await
    }

    /// Judges the checks as they stand now.
    async fn judged(&self, session: &Session, criterion: Criterion, place: usize, name: &str) -> Finding {
        let options = CheckOptions { provisional: false, step: None, trigger: Trigger::Prove };
        let (run, snapshot) = self.engine.judge_keeping(session, &options).await?;
        let judged = run.results.iter().filter(|result| matches!(result.verdict, Verdict::Pass | Verdict::Fail));
        self.findings.with(|found| found.bases.extend(judged.map(|result| result.basis)));
        let mut attempt = self.engine.attempt(session).await?;
        attempt.marks = marks(self.scenario, if criterion == Criterion::NothingEarned { Marked::Nothing } else { Marked::InFull });
        let problem = criterion.problem(&run, &score::score(self.scenario, &attempt, Some(&run)));
        if let (None, true, Some(snapshot)) = (&problem, self.keep, snapshot) {
            let recording = Recording::new(self.scenario, &session.baseline, snapshot, run);
            let case = Recorded { place, kind: criterion.kind(), name: name.to_owned(), criterion, attempt, recording };
            if let Some(recordings) = self.recordings {
                recordings.keep(self.scenario, &case).map_err(RunnerError::store)?;
            }
            self.findings.with(|found| found.recorded.push(case));
        }
        Ok(problem)
    }

    async fn solution(&self, session: &mut Session, solution: &Solution, place: usize) -> Finding {
        self.anew(session).await?;
        if let Some(step) = &solution.file.step {
            for earlier in self.first_solutions().into_iter().take_while(|s| s.file.step.as_ref() != Some(step)) {
                self.engine.perform(session, earlier).await?;
            }
        }
        self.engine.perform(session, solution).await?;
        let criterion = match &solution.file.step {
            Some(step) => Criterion::StepDone(step.clone()),
            None => Criterion::Earns(solution.file.points.unwrap_or(Points::whole(100))),
        };
        self.judged(session, criterion, place, &solution.name).await
    }

    /// The first solution of each step, in the order of the steps.
    fn first_solutions(&self) -> Vec<&Solution> {
        let steps = &self.scenario.file.spec.steps;
        steps
            .iter()
            .filter_map(|step| self.scenario.solutions.iter().find(|s| s.file.step.as_ref() == Some(&step.id) && s.file.with.is_empty()))
            .collect()
    }

    /// A lab worked through from its first step to its last earns everything.
    async fn whole_lab(&self, session: &mut Session, place: usize) -> Finding {
        self.anew(session).await?;
        for solution in self.first_solutions() {
            self.engine.perform(session, solution).await?;
        }
        self.judged(session, Criterion::Earns(Points::whole(100)), place, Case::WholeLab.kind_and_name().1).await
    }

    async fn cheat(&self, session: &mut Session, cheat: &Cheat, place: usize) -> Finding {
        self.anew(session).await?;
        self.engine.apply(session, &cheat.dir, &cheat.file.actions).await?;
        self.engine.hand_in(session, &cheat.dir, &cheat.file.files)?;
        self.engine.give_answers(session, &cheat.file.answers).await?;
        self.judged(session, Criterion::StoppedBy(cheat.file.stopped_by.iter().cloned().collect(), cheat.file.points), place, &cheat.name)
            .await
    }

    async fn reset(&self, session: &mut Session) -> Finding {
        let before = session.baseline.objects.clone();
        self.disturb(session).await?;
        // What still differs after a reset is an error of the reset itself.
        self.anew(session).await?;
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

/// What a proof takes the graders to say, who are not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marked {
    /// All points: whoever works may find a kind grader.
    InFull,
    /// None: whoever does nothing does not.
    Nothing,
}

fn marks(scenario: &Scenario, marked: Marked) -> Vec<Mark> {
    let by_hand = scenario.checks().filter(|check| score::is_marked_by_hand(check));
    let points = |check: &CheckSpec| if marked == Marked::InFull { check.points } else { Points::ZERO };
    by_hand
        .map(|check| Mark {
            check: check.id.clone(),
            points: points(check),
            comment: String::new(),
            by: "prove".into(),
            role: Default::default(),
            evidence: None,
            blind: false,
        })
        .collect()
}

/// An object that no scenario has, for the learner's mess before a reset.
fn stray(namespace: &str) -> serde_json::Value {
    serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "left-by-the-proof", "namespace": namespace}, "data": {"a": "b"}})
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
        .chain(spec.steps.iter().flat_map(|s| [&s.title, &s.text].into_iter().chain(&s.explanation)))
        .chain(scenario.solutions.iter().map(|s| &s.file.title))
        .chain(scenario.cheats.iter().map(|c| &c.file.title));
    let hangul = |text: &str| text.chars().any(|c| ('가'..='힣').contains(&c));
    let wrong: Vec<_> = texts
        .filter(|t| t.en.trim().is_empty() || !hangul(&t.ko) || hangul(&t.en))
        .map(|t| t.en.chars().take(40).collect::<String>())
        .collect();
    (!wrong.is_empty()).then(|| format!("texts without a translation: {}", wrong.join("; ")))
}
