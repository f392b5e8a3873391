//! A report in one language, ready to be put into a template: every value is a text, a number for a bar, or a list of such.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{CheckReport, Report, labels::labels, words};
use crate::{
    attempt::{AttemptState, Basis, Verdict},
    points::Points,
    scenario::{Kind, Role},
    score::Total,
    text::{Lang, Text, points},
};

#[derive(Serialize)]
pub(super) struct View {
    lang: &'static str,
    l: BTreeMap<&'static str, &'static str>,
    title: String,
    summary: String,
    scenario: String,
    tags: Vec<String>,
    total: String,
    reached: String,
    outcome: String,
    tone: &'static str,
    ring: Bar,
    base: String,
    bonus: Option<String>,
    facts: Vec<String>,
    notes: Vec<String>,
    pending: Vec<String>,
    sections: Vec<Section>,
    categories: Vec<Category>,
    trace: Vec<Line>,
    hints: Vec<Hint>,
    timeline: Vec<Moment>,
    about: Vec<Field>,
}

/// A bar from 0 to 100: what is sure, and what may be added.
#[derive(Serialize)]
pub(super) struct Bar {
    pub(super) sure: f64,
    pub(super) maybe: f64,
}

#[derive(Serialize)]
struct Section {
    title: String,
    optional: bool,
    green: Option<bool>,
    points: Option<String>,
    checks: Vec<Check>,
}

#[derive(Serialize)]
struct Check {
    id: String,
    title: String,
    verdict: Verdict,
    sign: &'static str,
    result: String,
    points: Option<String>,
    category: Option<String>,
    basis: Option<Field>,
    voided: Vec<String>,
    needs: Vec<String>,
    symptom: Option<String>,
    look_at: Option<String>,
    concept: Option<String>,
    link: Option<String>,
    seen: Vec<Seen>,
    evidence: Vec<Evidence>,
    withheld: bool,
    moving: bool,
}

#[derive(Serialize)]
struct Seen {
    object: String,
    text: String,
    holds: bool,
}

#[derive(Serialize)]
struct Evidence {
    object: String,
    revision: String,
    sha256: String,
    json: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Category {
    pub(super) name: String,
    pub(super) points: String,
    pub(super) bar: Bar,
}

#[derive(Serialize)]
pub(super) struct Line {
    pub(super) label: String,
    pub(super) formula: String,
}

#[derive(Serialize)]
struct Hint {
    rung: u32,
    text: String,
    cost: Option<String>,
}

#[derive(Serialize)]
struct Moment {
    clock: String,
    at: String,
    kind: crate::attempt::LogKind,
    text: String,
}

#[derive(Serialize)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) value: String,
}

impl View {
    pub(super) fn new(report: &Report, lang: Lang) -> Self {
        let say = |text: &Text| text.get(lang).to_owned();
        let (scenario, score) = (&report.scenario, &report.score);
        let minutes = Text::new(format!("{}분", scenario.minutes), format!("{} min", scenario.minutes));
        let mut tags = vec![say(&words::kind(scenario.kind))];
        tags.extend(scenario.code.clone());
        tags.extend([say(&scenario.level.title()), say(&minutes)]);
        let hint =
            |h: &super::HintReport| Hint { rung: h.rung, text: say(&h.text), cost: (h.cost != Points::ZERO).then(|| say(&points(h.cost))) };
        let moment = |e: &super::TimelineEntry| Moment {
            clock: words::clock(e.seconds),
            at: e.at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
            kind: e.kind,
            text: say(&e.text),
        };
        Self {
            lang: lang.code(),
            l: labels(lang),
            title: say(&scenario.title),
            summary: say(&scenario.summary),
            scenario: scenario.id.clone(),
            tags,
            total: score.total.to_string(),
            reached: say(&words::level(report)),
            outcome: say(&words::outcome(report)),
            tone: tone(report),
            ring: bar(score.total, Points::whole(100)),
            base: fraction(score.base),
            bonus: (score.bonus.max != Points::ZERO).then(|| fraction(score.bonus)),
            facts: words::facts(report).iter().map(say).collect(),
            notes: words::notes(report).iter().map(say).collect(),
            pending: score.pending.iter().map(say).collect(),
            sections: sections(report, lang),
            categories: score
                .categories
                .iter()
                .map(|c| Category { name: say(&c.category.title()), points: fraction(c.earned), bar: bar(c.earned, c.earned.max) })
                .collect(),
            trace: score.trace.iter().map(|l| Line { label: say(&l.label), formula: l.formula.clone() }).collect(),
            hints: report.hints.iter().map(hint).collect(),
            timeline: report.timeline.iter().map(moment).collect(),
            about: words::about(report).iter().map(|(name, value)| Field { name: say(name), value: say(value) }).collect(),
        }
    }
}

