use super::criterion::Criterion;
use crate::{
    attempt::{Attempt, Run, Verdict},
    check::Recording,
    reader::Reader,
    report::{Fate, MutationScore, ProvenMutant},
    scenario::{self, Mutant, Scenario},
    score,
};

/// What was seen in a case of a proof that holds.
#[derive(Debug)]
pub(super) struct Recorded {
    /// Its place in the report.
    pub place: usize,
    pub name: String,
    pub criterion: Criterion,
    pub attempt: Attempt,
    pub recording: Recording,
}

/// Weakens each check of a scenario in turn and judges anew what its proof has seen: some case must notice.
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
    let (mut told, mut noticed_by, mut unnamed_by) = (false, None, Vec::new());
    for case in cases {
        let Some(run) = case.recording.rejudged(&mutant.check, mutant.assert.as_ref()) else { continue };
        told = true;
        if case.criterion.problem(&run, &score::score(scenario, &case.attempt, Some(&run))).is_some() {
            noticed_by = Some(case.name.clone());
            break;
        }
        let stops = |run: &Run| run.result(&mutant.check).is_some_and(|r| matches!(r.verdict, Verdict::Fail | Verdict::Blocked));
        if matches!(case.criterion, Criterion::StoppedBy(..)) && stops(case.recording.run()) && !stops(&run) {
            unnamed_by.push(case.name.clone());
        }
    }
    let fate = match (&noticed_by, told) {
        (Some(_), _) => Fate::Killed,
        (None, true) => Fate::Survived,
        (None, false) => Fate::Unjudged,
    };
    if fate != Fate::Survived {
        unnamed_by.clear();
    }
    ProvenMutant {
        check: mutant.check.clone(),
        mutation: mutant.mutation.to_owned(),
        detail: mutant.detail.clone(),
        pointer: mutant.pointer.clone(),
        line: None,
        column: None,
        fate,
        noticed_by,
        unnamed_by,
    }
}
