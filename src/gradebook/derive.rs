use jiff::Timestamp;

use super::{Assignment, Candidate, Entry, EntryState, FORMAT_VERSION, Gradebook, Judged, Learner, Outcome, Policy, Roster};
use crate::text::Text;

/// What a gradebook is derived from.
#[derive(Debug, Clone, Copy)]
pub struct GradebookInput<'a> {
    /// Who is graded.
    pub roster: &'a Roster,
    /// On what.
    pub assignments: &'a [Assignment],
    /// What came of every submission, in the order in which they were graded; with what it is worth, where it was judged. What was
    /// graded anew is there once more and replaces what came before.
    pub judged: &'a [(Judged, Option<Outcome>)],
    /// Learner and assignment of what was handed in and is not graded yet.
    pub waiting: &'a [(String, String)],
    /// Which of several submissions counts.
    pub policy: Policy,
    /// The moment that the gradebook bears.
    pub generated: Timestamp,
}

impl Gradebook {
    /// Puts together what each learner came to.
    #[must_use]
    pub fn new(input: &GradebookInput<'_>) -> Self {
        let entries = input
            .roster
            .learners
            .iter()
            .flat_map(|learner| input.assignments.iter().map(move |assignment| entry(input, learner, assignment)));
        Self {
            format_version: FORMAT_VERSION,
            generated_by: format!("kubedrill {}", env!("CARGO_PKG_VERSION")),
            generated_at: input.generated,
            roster: input.roster.clone(),
            assignments: input.assignments.to_vec(),
            entries: entries.collect(),
        }
    }
}

fn entry(input: &GradebookInput<'_>, learner: &Learner, assignment: &Assignment) -> Entry {
    let mut newest: Vec<&(Judged, Option<Outcome>)> = Vec::new();
    for one in input.judged {
        let judged = &one.0;
        if judged.learner != learner.id || judged.scenario != assignment.id || judged.scenario_digest != assignment.digest {
            continue;
        }
        let known = newest.iter().position(|(known, _)| match &judged.submission {
            Some(digest) => known.submission.as_ref() == Some(digest),
            None => known.submission.is_none() && known.attempt == judged.attempt,
        });
        match known {
            Some(known) => newest[known] = one,
            None => newest.push(one),
        }
    }
    let candidates: Vec<Candidate> = newest
        .iter()
        .map(|(judged, outcome)| Candidate { submitted: judged.submitted, points: outcome.as_ref().map(|outcome| outcome.score.total.low) })
        .collect();
    let attempts = newest.iter().filter_map(|(judged, _)| judged.attempt.clone()).collect();
    let chosen = input.policy.choose(assignment.due, &candidates).map(|number| newest[number]);
    let waits = || input.waiting.iter().any(|(waiting, on)| *waiting == learner.id && *on == assignment.id);
    let Some((judged, outcome)) = chosen else {
        return if waits() { blank(learner, assignment, EntryState::Waiting) } else { blank(learner, assignment, EntryState::Missing) };
    };
    let state = match (judged.state, outcome) {
        (EntryState::Graded | EntryState::Pending, Some(outcome)) if outcome.score.is_final => EntryState::Graded,
        (EntryState::Graded | EntryState::Pending, _) => EntryState::Pending,
        (state, _) => state,
    };
    Entry {
        learner: learner.id.clone(),
        assignment: assignment.id.clone(),
        state,
        reason: judged.reason.clone(),
        submitted: judged.submitted,
        submission: judged.submission.clone(),
        attempt: judged.attempt.clone().filter(|_| outcome.is_some()),
        attempts,
        score: outcome.as_ref().map(|outcome| outcome.score.clone()),
        tier: outcome.as_ref().map(|outcome| outcome.tier),
        checks: outcome.as_ref().map(|outcome| outcome.checks.clone()).unwrap_or_default(),
    }
}

fn blank(learner: &Learner, assignment: &Assignment, state: EntryState) -> Entry {
    let reason = match state {
        EntryState::Missing => Text::new("제출한 것이 없습니다", "nothing was handed in"),
        _ => Text::new("아직 채점하지 않았습니다", "it has not been graded yet"),
    };
    Entry {
        learner: learner.id.clone(),
        assignment: assignment.id.clone(),
        state,
        reason: Some(reason),
        submitted: None,
        submission: None,
        attempt: None,
        attempts: Vec::new(),
        score: None,
        tier: None,
        checks: Vec::new(),
    }
}
