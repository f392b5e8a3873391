use super::criterion::Criterion;
use crate::{
    attempt::{Attempt, Run},
    check::Recording,
    reader::Reader,
    report::{CaseKind, Fate, MutationScore, ProvenMutant},
    scenario::{self, Mutant, Scenario},
    score::{self, Score},
};

/// What was seen in a case of a proof that holds.
#[derive(Debug, Clone)]
pub(super) struct Recorded {
    /// Its place in the report.
    pub place: usize,
    pub kind: CaseKind,
    pub name: String,
    pub criterion: Criterion,
    pub attempt: Attempt,
    pub recording: Recording,
}

/// Weakens each check of a scenario in turn and judges anew what its proof has seen: some case must come to something else.
pub(super) async fn mutate(scenario: &Scenario, mut cases: Vec<Recorded>, reader: &Reader) -> MutationScore {
    let mutants = scenario::mutants(scenario);
    for case in &mut cases {
        let asserts = mutants.iter().filter_map(|mutant| mutant.assert.as_ref());
        let questions: Vec<_> = asserts.flat_map(|assert| case.recording.open_questions(assert)).collect();
        if !questions.is_empty() {
            case.recording.answer(reader.ask(questions).await);
        }
    }
    let pointers: Vec<&str> = mutants.iter().map(|mutant| mutant.pointer.as_str()).collect();
    let places = scenario::locate(&scenario.dir, &pointers);
    let proven = mutants.iter().zip(places).map(|(mutant, place)| ProvenMutant {
        line: place.map(|span| span.line),
        column: place.map(|span| span.column),
        ..judged(scenario, mutant, &cases)
    });
    MutationScore::new(scenario.dir.join("scenario.yaml").display().to_string(), proven.collect())
}

fn judged(scenario: &Scenario, mutant: &Mutant, cases: &[Recorded]) -> ProvenMutant {
    let (mut told, mut failing, mut differing) = (false, None, Vec::new());
    for case in cases {
        let Some(run) = case.recording.rejudged(&mutant.check, mutant.assert.as_ref()) else { continue };
        told = true;
        let score = score::score(scenario, &case.attempt, Some(&run));
        if case.criterion.problem(&run, &score).is_some() {
            failing = Some(case.name.clone());
            break;
        }
        if differs(scenario, mutant, case, &run, &score) {
            differing.push(case.name.clone());
        }
    }
    let proven = failing.is_some();
    let noticed_by = failing.or_else(|| differing.first().cloned());
    let fate = match (&noticed_by, told) {
        (Some(_), _) => Fate::Killed,
        (None, true) => Fate::Survived,
        (None, false) => Fate::Unjudged,
    };
    ProvenMutant {
        check: mutant.check.clone(),
        mutation: mutant.mutation.to_owned(),
        detail: mutant.detail.clone(),
        pointer: mutant.pointer.clone(),
        line: None,
        column: None,
        fate,
        noticed_by,
        unnamed_by: if proven { Vec::new() } else { differing },
    }
}

/// Whether a case comes to something else: another verdict of the check, or other points.
fn differs(scenario: &Scenario, mutant: &Mutant, case: &Recorded, run: &Run, score: &Score) -> bool {
    let before = case.recording.run();
    let verdict = |run: &Run| run.result(&mutant.check).map(|result| result.verdict);
    verdict(run) != verdict(before) || score.total != score::score(scenario, &case.attempt, Some(before)).total
}
