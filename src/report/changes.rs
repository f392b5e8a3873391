use serde::{Deserialize, Serialize};

use crate::{
    attempt::{Attempt, AttemptId},
    points::Points,
    score::{Score, Total},
    text::{Lang, Text, pad, width},
};

/// Whose score a decision changes, and by what.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Changes {
    /// It was done; otherwise it was only said what it would do.
    pub applied: bool,
    /// The version of the scenario that is decided about, or that is judged by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// One for each attempt, the oldest first.
    pub rows: Vec<ScoreChange>,
}

/// What an attempt was worth, and is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScoreChange {
    /// The attempt.
    pub attempt: AttemptId,
    /// Whose it is, as far as that is known: the id in a roster, or else the environment's name.
    pub learner: String,
    /// The total before.
    pub before: Total,
    /// The total after.
    pub after: Total,
    /// What changes it: checks by what they earn, then rows that were added or taken away.
    pub by: Vec<CriterionChange>,
    /// Checks of which the stored evidence does not tell what they came to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reruns: Vec<Rerun>,
}

/// What one criterion was worth, and is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CriterionChange {
    /// The check's id; none for a row of the arithmetic.
    pub check: Option<String>,
    /// Its title.
    pub title: Text,
    /// Before.
    pub before: Total,
    /// After.
    pub after: Total,
}

/// A check that has to run again, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rerun {
    /// The check.
    pub check: String,
    /// Why.
    pub why: Text,
}

impl ScoreChange {
    /// Compares two scores of an attempt.
    #[must_use]
    pub fn new(attempt: &Attempt, before: &Score, after: &Score) -> Self {
        let none = Total::exact(Points::ZERO, Points::ZERO);
        let mut by = Vec::new();
        let ids = after.checks.iter().chain(before.checks.iter().filter(|old| after.checks.iter().all(|new| new.id != old.id)));
        for check in ids {
            let of = |score: &Score| score.checks.iter().find(|one| one.id == check.id).map_or(none, |one| one.earned);
            by.push((Some(check.id.clone()), check.title.clone(), of(before), of(after)));
        }
        let rows = after
            .adjustments
            .iter()
            .chain(before.adjustments.iter().filter(|old| !after.adjustments.iter().any(|new| new.label == old.label)));
        for row in rows {
            let of = |score: &Score| {
                score.adjustments.iter().find(|one| one.label == row.label).map_or(none, |one| Total::exact(one.points, one.points))
            };
            by.push((None, row.label.clone(), of(before), of(after)));
        }
        let changed = by.into_iter().filter(|(_, _, before, after)| before != after);
        Self {
            attempt: attempt.id.clone(),
            learner: attempt.learner().to_owned(),
            before: before.total,
            after: after.total,
            by: changed.map(|(check, title, before, after)| CriterionChange { check, title, before, after }).collect(),
            reruns: Vec::new(),
        }
    }

    /// Whether it is worth something else than it was; what needs a rerun keeps what it has.
    #[must_use]
    pub fn changes(&self) -> bool {
        self.before != self.after && self.reruns.is_empty()
    }
}

impl CriterionChange {
    /// Before and after; with what there was to earn, where only that differs.
    fn render(&self) -> String {
        let (before, after) = (self.before.to_string(), self.after.to_string());
        if before == after {
            return format!("{before}/{} → {after}/{}", self.before.max, self.after.max);
        }
        format!("{before} → {after}")
    }
}

impl Changes {
    /// A table for a person: a line for each attempt, and below it what changes it.
    #[must_use]
    pub fn render(&self, lang: Lang) -> String {
        let mut out = String::new();
        let names = self.rows.iter().map(|row| width(&row.learner)).max().unwrap_or(0);
        for row in &self.rows {
            let mark = if row.before == row.after { "=" } else { "→" };
            out += &format!("{}  {}  {} {mark} {}\n", pad(&row.learner, names), row.attempt, row.before, row.after);
            for one in &row.by {
                out += &format!("    {}: {}\n", one.title.get(lang), one.render());
            }
            for rerun in &row.reruns {
                let needs = Text::new("다시 실행해야 함", "needs a rerun");
                out += &format!("    {}: {} ({})\n", rerun.check, needs.get(lang), rerun.why.get(lang));
            }
        }
        let changed = self.rows.iter().filter(|row| row.changes()).count();
        let reruns = self.rows.iter().filter(|row| !row.reruns.is_empty()).count();
        let all = self.rows.len();
        let sum = Text::new(
            format!("시도 {all}개 가운데 {changed}개의 점수가 바뀝니다. {reruns}개는 다시 실행해야 하며 지금 점수를 유지합니다."),
            format!("Scores that change: {changed} of {all}. Attempts that need a rerun and keep what they have: {reruns}."),
        );
        out += sum.get(lang);
        out += "\n";
        if !self.applied {
            out += Text::new("아직 아무것도 바꾸지 않았습니다.\n", "Nothing has been changed yet.\n").get(lang);
        }
        out
    }
}
