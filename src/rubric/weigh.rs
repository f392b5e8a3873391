use serde::{Deserialize, Serialize};

use super::{
    Assessment, Item, Levels, Missing, Sheet, SheetEntry, Source, WeightedLine,
    grade::{grade, level_line},
};
use crate::{
    points::Points,
    score::{Grade, Total, TraceLine, trace},
    text::Text,
};

/// The best figure of an item.
const FULL: Points = Points::whole(100);

/// What somebody came to by a weighted assessment, and how that was computed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssessmentScore {
    /// The assessment.
    pub assessment: String,
    /// Its version.
    pub version: u32,
    /// The learner.
    pub subject: String,
    /// By line.
    pub lines: Vec<WeightedScore>,
    /// The weighted mean, 0 to 100.
    pub total: Total,
    /// The level that it reaches.
    pub grade: Grade,
    /// Nothing is open.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// What is open.
    pub pending: Vec<Text>,
    /// Every step of the arithmetic, in order.
    pub trace: Vec<TraceLine>,
}

/// What a line came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WeightedScore {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub title: Text,
    /// What it weighs.
    pub weight: u32,
    /// The mean of its items; none when all of them were excused, and the line with them.
    pub mean: Option<Total>,
    /// Its items.
    pub items: Vec<ItemScore>,
}

/// What an item came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ItemScore {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub title: Text,
    /// Its figure; none when it was excused.
    pub figure: Option<Total>,
}

/// Weighs the figures of a sheet by an assessment. Means are rounded half-up to a hundredth, each once.
#[must_use]
pub fn weigh(name: &str, subject: &str, assessment: &Assessment, levels: &Levels, sheet: &Sheet) -> AssessmentScore {
    let missing = sheet.missing.unwrap_or(assessment.missing);
    let (mut lines_trace, mut pending) = (Vec::new(), Vec::new());
    let lines: Vec<WeightedScore> =
        assessment.lines.iter().map(|line| weigh_line(line, sheet, missing, &mut lines_trace, &mut pending)).collect();
    let counted: Vec<(Total, u32)> = lines.iter().filter_map(|line| Some((line.mean?, line.weight))).collect();
    let total = if counted.is_empty() { Total::range(Points::ZERO, FULL, FULL) } else { mean(&counted) };
    if counted.is_empty() {
        pending.push(Text::new("모든 항목이 면제되어 평가할 것이 없습니다.", "Every item was excused, so there is nothing to assess."));
    }
    let mut trace = lines_trace;
    trace.push(trace::line(Text::new("가중 평균", "Weighted mean"), formula(&counted, total), total.points));
    trace.push(level_line(levels, total));
    AssessmentScore {
        assessment: name.to_owned(),
        version: assessment.version,
        subject: subject.to_owned(),
        lines,
        total,
        grade: grade(levels, total),
        is_final: pending.is_empty(),
        pending,
        trace,
    }
}

fn weigh_line(line: &WeightedLine, sheet: &Sheet, missing: Missing, trace: &mut Vec<TraceLine>, pending: &mut Vec<Text>) -> WeightedScore {
    let mut items = Vec::new();
    let mut counted = Vec::new();
    for item in &line.items {
        let label = Text::new(format!("{} {}", item.id, item.title.ko), format!("{} {}", item.id, item.title.en));
        let (figure, how) = figure(item, sheet, missing);
        trace.push(trace::line(label.clone(), how, figure.map_or(Points::ZERO, |figure| figure.points)));
        counted.extend(figure.map(|figure| (figure, item.weight)));
        if figure.is_some_and(|figure| !figure.is_known()) {
            pending.push(open(&label, line.source));
        }
        items.push(ItemScore { id: item.id.clone(), title: item.title.clone(), figure });
    }
    let mean = (!counted.is_empty()).then(|| mean(&counted));
    let how = mean.map_or_else(|| "—".to_owned(), |mean| formula(&counted, mean));
    trace.push(trace::line(line.title.clone(), how, mean.map_or(Points::ZERO, |mean| mean.points)));
    WeightedScore { id: line.id.clone(), title: line.title.clone(), weight: line.weight, mean, items }
}

/// An item's figure, and how it came about; none when it leaves the mean.
fn figure(item: &Item, sheet: &Sheet, missing: Missing) -> (Option<Total>, String) {
    if let Some(excuse) = sheet.excused.iter().find(|excuse| excuse.id == item.id) {
        return (None, format!("— ({})", excuse.reason));
    }
    let entry = sheet.entries.iter().find(|entry| entry.id == item.id).and_then(entered);
    match (entry, missing) {
        (Some((figure, how)), _) => (Some(Total::exact(figure, FULL)), how),
        (None, Missing::Incomplete) => (Some(Total::range(Points::ZERO, FULL, FULL)), format!("? = 0…{FULL}")),
        (None, Missing::Zero) => (Some(Total::exact(Points::ZERO, FULL)), "0".to_owned()),
        (None, Missing::Excuse) => (None, "—".to_owned()),
    }
}

/// The figure of an entry, clamped to 0…100.
fn entered(entry: &SheetEntry) -> Option<(Points, String)> {
    let clamped = |points: Points| points.clamp(Points::ZERO, FULL);
    if let Some(mark) = &entry.mark {
        return Some((clamped(mark.points), clamped(mark.points).to_string()));
    }
    let scores: Vec<(Total, u32)> = entry.scores.as_deref()?.iter().map(|score| (Total::exact(clamped(score.points), FULL), 1)).collect();
    if scores.is_empty() {
        return None;
    }
    let mean = mean(&scores);
    Some((mean.points, formula(&scores, mean)))
}

fn mean(parts: &[(Total, u32)]) -> Total {
    let weights: u32 = parts.iter().map(|(_, weight)| weight).sum();
    let of = |points: fn(&Total) -> Points| {
        let sum = parts.iter().map(|(total, weight)| points(total).as_hundredths() * i64::from(*weight)).sum();
        Points::hundredths(sum).fraction(1, weights)
    };
    Total::range(of(|total| total.low), of(|total| total.high), FULL)
}

/// `(90 + 80) ÷ 2 = 85`, or `(85 × 40 + 90 × 60) ÷ 100 = 88` where the parts weigh differently.
fn formula(parts: &[(Total, u32)], mean: Total) -> String {
    let weights: u32 = parts.iter().map(|(_, weight)| weight).sum();
    let equal = parts.iter().all(|(_, weight)| *weight == 1);
    let term = |(total, weight): &(Total, u32)| if equal { total.to_string() } else { format!("{total} × {weight}") };
    match parts {
        [] => mean.to_string(),
        [(only, _)] => only.to_string(),
        _ => format!("({}) ÷ {weights} = {mean}", parts.iter().map(term).collect::<Vec<_>>().join(" + ")),
    }
}

fn open(label: &Text, source: Source) -> Text {
    let Text { ko, en } = label;
    match source {
        Source::Manual => Text::new(format!("“{ko}”은(는) 평가자의 점수를 기다립니다."), format!("“{en}” waits for a mark.")),
        Source::Auto => Text::new(format!("“{ko}”의 점수가 아직 없습니다."), format!("“{en}” has no score yet.")),
    }
}
