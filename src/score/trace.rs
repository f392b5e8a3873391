//! How the steps of the arithmetic are written: formulas that a person can redo by hand.

use super::{Total, TraceLine, adjust::Change, earned::items, worth::Worth};
use crate::{
    attempt::{CheckResult, Override, VOIDED, Verdict, Void},
    points::Points,
    text::Text,
};

/// `15 × 2/3 = 10`; `15 × ? = 0…15` while nobody could look.
pub(super) fn check(worth: &Worth<'_>, result: Option<&CheckResult>, earned: Total) -> TraceLine {
    let fraction = match result {
        _ if !earned.is_known() => "?".to_owned(),
        Some(r) if worth.by_items() && matches!(r.verdict, Verdict::Pass | Verdict::Fail) => match items(r) {
            (passed, total) if r.verdict == Verdict::Fail => format!("{passed}/{total}"),
            (_, total) => format!("{total}/{total}"),
        },
        _ if earned.points == worth.points && worth.points != Points::ZERO => "1".to_owned(),
        Some(r) if r.verdict == Verdict::Pass || r.reason == VOIDED => "1".to_owned(),
        _ => "0".to_owned(),
    };
    line(worth.spec.title.clone(), format!("{} × {fraction} = {earned}", worth.points), earned.points)
}

/// `15 → 0`: a guard takes what a check earned.
pub(super) fn voided(check: &Text, guard: &Text, before: Total, after: Total) -> TraceLine {
    let label = Text::new(format!("{} (보호 조건: {})", check.ko, guard.ko), format!("{} (guard: {})", check.en, guard.en));
    line(label, format!("{before} → {after}"), after.points - before.points)
}

/// `15 + 10 = 25`; just `25` where there is nothing to add.
pub(crate) fn sum(label: Text, parts: &[Total], total: Total) -> TraceLine {
    line(label, added(parts, total), total.points)
}

/// `5 + 12 = 17 → 15`, where the sum is above its cap.
pub(crate) fn capped(label: Text, parts: &[Total], uncapped: Total, total: Total) -> TraceLine {
    let cap = if uncapped.high > total.high { format!(" → {total}") } else { String::new() };
    line(label, format!("{}{cap}", added(parts, uncapped)), total.points)
}

/// `15`: what a check counts for that was found to be faulty.
pub(super) fn faulty(check: &Text, void: &Void, earned: Total) -> TraceLine {
    let how = void.treatment.text();
    let label = Text::new(
        format!("{} ({}, {}: {})", check.ko, how.ko, void.by, void.reason),
        format!("{} ({}, by {}: {})", check.en, how.en, void.by, void.reason),
    );
    line(label, earned.to_string(), earned.points)
}

/// `0 → 15`: a person's value takes the place of a computed one.
pub(super) fn overridden(title: &Text, one: &Override, from: Total, to: Points) -> TraceLine {
    let label = Text::new(
        format!("{} ({}님이 정함: {})", title.ko, one.by, one.reason),
        format!("{} (override by {}: {})", title.en, one.by, one.reason),
    );
    line(label, format!("{from} → {to}"), to - from.points)
}

/// `90 + 5 − 10 = 85`.
pub(crate) fn total(base: Total, bonus: Total, changes: &[Change], total: Total) -> TraceLine {
    let mut formula = format!("{base}");
    if bonus.max != Points::ZERO {
        formula += &format!(" + {bonus}");
    }
    for change in changes {
        formula += &format!(" {} {}", if change.gives { '+' } else { '−' }, change.amount);
    }
    let result = if formula.contains(' ') { format!("{formula} = {total}") } else { formula };
    line(Text::new("총점", "Total"), result, total.points)
}

pub(crate) fn line(label: Text, formula: String, points: Points) -> TraceLine {
    TraceLine { label, formula, points }
}

fn added(parts: &[Total], total: Total) -> String {
    if parts.len() < 2 {
        return total.to_string();
    }
    let terms: Vec<String> = parts.iter().map(Total::to_string).collect();
    format!("{} = {total}", terms.join(" + "))
}
