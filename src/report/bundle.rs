use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{FORMAT_VERSION, Report, Trust};
use crate::{
    attempt::{AttemptState, BundleRun, LogKind, Tier},
    scenario::{Bundle, Level, Weights},
    score::{self, BundleScore, ClockState, Part, Score, Timing, Total},
    text::Text,
};

/// Everything that there is to say about a run of a bundle. Every format is a pure function of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BundleReport {
    /// The version of this format.
    pub format_version: u32,
    /// The program that made it.
    pub generated_by: String,
    /// When it was made.
    #[schemars(with = "String")]
    pub generated_at: Timestamp,
    /// What was to be done.
    pub bundle: BundleFacts,
    /// Where and when.
    pub run: BundleRun,
    /// The clock of the whole: the time of its parts. Between two parts, and while one is being set up, it stands.
    pub time: Timing,
    /// How far the report can be trusted.
    pub trust: Trust,
    /// The points and their arithmetic.
    pub score: BundleScore,
    /// The mean of what stood when each part's time limit passed, where something came later.
    pub at_limit: Option<Total>,
    /// Its parts, in order.
    pub parts: Vec<BundlePart>,
}

/// The bundle, as the report cites it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BundleFacts {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// One sentence on it.
    pub summary: Text,
    /// How hard it is.
    pub level: Level,
    /// Its time limit.
    pub minutes: u32,
    /// Where in the course it belongs.
    pub code: Option<String>,
    /// What its parts weigh.
    pub weights: Weights,
}

/// One part of a bundle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BundlePart {
    /// The scenario's id.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// Its time limit.
    pub minutes: u32,
    /// What it weighs in the mean.
    pub weight: u32,
    /// How far the learner is with it.
    pub state: PartState,
    /// The time that all its attempts took.
    pub used_seconds: u64,
    /// The report of the attempt that counts: the best one. None before the part was begun.
    pub report: Option<Report>,
}

/// How far the learner is with a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum PartState {
    /// Not begun.
    Ahead,
    /// Being worked on.
    Open,
    /// Closed before the learner was done with it; it can be begun again.
    Broken,
    /// Done with, and judged for good.
    Finished,
}

/// The stored data that a bundle's report is made of.
#[derive(Debug, Clone, Copy)]
pub struct BundleInput<'a> {
    /// The bundle.
    pub bundle: &'a Bundle,
    /// The run.
    pub run: &'a BundleRun,
    /// The reports of its attempts, in the order in which they were begun, and whether the learner was done with each.
    pub attempts: &'a [(Report, bool)],
    /// The moment that the report bears.
    pub generated: Timestamp,
}

impl BundleReport {
    /// Puts together what there is to say about the parts and the whole.
    #[must_use]
    pub fn new(input: &BundleInput<'_>) -> Self {
        let (bundle, run) = (input.bundle, input.run);
        let file = &bundle.file;
        let parts: Vec<BundlePart> =
            bundle.parts.iter().zip(bundle.weights()).map(|(scenario, weight)| part(input, scenario, weight)).collect();
        let at_limit = at_limit(run, &parts);
        Self {
            format_version: FORMAT_VERSION,
            generated_by: format!("kubedrill {}", env!("CARGO_PKG_VERSION")),
            generated_at: input.generated,
            bundle: BundleFacts {
                id: bundle.id().to_owned(),
                title: file.metadata.title.clone(),
                summary: file.spec.summary.clone(),
                level: file.spec.level,
                minutes: file.spec.minutes,
                code: file.metadata.code.clone(),
                weights: file.spec.weights,
            },
            run: run.clone(),
            time: time(file.spec.minutes, input),
            trust: Tier::T0.into(),
            score: total(run, &parts, |part| part.counted().map(|report| report.score.clone())),
            at_limit,
            parts,
        }
    }

    /// The part that is to be worked on: the first that the learner is not done with.
    #[must_use]
    pub fn current(&self) -> Option<(usize, &BundlePart)> {
        self.parts.iter().enumerate().find(|(_, part)| part.state != PartState::Finished)
    }
}

impl BundlePart {
    /// The report that brings points: one whose checks ran, or may still run.
    fn counted(&self) -> Option<&Report> {
        self.report.as_ref().filter(|report| report.run.is_some())
    }
}

/// An attempt whose start was interrupted is nobody's work.
fn begun(report: &Report) -> bool {
    report.timeline.iter().any(|entry| entry.kind == LogKind::Started)
}

fn part(input: &BundleInput<'_>, scenario: &crate::scenario::Scenario, weight: u32) -> BundlePart {
    let attempts = || input.attempts.iter().filter(|(report, _)| report.scenario.id == scenario.id() && begun(report));
    let finished = attempts().any(|(_, finished)| *finished);
    let open = attempts().any(|(report, _)| report.attempt.state == AttemptState::Open);
    let best = attempts().map(|(report, _)| report).rev().max_by_key(|r| (r.run.is_some(), r.score.total.low, r.score.total.high));
    BundlePart {
        id: scenario.id().to_owned(),
        title: scenario.file.metadata.title.clone(),
        minutes: scenario.file.spec.minutes,
        weight,
        state: match (finished, open, best) {
            (true, ..) => PartState::Finished,
            (_, true, _) => PartState::Open,
            (.., Some(_)) => PartState::Broken,
            (.., None) => PartState::Ahead,
        },
        used_seconds: attempts().map(|(report, _)| report.time.used_seconds).sum(),
        report: best.cloned(),
    }
}

fn total(run: &BundleRun, parts: &[BundlePart], score: impl Fn(&BundlePart) -> Option<Score>) -> BundleScore {
    let scores: Vec<Option<Score>> = parts.iter().map(score).collect();
    let parts = parts.iter().zip(&scores).map(|(part, score)| Part {
        title: &part.title,
        weight: part.weight,
        score: score.as_ref(),
        open: run.ended.is_none() && part.state != PartState::Finished,
    });
    score::bundle(&parts.collect::<Vec<_>>())
}

fn at_limit(run: &BundleRun, parts: &[BundlePart]) -> Option<Total> {
    let limited = |part: &BundlePart| {
        part.counted().map(|report| Score { total: report.at_limit.unwrap_or(report.score.total), ..report.score.clone() })
    };
    let late = parts.iter().filter_map(BundlePart::counted).any(|report| report.at_limit.is_some());
    late.then(|| total(run, parts, limited).total)
}

fn time(minutes: u32, input: &BundleInput<'_>) -> Timing {
    let attempts = || input.attempts.iter().map(|(report, _)| report).filter(|report| begun(report));
    let used: u64 = attempts().map(|report| report.time.used_seconds).sum();
    let limit = u64::from(minutes) * 60;
    let going = attempts().map(|report| report.time.clock).find(|clock| *clock != ClockState::Stopped);
    Timing {
        clock: going.filter(|_| input.run.ended.is_none()).unwrap_or(ClockState::Stopped),
        used_seconds: used,
        limit_seconds: Some(limit),
        left_seconds: Some(limit.saturating_sub(used)),
        over: used > limit,
        pauses: attempts().flat_map(|report| report.time.pauses.clone()).collect(),
        recovery: None,
    }
}
