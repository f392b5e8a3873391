use jiff::Timestamp;

use super::{PASS_MARK, Total, TraceLine, guard::Breach, trace};
use crate::{
    attempt::{AdjustmentKind, Attempt, HintCharge, HintOpened, HintRule},
    points::Points,
    scenario::{Kind, OnBreach, Scenario},
    text::Text,
};

/// The most that a total can be: 100 and the most that bonus adds.
pub const MOST: Points = Points::whole(115);

/// What is taken off and added, row by row, and what is left of the points.
pub(super) struct Adjusted {
    pub rows: Vec<TraceLine>,
    /// What each row took or gave, at the least and at the most.
    pub changes: Vec<Change>,
    pub left: Total,
}

/// What a row takes or gives.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change {
    pub gives: bool,
    pub amount: Total,
}

/// What is adjusted by: what was breached, opened, handed in and decided.
pub(super) struct Adjusting<'a> {
    pub scenario: &'a Scenario,
    pub attempt: &'a Attempt,
    pub breaches: &'a [Breach<'a>],
    /// When what is scored was handed in.
    pub submitted: Option<Timestamp>,
}

/// Adjusts the points in a fixed order: guards, hints, late, early, manual, moderation. Never below nothing, and never upwards
/// beyond what there can be.
///
/// A hint is charged only when the scenario is passed, and no charge leads below the pass mark; lateness takes a share of what is left:
/// more right answers never give fewer points. Hints of a lab are free.
pub(super) fn adjust(points: Total, by: &Adjusting<'_>) -> Adjusted {
    let mut adjusted = Adjusted { rows: Vec::new(), changes: Vec::new(), left: points };
    for breach in by.breaches {
        if let OnBreach::Deduct(price) = breach.guard.on_breach {
            let title = &breach.guard.title;
            let label = Text::new(format!("보호 조건 위반: {}", title.ko), format!("Guard breached: {}", title.en));
            adjusted.take(label, price, if breach.certain { price } else { Points::ZERO }, Points::ZERO);
        }
    }
    adjusted.hints(by);
    adjusted.time(by);
    adjusted.people(by.attempt);
    adjusted
}

/// The hints that cost something, and what.
fn charged(hints: &[HintOpened], rule: Option<&HintRule>) -> Vec<(u32, Points)> {
    let price = |hint: &HintOpened| {
        let at = usize::try_from(hint.rung).ok().and_then(|rung| rung.checked_sub(1));
        let set = rule.zip(at).and_then(|(rule, at)| rule.prices.get(at));
        (hint.rung, set.copied().unwrap_or(hint.cost))
    };
    let all = hints.iter().map(price);
    let charged: Vec<(u32, Points)> = match rule.map_or(HintCharge::Sum, |rule| rule.charge) {
        HintCharge::None => Vec::new(),
        HintCharge::Sum => all.collect(),
        HintCharge::Deepest => all.max_by_key(|(rung, _)| *rung).into_iter().collect(),
    };
    charged.into_iter().filter(|(_, cost)| *cost > Points::ZERO).collect()
}

impl Adjusted {
    fn hints(&mut self, by: &Adjusting<'_>) {
        if by.scenario.file.kind == Kind::Lab {
            return;
        }
        let rule = by.attempt.judgement.rules.as_ref().and_then(|rules| rules.hints.as_ref());
        for (rung, cost) in charged(&by.attempt.hints, rule) {
            let free = if self.left.high < PASS_MARK { (" (통과하지 않아 차감 없음)", " (free: not passed)") } else { ("", "") };
            let label = Text::new(format!("힌트 {rung}단계{}", free.0), format!("Hint {rung}{}", free.1));
            self.take(label, cost, cost, PASS_MARK);
        }
    }

