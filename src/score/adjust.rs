use super::{PASS_MARK, Total, TraceLine, guard::Breach, trace};
use crate::{attempt::HintOpened, points::Points, scenario::OnBreach, text::Text};

/// What is taken off, row by row, and what is left of the points.
pub(super) struct Adjusted {
    pub rows: Vec<TraceLine>,
    /// What each row took, at the least and at the most.
    pub taken: Vec<Total>,
    pub left: Total,
}

/// Takes off what guards and hints cost, in this order, never more than there is.
///
/// A hint is charged only when the scenario is passed, and no charge leads below the pass mark: more right answers never give
/// fewer points. `hints` is empty where they are free.
pub(super) fn adjust(points: Total, breaches: &[Breach<'_>], hints: &[HintOpened]) -> Adjusted {
    let mut adjusted = Adjusted { rows: Vec::new(), taken: Vec::new(), left: points };
    for breach in breaches {
        if let OnBreach::Deduct(price) = breach.guard.on_breach {
            let title = &breach.guard.title;
            let label = Text::new(format!("보호 조건 위반: {}", title.ko), format!("Guard breached: {}", title.en));
            adjusted.take(label, price, if breach.certain { price } else { Points::ZERO }, Points::ZERO);
        }
    }
    for hint in hints.iter().filter(|h| h.cost > Points::ZERO) {
        let free = if adjusted.left.high < PASS_MARK { (" (통과하지 않아 차감 없음)", " (free: not passed)") } else { ("", "") };
        let label = Text::new(format!("힌트 {}단계{}", hint.rung, free.0), format!("Hint {}{}", hint.rung, free.1));
        adjusted.take(label, hint.cost, hint.cost, PASS_MARK);
    }
    adjusted
}

impl Adjusted {
    /// Takes `worst` off the least and `best` off the most that the points can be, down to `floor`.
    fn take(&mut self, label: Text, worst: Points, best: Points, floor: Points) {
        let within = |price: Points, left: Points| price.min((left - floor).max(Points::ZERO));
        let (low, high) = (within(worst, self.left.low), within(best, self.left.high));
        self.left = Total { points: self.left.low - low, low: self.left.low - low, high: self.left.high - high, max: self.left.max };
        let taken = Total::range(low.min(high), low.max(high), worst);
        let formula = match taken.is_known() {
            true if low == worst => format!("−{worst}"),
            true if low == Points::ZERO => format!("−{worst} → 0"),
            _ => format!("−{worst} → −{taken}"),
        };
        self.rows.push(trace::line(label, formula, -low));
        self.taken.push(taken);
    }
}
