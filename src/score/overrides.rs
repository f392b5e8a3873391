use super::{Overridden, Total, TraceLine, trace};
use crate::{
    attempt::{Judgement, Override, Target},
    points::Points,
    scenario::Category,
    text::Text,
};

/// Puts people's values in the place of computed ones, and notes each with what it replaced.
pub(super) struct Overrides<'a> {
    judgement: &'a Judgement,
    noted: Vec<Overridden>,
}

impl<'a> Overrides<'a> {
    pub fn new(judgement: &'a Judgement) -> Self {
        Self { judgement, noted: Vec::new() }
    }

    /// What a check earned.
    pub fn check(&mut self, id: &str, title: &Text, computed: Total, trace: &mut Vec<TraceLine>) -> Total {
        let of = self.judgement.override_of(&Target::Check(id.to_owned()));
        self.replace(of, title, computed, trace)
    }

    /// What a category came to.
    pub fn category(&mut self, category: Category, computed: Total, trace: &mut Vec<TraceLine>) -> Total {
        let of = self.judgement.override_of(&Target::Category(category));
        self.replace(of, &category.title(), computed, trace)
    }

    /// The total.
    pub fn total(&mut self, computed: Total, trace: &mut Vec<TraceLine>) -> Total {
        let of = self.judgement.override_of(&Target::Total);
        let replaced = self.replace(of, &Text::new("총점", "Total"), computed, trace);
        Total { max: computed.max.max(replaced.points), ..replaced }
    }

    /// Whether a person decided about the total.
    pub fn decides_total(&self) -> bool {
        self.judgement.override_of(&Target::Total).is_some()
    }

    /// Whether a person decided about what a check counts for.
    pub fn decides(&self, check: &str, category: Option<Category>) -> bool {
        let of = |target: &Target| self.judgement.override_of(target).is_some();
        self.decides_total() || of(&Target::Check(check.to_owned())) || category.is_some_and(|category| of(&Target::Category(category)))
    }

    /// What was replaced, in the order in which it counts.
    pub fn noted(self) -> Vec<Overridden> {
        self.noted
    }

    fn replace(&mut self, with: Option<&Override>, title: &Text, computed: Total, trace: &mut Vec<TraceLine>) -> Total {
        let Some(one) = with else { return computed };
        let to = match one.target {
            Target::Total => one.to,
            Target::Check(_) | Target::Category(_) => one.to.min(computed.max),
        }
        .max(Points::ZERO);
        trace.push(trace::overridden(title, one, computed, to));
        self.noted.push(Overridden {
            target: one.target.clone(),
            title: title.clone(),
            from: computed,
            to,
            reason: one.reason.clone(),
            by: one.by.clone(),
            at: one.at,
        });
        Total::exact(to, computed.max)
    }
}
