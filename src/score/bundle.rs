use serde::{Deserialize, Serialize};

use super::{Grade, Score, Total, TraceLine, level::PASS_MARK, level_of, trace};
use crate::{points::Points, text::Text};

/// The most that a part brings into a mean: its bonus lifts no other part.
const FULL: Points = Points::whole(100);

/// A part of a bundle as its mean sees it.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// Its title.
    pub title: &'a Text,
    /// What it weighs.
    pub weight: u32,
    /// The score of its best attempt; none when it was never begun.
    pub score: Option<&'a Score>,
    /// It can still be worked on.
    pub open: bool,
}

/// What a bundle is worth: the mean of its parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BundleScore {
    /// The mean, 0 to 100.
    pub total: Total,
    /// The level that it reaches.
    pub grade: Grade,
    /// Nothing is unknown, and no part can change any more.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// Why it is not final.
    pub pending: Vec<Text>,
    /// Every step of the arithmetic, in order.
    pub trace: Vec<TraceLine>,
}

/// The weighted mean of the parts, each at most 100, rounded half-up to a hundredth once. A part that was never begun counts as
/// anything from 0 to 100 while it still can be, then as 0.
#[must_use]
pub fn bundle(parts: &[Part<'_>]) -> BundleScore {
    let totals: Vec<Total> = parts.iter().map(worth).collect();
    let mut lines: Vec<TraceLine> = parts.iter().zip(&totals).map(|(part, total)| line(part, *total)).collect();
    let total = mean(parts, &totals);
    lines.push(trace::line(Text::new("평균", "Mean"), formula(parts, &totals, total), total.points));
    let pending: Vec<Text> = parts.iter().zip(&totals).filter_map(|(part, total)| unsettled(part, *total)).collect();
    BundleScore {
        total,
        grade: Grade { level: level_of(total.points), at_least: !total.is_known(), passed: total.points >= PASS_MARK },
        is_final: pending.is_empty(),
        pending,
        trace: lines,
    }
}

/// What a part brings into the mean.
fn worth(part: &Part<'_>) -> Total {
    let cap = |points: Points| points.min(FULL);
    match part.score {
        Some(score) => Total { points: cap(score.total.low), low: cap(score.total.low), high: cap(score.total.high), max: FULL },
        None if part.open => Total::range(Points::ZERO, FULL, FULL),
        None => Total::exact(Points::ZERO, FULL),
    }
}

fn mean(parts: &[Part<'_>], totals: &[Total]) -> Total {
    let weights: u32 = parts.iter().map(|part| part.weight).sum();
    let of = |points: fn(&Total) -> Points| {
        let sum = parts.iter().zip(totals).map(|(part, total)| i64::from(part.weight) * points(total).as_hundredths()).sum();
        Points::hundredths(sum).fraction(1, weights)
    };
    Total::range(of(|t| t.low), of(|t| t.high), FULL)
}

fn line(part: &Part<'_>, total: Total) -> TraceLine {
    let formula = match part.score {
        Some(score) if score.total.high > FULL => format!("{} → {total}", score.total),
        _ => total.to_string(),
    };
    trace::line(part.title.clone(), formula, total.points)
}

/// `(100 + 80 + 60) ÷ 3 = 80`, or `(100 × 25 + 80 × 20) ÷ 45 = 91.11` where the parts weigh differently.
fn formula(parts: &[Part<'_>], totals: &[Total], total: Total) -> String {
    let weights: u32 = parts.iter().map(|part| part.weight).sum();
    let equal = parts.iter().all(|part| part.weight == 1);
    let term = |(part, total): (&Part<'_>, &Total)| if equal { total.to_string() } else { format!("{total} × {}", part.weight) };
    let terms: Vec<String> = parts.iter().zip(totals).map(term).collect();
    format!("({}) ÷ {weights} = {total}", terms.join(" + "))
}

fn unsettled(part: &Part<'_>, total: Total) -> Option<Text> {
    let Text { ko, en } = part.title;
    match part.score {
        None if part.open => Some(Text::new(format!("“{ko}”을(를) 아직 시작하지 않았습니다."), format!("“{en}” was not begun yet."))),
        _ if part.open => Some(Text::new(format!("“{ko}”을(를) 아직 마치지 않았습니다."), format!("“{en}” is not finished yet."))),
        Some(score) if !score.is_final || !total.is_known() => {
            Some(Text::new(format!("“{ko}”의 점수가 확정되지 않았습니다."), format!("The score of “{en}” is not final.")))
        }
        _ => None,
    }
}
