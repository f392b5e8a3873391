//! A bundle's report in one language, ready to be put into a template.

use serde::Serialize;

use super::{BundleReport, bundle_words, time};
use crate::text::{Lang, Text};

#[derive(Serialize)]
pub(super) struct BundleView {
    lang: &'static str,
    title: String,
    summary: String,
    tags: Vec<String>,
    result: String,
    time: String,
    notes: Vec<String>,
    pending: Vec<String>,
    parts_title: String,
    parts: Vec<Part>,
    arithmetic_title: String,
    trace: Vec<Line>,
    about_title: String,
    about: Vec<Field>,
}

#[derive(Serialize)]
struct Part {
    number: usize,
    title: String,
    points: String,
    facts: Vec<String>,
}

#[derive(Serialize)]
struct Line {
    label: String,
    formula: String,
}

#[derive(Serialize)]
struct Field {
    name: String,
    value: String,
}

impl BundleView {
    pub(super) fn new(report: &BundleReport, lang: Lang) -> Self {
        let say = |text: &Text| text.get(lang).to_owned();
        let part = |(part, number): (&super::BundlePart, usize)| Part {
            number,
            title: say(&part.title),
            points: bundle_words::points(part),
            facts: bundle_words::part_facts(part).iter().map(|(name, value)| format!("{}: {}", say(name), say(value))).collect(),
        };
        Self {
            lang: lang.code(),
            title: say(&report.bundle.title),
            summary: say(&report.bundle.summary),
            tags: bundle_words::tags(report).iter().map(say).collect(),
            result: say(&bundle_words::result(report)),
            time: say(&time::used(&report.time)),
            notes: bundle_words::notes(report).iter().map(say).collect(),
            pending: report.score.pending.iter().map(say).collect(),
            parts_title: say(&bundle_words::parts()),
            parts: report.parts.iter().zip(1..).map(part).collect(),
            arithmetic_title: say(&bundle_words::arithmetic()),
            trace: report.score.trace.iter().map(|l| Line { label: say(&l.label), formula: l.formula.clone() }).collect(),
            about_title: say(&bundle_words::this_report()),
            about: bundle_words::about(report).iter().map(|(name, value)| Field { name: say(name), value: say(value) }).collect(),
        }
    }
}