    /// What being late costs and being early earns, from when it was due and when it was handed in.
    fn time(&mut self, by: &Adjusting<'_>) {
        let Some(rules) = &by.attempt.judgement.rules else { return };
        let Some((due, submitted)) = rules.due(by.scenario.id(), &by.attempt.id).zip(by.submitted) else { return };
        let late = rules.late.as_ref().map_or(Points::ZERO, |rule| rule.share(due, submitted));
        if late > Points::ZERO {
            let label = Text::new(format!("지각 {late}%"), format!("Late {late}%"));
            self.share(label, late, false);
        }
        let early = rules.early.as_ref().map_or(Points::ZERO, |rule| rule.share(due, submitted));
        if early > Points::ZERO {
            let label = Text::new(format!("조기 제출 {early}%"), format!("Early {early}%"));
            self.share(label, early, true);
        }
    }

    fn people(&mut self, attempt: &Attempt) {
        let mut rows: Vec<_> = attempt.judgement.adjustments.iter().collect();
        rows.sort_by_key(|row| (row.kind, row.number));
        for row in rows {
            let (ko, en) = match row.kind {
                AdjustmentKind::Manual => ("채점자 조정", "Manual"),
                AdjustmentKind::Moderation => ("중재 조정", "Moderation"),
            };
            let said = format!("{} ({}: {})", row.number, row.by, row.reason);
            let label = Text::new(format!("{ko} {said}"), format!("{en} {said}"));
            if row.amount < Points::ZERO {
                self.take(label, -row.amount, -row.amount, Points::ZERO);
            } else {
                self.give(label, format!("+{}", row.amount), row.amount, row.amount);
            }
        }
    }

    /// Takes `worst` off the least and `best` off the most that the points can be, down to `floor`.
    fn take(&mut self, label: Text, worst: Points, best: Points, floor: Points) {
        let within = |price: Points, left: Points| price.min((left - floor).max(Points::ZERO));
        let (low, high) = (within(worst, self.left.low), within(best, self.left.high));
        let taken = Total::range(low.min(high), low.max(high), worst);
        let formula = match taken.is_known() {
            true if low == worst => format!("−{worst}"),
            true if low == Points::ZERO => format!("−{worst} → 0"),
            _ => format!("−{worst} → −{taken}"),
        };
        self.took(label, formula, low, high);
    }

    /// Takes or gives a share of what is left, in percent.
    fn share(&mut self, label: Text, percent: Points, gives: bool) {
        let share = u32::try_from(percent.as_hundredths()).unwrap_or(0);
        let (low, high) = (self.left.low.fraction(share, 10_000), self.left.high.fraction(share, 10_000));
        let formula = format!("{} × {percent}% = {}", self.left, Total::range(low, high, high));
        if gives { self.give(label, formula, low, high) } else { self.took(label, formula, low, high) }
    }

    fn took(&mut self, label: Text, formula: String, low: Points, high: Points) {
        self.left = Total { points: self.left.low - low, low: self.left.low - low, high: self.left.high - high, max: self.left.max };
        self.rows.push(trace::line(label, formula, -low));
        let (least, most) = (low.min(high), low.max(high));
        self.changes.push(Change { gives: false, amount: Total { points: low, low: least, high: most, max: most } });
    }

    fn give(&mut self, label: Text, formula: String, low: Points, high: Points) {
        let within = |more: Points, left: Points| more.min((MOST - left).max(Points::ZERO));
        let (low, high) = (within(low, self.left.low), within(high, self.left.high));
        let (least, most) = (self.left.low + low, self.left.high + high);
        self.left = Total { points: least, low: least, high: most, max: self.left.max.max(most) };
        self.rows.push(trace::line(label, formula, low));
        self.changes
            .push(Change { gives: true, amount: Total { points: low, low: low.min(high), high: low.max(high), max: low.max(high) } });
    }

    /// What a person decided about the total makes every row say what it would have done, and do nothing.
    pub fn inert(&mut self) {
        for row in &mut self.rows {
            row.label.ko += " (총점을 사람이 정해 적용하지 않음)";
            row.label.en += " (no effect: the total is overridden)";
            row.points = Points::ZERO;
        }
    }
}