/// How the result is coloured.
fn tone(report: &Report) -> &'static str {
    match (report.score.grade.passed, report.score.is_final) {
        (true, true) => "good",
        (false, true) if report.attempt.state == AttemptState::Closed => "bad",
        _ => "open",
    }
}

pub(super) fn fraction(total: Total) -> String {
    format!("{total} / {}", total.max)
}

pub(super) fn bar(total: Total, max: Points) -> Bar {
    let percent = |p: Points| Points::whole(100).fraction(hundredths(p), hundredths(max)).min(Points::whole(100));
    let (low, high) = (percent(total.low), percent(total.high));
    Bar { sure: plain(low), maybe: plain(high - low) }
}

fn hundredths(points: Points) -> u32 {
    u32::try_from(points.as_hundredths()).unwrap_or(0)
}

fn plain(points: Points) -> f64 {
    f64::from(hundredths(points)) / 100.0
}

fn sections(report: &Report, lang: Lang) -> Vec<Section> {
    if report.scenario.kind == Kind::Lab {
        let step = |step: &crate::score::StepScore| Section {
            title: step.title.get(lang).to_owned(),
            optional: step.optional,
            green: Some(step.green),
            points: (step.earned.max != Points::ZERO).then(|| fraction(step.earned)),
            checks: report.checks_of(Some(&step.id)).map(|c| check(report, c, lang)).collect(),
        };
        return report.score.steps.iter().map(step).collect();
    }
    let section = |(role, title): (Role, Text)| Section {
        title: title.get(lang).to_owned(),
        optional: false,
        green: None,
        points: None,
        checks: report.checks.iter().filter(|c| c.role == role).map(|c| check(report, c, lang)).collect(),
    };
    words::sections().into_iter().map(section).filter(|s| !s.checks.is_empty()).collect()
}

fn check(report: &Report, check: &CheckReport, lang: Lang) -> Check {
    let say = |text: &Text| text.get(lang).to_owned();
    let titles = |ids: &[String]| ids.iter().map(|id| say(&report.title_of(id))).collect();
    let failing = check.verdict != Verdict::Pass;
    let told = |text: &Option<Text>| text.as_ref().filter(|_| failing).map(say);
    let judged = !matches!(check.verdict, Verdict::Blocked | Verdict::Skipped);
    let evidence = |e: &super::EvidenceRef| Evidence {
        object: e.object.clone(),
        revision: e.resource_version.clone(),
        sha256: e.sha256.clone(),
        json: if e.part.is_null() { None } else { serde_json::to_string_pretty(&e.part).ok() },
    };
    Check {
        id: check.id.clone(),
        title: say(&check.title),
        verdict: check.verdict,
        sign: words::sign(check.verdict),
        result: say(&words::verdict(check.verdict)),
        points: (check.earned.max != Points::ZERO).then(|| fraction(check.earned)),
        category: check.category.map(|c| say(&c.title())),
        basis: (judged && check.basis != Basis::Observed)
            .then(|| Field { name: say(&words::basis(check.basis)), value: say(&words::basis_meaning(check.basis)) }),
        voided: titles(&check.voided_by),
        needs: if check.verdict == Verdict::Blocked { titles(&check.blocked_by) } else { Vec::new() },
        symptom: told(&check.symptom),
        look_at: told(&check.look_at),
        concept: told(&check.concept),
        // Other schemes could run code in the reader's browser.
        link: check.link.clone().filter(|link| failing && (link.starts_with("https://") || link.starts_with("http://"))),
        seen: check.observations.iter().map(|o| Seen { object: o.object.clone(), text: say(&o.text), holds: o.holds }).collect(),
        evidence: check.evidence.iter().map(evidence).collect(),
        withheld: check.withheld,
        moving: check.moving && failing,
    }
}
