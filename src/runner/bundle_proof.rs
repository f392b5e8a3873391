//! What is proven of a bundle beside its parts: that its points are what its content says. Needs no cluster.

use std::{collections::BTreeMap, time::Instant};

use jiff::Timestamp;

use crate::{
    attempt::{ApiCalls, Attempt, AttemptId, AttemptState, Basis, CheckResult, Run, Trigger, Verdict, Versions},
    points::Points,
    report::{CaseKind, CaseVerdict, ProofCase, ProofScenario},
    scenario::{Bundle, Scenario},
    score::{self, BundleScore, Part, Score},
};

/// The most that a part or the whole is worth.
const FULL: Points = Points::whole(100);

/// Proves a bundle's arithmetic and texts.
pub(super) fn prove(bundle: &Bundle) -> ProofScenario {
    let started = Instant::now();
    let cases = [
        ("everything-solved", whole(bundle, Verdict::Pass, FULL, FULL)),
        ("nothing-solved", whole(bundle, Verdict::Fail, Points::ZERO, Points::ZERO)),
        ("nothing-known", whole(bundle, Verdict::Error, Points::ZERO, FULL)),
        ("each-part-its-weight", each_part(bundle)),
    ];
    let case = |(name, problem): (&str, Option<String>)| ProofCase {
        name: name.to_owned(),
        kind: CaseKind::Arithmetic,
        verdict: if problem.is_none() { CaseVerdict::Pass } else { CaseVerdict::Fail },
        millis: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        message: problem.unwrap_or_default(),
        earlier: Vec::new(),
    };
    ProofScenario { id: bundle.id().to_owned(), cases: cases.into_iter().map(case).collect(), ..ProofScenario::default() }
}

/// What is wrong when every part comes to the same.
fn whole(bundle: &Bundle, verdict: Verdict, low: Points, high: Points) -> Option<String> {
    let scores: Vec<Score> = bundle.parts.iter().map(|part| scored(part, verdict)).collect();
    let total = mean(bundle, &scores).total;
    ((total.low, total.high) != (low, high)).then(|| format!("the mean is {total}, not {low} to {high}"))
}

/// What is wrong with the shares of the parts: each solved alone, they must add up to the whole.
fn each_part(bundle: &Bundle) -> Option<String> {
    let weights = bundle.weights();
    let sum: u32 = weights.iter().sum();
    for (solved, weight) in weights.iter().enumerate() {
        let verdict = |at: usize| if at == solved { Verdict::Pass } else { Verdict::Fail };
        let scores: Vec<Score> = bundle.parts.iter().enumerate().map(|(at, part)| scored(part, verdict(at))).collect();
        let (total, wanted) = (mean(bundle, &scores).total, FULL.fraction(*weight, sum));
        if total.points != wanted || !total.is_known() {
            let id = bundle.parts.get(solved).map(Scenario::id).unwrap_or_default();
            return Some(format!("with only `{id}` solved the mean is {total}, not {wanted}"));
        }
    }
    None
}

fn mean(bundle: &Bundle, scores: &[Score]) -> BundleScore {
    let weights = bundle.weights();
    let parts: Vec<Part<'_>> = bundle
        .parts
        .iter()
        .zip(scores)
        .zip(&weights)
        .map(|((part, score), weight)| Part { title: &part.file.metadata.title, weight: *weight, score: Some(score), open: false })
        .collect();
    score::bundle(&parts)
}

/// The score of a part in which every check comes to this.
fn scored(scenario: &Scenario, verdict: Verdict) -> Score {
    let steps = scenario.file.spec.steps.iter().flat_map(|step| step.checks.iter().map(move |check| (Some(step.id.clone()), check)));
    let checks = scenario.file.spec.checks.iter().map(|check| (None, check)).chain(steps);
    let results = checks.map(|(step, check)| CheckResult {
        id: check.id.clone(),
        step,
        role: check.role,
        verdict,
        passed: u32::from(verdict == Verdict::Pass),
        total: 1,
        reason: "as-proven".into(),
        blocked_by: Vec::new(),
        observations: Vec::new(),
        evidence: Vec::new(),
        basis: Basis::Modelled,
        held_millis: 0,
        since_millis: 0,
        moving: false,
    });
    let run = Run {
        trigger: Trigger::Prove,
        started: Timestamp::UNIX_EPOCH,
        millis: 0,
        results: results.collect(),
        calls: ApiCalls::default(),
        resource_versions: BTreeMap::new(),
        provisional: false,
    };
    score::score(scenario, &nobodys(scenario), Some(&run))
}

/// An attempt without hints or anything else that bears on a score.
fn nobodys(scenario: &Scenario) -> Attempt {
    Attempt {
        id: AttemptId(String::new()),
        scenario: scenario.id().to_owned(),
        scenario_dir: String::new(),
        environment: String::new(),
        provider: String::new(),
        capabilities: Vec::new(),
        state: AttemptState::Closed,
        cluster_uid: String::new(),
        namespaces: BTreeMap::new(),
        nonce: String::new(),
        versions: Versions::default(),
        started: Timestamp::UNIX_EPOCH,
        ended: None,
        assisted: false,
        resets: 0,
        hints: Vec::new(),
        marks: Vec::new(),
        judgement: Default::default(),
    }
}
