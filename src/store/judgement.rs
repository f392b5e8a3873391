use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{Store, StoreError};
use crate::attempt::{Adjustment, Attempt, AttemptId, Decision, LogKind, Mark, Override, Target};

/// The kinds of entries that tell what people decided about one attempt.
const KINDS: [LogKind; 9] = [
    LogKind::Marked,
    LogKind::MarksPosted,
    LogKind::Overridden,
    LogKind::OverrideUndone,
    LogKind::Adjusted,
    LogKind::AdjustmentUndone,
    LogKind::Submitted,
    LogKind::Regraded,
    LogKind::Rechecked,
];

/// Stands for every scenario.
pub const EVERY: &str = "*";

/// By which scenario an attempt was graded anew.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Regraded {
    scenario_dir: String,
    digest: String,
}

impl Store {
    /// Decides something for everybody who works on a scenario. Nothing that was decided before is changed: the later one counts.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn decide(&self, scenario: &str, at: Timestamp, decision: &Decision) -> Result<(), StoreError> {
        let mut writer = self.writer().await?;
        let insert =
            sqlx::query("INSERT INTO decisions (seq, scenario, at, data) SELECT COALESCE(MAX(seq), 0) + 1, $1, $2, $3 FROM decisions");
        let insert = insert.bind(scenario).bind(at.to_string()).bind(self.print("decision", decision)?);
        self.read(insert.execute(&mut *writer).await)?;
        self.read(writer.commit().await)
    }

    /// What was decided for everybody who works on a scenario, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn decisions(&self, scenario: &str) -> Result<Vec<Decision>, StoreError> {
        let query = sqlx::query("SELECT data FROM decisions WHERE scenario IN ($1, $2) ORDER BY seq").bind(scenario).bind(EVERY);
        self.read(query.fetch_all(&self.pool).await)?.iter().map(|row| self.json(row, "data")).collect()
    }

    /// Adds to an attempt what people decided about it: marks, overrides and adjustments from its log, voids and rules for all.
    pub(super) async fn heeding(&self, attempt: &mut Attempt) -> Result<(), StoreError> {
        let mut adjusted = 0;
        for (at, kind, mut data) in self.told_of(&attempt.id, &KINDS).await? {
            if let Some(object) = data.as_object_mut().filter(|_| matches!(kind, LogKind::Overridden | LogKind::Adjusted)) {
                adjusted += u32::from(kind == LogKind::Adjusted);
                object.insert("at".into(), at.to_string().into());
                object.insert("number".into(), adjusted.into());
            }
            self.heed(attempt, kind, data)?;
        }
        let decisions = self.decisions(&attempt.scenario).await?;
        attempt.judgement.heed(decisions, &attempt.versions.scenario);
        Ok(())
    }

    fn heed(&self, attempt: &mut Attempt, kind: LogKind, mut data: Value) -> Result<(), StoreError> {
        let judgement = &mut attempt.judgement;
        match kind {
            LogKind::Marked => attempt.marks.push(self.value("mark", data)?),
            LogKind::MarksPosted => judgement.posted = true,
            LogKind::Overridden => {
                let one: Override = self.value("override", data)?;
                judgement.overrides.retain(|earlier| earlier.target != one.target);
                judgement.overrides.push(one);
            }
            LogKind::OverrideUndone => {
                let target: Target = self.value("override", data["target"].take())?;
                judgement.overrides.retain(|one| one.target != target);
            }
            LogKind::Adjusted => judgement.adjustments.push(self.value("adjustment", data)?),
            LogKind::AdjustmentUndone => judgement.adjustments.retain(|one: &Adjustment| data["number"] != one.number),
            LogKind::Submitted => {
                judgement.submitted = self.value("moment", data["at"].take())?;
                judgement.learner = self.value("learner", data["learner"].take())?;
            }
            LogKind::Rechecked => judgement.learner = self.value("learner", data["learner"].take())?,
            // From then on it is an attempt at the corrected scenario; the entry keeps what it was worth before.
            LogKind::Regraded => {
                let regraded: Regraded = self.value("regrade", data)?;
                (attempt.scenario_dir, attempt.versions.scenario) = (regraded.scenario_dir, regraded.digest);
            }
            _ => {}
        }
        Ok(())
    }

    fn value<T: serde::de::DeserializeOwned>(&self, what: &str, value: Value) -> Result<T, StoreError> {
        serde_json::from_value(value).map_err(|e| self.unreadable(what, e))
    }

    /// The marks that graders gave in an attempt, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn marks(&self, id: &AttemptId) -> Result<Vec<Mark>, StoreError> {
        let told = self.told_of(id, &[LogKind::Marked]).await?;
        told.into_iter().map(|(_, _, data)| self.value("mark", data)).collect()
    }
}
