use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Rules;
use crate::{points::Points, scenario::Category, text::Text};

/// What people decided about the points of an attempt, and the rules that they set for it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Judgement {
    /// Checks of the scenario that were found to be faulty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub voids: Vec<Void>,
    /// What a person gave or took, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adjustments: Vec<Adjustment>,
    /// Values that a person put in the place of computed ones; one for a target.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
    /// The instructor's rules; none where nothing was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Rules>,
    /// Whose work it is, where an instructor had it graded: the learner's id in the roster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learner: Option<String>,
    /// When the work was handed in, where that is not when it was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub submitted: Option<Timestamp>,
    /// The marks were posted: where the rules hide them until then, they count.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub posted: bool,
}

impl Judgement {
    /// Whether nobody decided anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// How a check was voided for all.
    #[must_use]
    pub fn void_of(&self, check: &str) -> Option<&Void> {
        self.voids.iter().find(|void| void.check == check)
    }

    /// What was put in the place of a computed value.
    #[must_use]
    pub fn override_of(&self, target: &Target) -> Option<&Override> {
        self.overrides.iter().find(|one| one.target == *target)
    }
}

/// What a person's value takes the place of.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// What one check earned.
    Check(String),
    /// What a category came to.
    Category(Category),
    /// The total.
    Total,
}

impl Target {
    /// What a person calls it: `total`, a category, or else a check.
    #[must_use]
    pub fn named(word: &str) -> Self {
        let category = serde_json::from_value(serde_json::Value::String(word.to_owned()));
        match (word, category) {
            ("total", _) => Self::Total,
            (_, Ok(category)) => Self::Category(category),
            (check, Err(_)) => Self::Check(check.to_owned()),
        }
    }
}

/// A person's value in the place of a computed one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Override {
    /// Of what.
    pub target: Target,
    /// The points that count.
    pub to: Points,
    /// Why; whoever reads the report reads it.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
}

/// A plus or minus that a person gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Adjustment {
    /// Its number in the attempt, from 1, by which it is undone.
    pub number: u32,
    /// What sort.
    pub kind: AdjustmentKind,
    /// So many points more, or fewer.
    pub amount: Points,
    /// Why; whoever reads the report reads it.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
}

/// Whose plus or minus it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AdjustmentKind {
    /// A grader's.
    Manual,
    /// Of whoever compares the graders.
    Moderation,
}

/// A check that was found to be faulty, for everybody who was judged by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Void {
    /// The check.
    pub check: String,
    /// Of the scenario with this digest.
    pub digest: String,
    /// What becomes of its points.
    #[serde(rename = "as")]
    pub treatment: VoidAs,
    /// Why; whoever reads the report reads it.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
}

/// What becomes of the points of a faulty check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum VoidAs {
    /// Everybody has them.
    Full,
    /// The others of its category, or step, are worth them: there is as much to earn as before.
    Removed,
}

impl VoidAs {
    /// In words.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Full => Text::new("모두에게 만점", "full points for all"),
            Self::Removed => Text::new("모두에게서 제외", "removed for all"),
        }
    }
}

/// A decision for everybody who works on a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Decision {
    /// A check is faulty.
    Voided(Void),
    /// It is not, after all.
    VoidUndone {
        /// The check.
        check: String,
        /// Of the scenario with this digest.
        digest: String,
        /// Why.
        reason: String,
        /// Who decided.
        by: String,
    },
    /// These rules are in force, in the place of earlier ones; none of them where there are none.
    Ruled {
        /// The rules.
        rules: Option<Rules>,
        /// Why.
        reason: String,
        /// Who decided.
        by: String,
    },
}

impl Judgement {
    /// Adds what was decided for everybody, in its order, as far as it concerns a scenario with this digest.
    pub fn heed(&mut self, decisions: impl IntoIterator<Item = Decision>, digest: &str) {
        for decision in decisions {
            match decision {
                Decision::Voided(void) if void.digest == digest => {
                    self.voids.retain(|one| one.check != void.check);
                    self.voids.push(void);
                }
                Decision::VoidUndone { check, digest: of, .. } if of == digest => self.voids.retain(|one| one.check != check),
                Decision::Voided(_) | Decision::VoidUndone { .. } => {}
                Decision::Ruled { rules, .. } => self.rules = rules,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Decision, Judgement, Target, Void, VoidAs};
    use crate::scenario::Category;

    #[test]
    fn a_target_is_the_total_a_category_or_else_a_check() {
        assert_eq!(Target::named("total"), Target::Total);
        assert_eq!(Target::named("security"), Target::Category(Category::Security));
        assert_eq!(Target::named("web-serves"), Target::Check("web-serves".into()));
    }

    #[test]
    fn a_void_concerns_one_digest_and_can_be_taken_back() {
        let void = |treatment| {
            Decision::Voided(Void {
                check: "web".into(),
                digest: "sha256:1".into(),
                treatment,
                reason: "wrong".into(),
                by: "kim".into(),
                at: Timestamp::UNIX_EPOCH,
            })
        };
        let undone = Decision::VoidUndone { check: "web".into(), digest: "sha256:1".into(), reason: "right".into(), by: "lee".into() };
        let heeded = |decisions: &[Decision], digest: &str| {
            let mut judgement = Judgement::default();
            judgement.heed(decisions.iter().cloned(), digest);
            judgement.void_of("web").map(|void| void.treatment)
        };
        assert_eq!(heeded(&[void(VoidAs::Full)], "sha256:1"), Some(VoidAs::Full));
        assert_eq!(heeded(&[void(VoidAs::Full)], "sha256:2"), None);
        assert_eq!(heeded(&[void(VoidAs::Full), void(VoidAs::Removed)], "sha256:1"), Some(VoidAs::Removed));
        assert_eq!(heeded(&[void(VoidAs::Full), undone], "sha256:1"), None);
    }
}
