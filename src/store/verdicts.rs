use jiff::Timestamp;
use serde::Deserialize;
use sqlx::Row;

use super::{Store, StoreError};
use crate::attempt::{AttemptId, LogKind, Verdict, Verdicts};

/// As much of a run as its verdicts need: the rest is large, and is read again and again while a learner is watched.
#[derive(Deserialize)]
struct Judged {
    started: Timestamp,
    results: Vec<Result>,
}

#[derive(Deserialize)]
struct Result {
    id: String,
    verdict: Verdict,
}

impl Store {
    /// What every run of an attempt came to since it was last reset, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn verdicts(&self, id: &AttemptId) -> std::result::Result<Vec<Verdicts>, StoreError> {
        let reset = sqlx::query("SELECT at FROM events WHERE attempt = $1 AND kind = $2 ORDER BY seq DESC LIMIT 1");
        let reset = reset.bind(&id.0).bind(self.word("kind", &LogKind::Reset)?);
        let reset = match self.read(reset.fetch_optional(&self.pool).await)? {
            Some(row) => Some(self.time(self.text(&row, "at")?)?),
            None => None,
        };
        let query = sqlx::query("SELECT data FROM runs WHERE attempt = $1 ORDER BY seq").bind(&id.0);
        let mut all = Vec::new();
        for row in self.read(query.fetch_all(&self.pool).await)? {
            let data: String = self.read(row.try_get("data"))?;
            let judged: Judged = self.parse("run", &data)?;
            if reset.is_none_or(|at| judged.started > at) {
                all.push(judged.results.into_iter().map(|result| (result.id, result.verdict)).collect());
            }
        }
        Ok(all)
    }
}
