use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::AttemptId;
use crate::points::Points;

/// An instructor's options. Each is off unless it is set; a hint costs what its scenario says.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Rules {
    /// What hints cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hints: Option<HintRule>,
    /// What it costs to be late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<LateRule>,
    /// What being early earns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early: Option<EarlyRule>,
    /// When each scenario is due, by its id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "BTreeMap<String, String>")]
    pub due: BTreeMap<String, Timestamp>,
    /// Who has more time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<Extension>,
    /// How marks are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marking: Option<MarkingRule>,
}

/// What hints cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct HintRule {
    /// Which of the opened ones are charged.
    pub charge: HintCharge,
    /// The price of each rung, from the first, in the place of the scenario's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<Points>,
}

/// Which of the opened hints are charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum HintCharge {
    /// None of them.
    None,
    /// The deepest alone.
    Deepest,
    /// All of them.
    Sum,
}

/// A day or an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// 24 hours.
    Day,
    /// 60 minutes.
    Hour,
}

impl Unit {
    /// How long it is.
    #[must_use]
    pub fn length(self) -> SignedDuration {
        match self {
            Self::Day => SignedDuration::from_hours(24),
            Self::Hour => SignedDuration::from_hours(1),
        }
    }
}

/// What it costs to be late: a share of what was earned for each day or hour that has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LateRule {
    /// Percent of what was earned.
    pub percent: Points,
    /// For each of these that has begun.
    pub per: Unit,
    /// So many minutes late are not late.
    #[serde(default)]
    pub grace_minutes: u32,
    /// The most that it costs, in percent.
    #[serde(default = "hundred")]
    pub cap: Points,
}

/// What being early earns: a share of what was earned for each whole day or hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EarlyRule {
    /// Percent of what was earned.
    pub percent: Points,
    /// For each whole one of these.
    pub per: Unit,
    /// The most that it earns, in percent.
    pub cap: Points,
}

/// More time for one attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Extension {
    /// The attempt.
    pub attempt: AttemptId,
    /// So much later is it due.
    pub minutes: u32,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// How marks are given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MarkingRule {
    /// A second marker must mark too.
    #[serde(default)]
    pub second: bool,
    /// Two marks that differ by more than this share of the check's points wait for a moderator, in percent.
    #[serde(default = "tenth")]
    pub apart: Points,
    /// A mark counts once the marks of the attempt are posted.
    #[serde(default)]
    pub hidden: bool,
}

impl Default for MarkingRule {
    fn default() -> Self {
        Self { second: false, apart: tenth(), hidden: false }
    }
}

const fn hundred() -> Points {
    Points::whole(100)
}

const fn tenth() -> Points {
    Points::whole(10)
}

impl Rules {
    /// When an attempt at a scenario is due.
    #[must_use]
    pub fn due(&self, scenario: &str, attempt: &AttemptId) -> Option<Timestamp> {
        let more: i64 = self.extensions.iter().filter(|one| one.attempt == *attempt).map(|one| i64::from(one.minutes)).sum();
        self.due.get(scenario).map(|due| *due + SignedDuration::from_mins(more))
    }
}

impl LateRule {
    /// The share that is lost by handing in then, in percent.
    #[must_use]
    pub fn share(&self, due: Timestamp, submitted: Timestamp) -> Points {
        let late = submitted.duration_since(due);
        if late <= SignedDuration::from_mins(i64::from(self.grace_minutes)) {
            return Points::ZERO;
        }
        let unit = self.per.length().as_secs();
        // A day that has begun counts, also where only a part of its last second has passed.
        let begun = (late.as_secs() + i64::from(late.subsec_nanos() > 0) + unit - 1) / unit;
        capped(self.percent, begun, self.cap)
    }
}

impl EarlyRule {
    /// The share that is won by handing in then, in percent.
    #[must_use]
    pub fn share(&self, due: Timestamp, submitted: Timestamp) -> Points {
        let early = due.duration_since(submitted);
        capped(self.percent, (early.as_secs() / self.per.length().as_secs()).max(0), self.cap)
    }
}

fn capped(percent: Points, times: i64, cap: Points) -> Points {
    let share = percent.as_hundredths().saturating_mul(times);
    Points::hundredths(share).min(cap).clamp(Points::ZERO, hundred())
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::{EarlyRule, LateRule, Points, Timestamp, Unit};

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    #[test]
    fn a_day_that_has_begun_counts_and_grace_does_not_move_the_days() {
        let rule = LateRule { percent: Points::whole(10), per: Unit::Day, grace_minutes: 15, cap: Points::whole(50) };
        let day = 24 * 60;
        for (minutes, percent) in [(-5, 0), (0, 0), (15, 0), (16, 10), (day, 10), (day + 1, 20), (30 * day, 50)] {
            assert_eq!(rule.share(at(0), at(minutes)), Points::whole(percent), "{minutes} minutes");
        }
        let nearly = at(day) + SignedDuration::from_nanos(1);
        assert_eq!(rule.share(at(0), nearly), Points::whole(20));
    }

    #[test]
    fn only_whole_hours_early_count() {
        let rule = EarlyRule { percent: Points::hundredths(150), per: Unit::Hour, cap: Points::whole(5) };
        for (minutes, hundredths) in [(0, 0), (59, 0), (60, 150), (125, 300), (6000, 500), (-60, 0)] {
            assert_eq!(rule.share(at(minutes), at(0)), Points::hundredths(hundredths), "{minutes} minutes");
        }
    }
}
