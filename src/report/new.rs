use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    AttemptFacts, CheckReport, EnvironmentFacts, EvidenceRef, FORMAT_VERSION, HintReport, Report, RunFacts, ScenarioFacts,
    timeline::timeline, withheld::is_withheld,
};
use crate::{
    attempt::{Attempt, HintOpened, LogEntry, Run, Tier, Trigger},
    scenario::{CheckSpec, Say, Scenario},
    score::{self, CheckScore, Stopwatch, counting, ended, timing},
    text::Text,
};

/// The stored data that a report is made of.
#[derive(Debug, Clone, Copy)]
pub struct ReportInput<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The attempt.
    pub attempt: &'a Attempt,
    /// Every run of its checks, in order.
    pub runs: &'a [Run],
    /// The run to be scored; none when there is none.
    pub run: Option<&'a Run>,
    /// The author's texts by check, with what was observed filled in. A check without an entry says nothing.
    pub feedback: &'a BTreeMap<String, Say>,
    /// The attempt's log.
    pub log: &'a [LogEntry],
    /// The moment that the report bears.
    pub generated: Timestamp,
}

impl Report {
    /// Scores the run and puts together what there is to say about it.
    #[must_use]
    pub fn new(input: &ReportInput<'_>) -> Self {
        let (scenario, attempt) = (input.scenario, input.attempt);
        let marked = input.run.map(|run| score::decided(scenario, attempt, run));
        let input = &ReportInput { run: marked.as_ref(), ..*input };
        let (file, versions) = (&scenario.file, &attempt.versions);
        let score = score::score(scenario, attempt, input.run);
        let watch = Stopwatch::new(scenario, attempt, input.log);
        let late = input.run.is_some_and(|run| watch.is_late(run));
        let in_time = counting(input.runs.iter().filter(|run| !watch.is_late(run)));
        let at_limit = late.then(|| score::score(scenario, attempt, in_time).total);
        let checks = scenario.checks().zip(&score.checks).map(|(spec, scored)| check(input, spec, scored)).collect();
        Self {
            format_version: FORMAT_VERSION,
            generated_by: format!("kubedrill {}", env!("CARGO_PKG_VERSION")),
            generated_at: input.generated,
            scenario: ScenarioFacts {
                id: scenario.id().to_owned(),
                kind: file.kind,
                title: file.metadata.title.clone(),
                summary: file.spec.summary.clone(),
                level: file.spec.level,
                minutes: file.spec.minutes,
                code: file.metadata.code.clone(),
                checkpoints: file.metadata.checkpoints.clone(),
                digest: if versions.scenario.is_empty() { scenario.digest.clone() } else { versions.scenario.clone() },
            },
            attempt: AttemptFacts {
                id: attempt.id.to_string(),
                state: attempt.state,
                started: attempt.started,
                ended: attempt.ended,
                seconds_used: ended(attempt, input.runs).map(|at| watch.used(at).as_secs()),
                assisted: attempt.assisted,
                resets: attempt.resets,
                runs: input.runs.iter().filter(|r| !matches!(r.trigger, Trigger::Confirm | Trigger::Regrade)).count(),
            },
            environment: EnvironmentFacts {
                name: attempt.environment.clone(),
                provider: attempt.provider.clone(),
                capabilities: attempt.capabilities.clone(),
                cluster_uid: attempt.cluster_uid.clone(),
                kubernetes: versions.kubernetes.clone(),
                kubedrill: versions.kubedrill.clone(),
            },
            time: timing(scenario, attempt, input.runs, input.log, input.generated),
            trust: Tier::of(input.log).into(),
            score,
            at_limit,
            run: input.run.map(|run| RunFacts {
                trigger: run.trigger,
                started: run.started,
                millis: run.millis,
                calls: run.calls,
                provisional: run.provisional,
                late,
                resource_versions: run.resource_versions.clone(),
            }),
            checks,
            hints: attempt.hints.iter().map(|opened| hint(scenario, opened)).collect(),
            timeline: timeline(attempt, input.log, &|run| input.runs.get(run).is_some_and(|run| watch.is_late(run))),
            log_head: input.log.last().map(|entry| entry.hash.clone()),
        }
    }
}

fn check(input: &ReportInput<'_>, spec: &CheckSpec, scored: &CheckScore) -> CheckReport {
    let result = input.run.and_then(|r| r.result(&spec.id));
    let withheld = is_withheld(spec, input.attempt);
    let seen = result.filter(|_| !withheld);
    let say = input.feedback.get(&spec.id).filter(|_| !withheld).cloned().unwrap_or_default();
    CheckReport {
        id: spec.id.clone(),
        title: spec.title.clone(),
        step: scored.step.clone(),
        role: spec.role,
        category: spec.category,
        verdict: scored.verdict,
        earned: scored.earned,
        voided_by: scored.voided_by.clone(),
        blocked_by: result.map(|r| r.blocked_by.clone()).unwrap_or_default(),
        passed: result.map_or(0, |r| r.passed),
        total: result.map_or(0, |r| r.total),
        reason: seen.map(|r| r.reason.clone()).unwrap_or_default(),
        basis: result.map(|r| r.basis).unwrap_or_default(),
        held_millis: result.map_or(0, |r| r.held_millis),
        moving: result.is_some_and(|r| r.moving),
        withheld,
        symptom: say.symptom,
        look_at: say.look_at,
        concept: say.concept,
        link: say.link,
        observations: seen.map(|r| r.observations.clone()).unwrap_or_default(),
        evidence: seen.map(|r| r.evidence.iter().map(EvidenceRef::from).collect()).unwrap_or_default(),
    }
}

fn hint(scenario: &Scenario, opened: &HintOpened) -> HintReport {
    let spec = &scenario.file.spec;
    let step = opened.step.as_ref().and_then(|id| spec.steps.iter().find(|s| s.id == *id));
    let hints = step.map_or(&spec.hints, |s| &s.hints);
    let text = usize::try_from(opened.rung).ok().and_then(|rung| hints.get(rung.checked_sub(1)?));
    HintReport {
        step: opened.step.clone(),
        rung: opened.rung,
        cost: opened.cost,
        at: opened.at,
        text: text.map_or_else(Text::default, |h| h.text.clone()),
    }
}
