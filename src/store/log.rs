use jiff::Timestamp;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Row, SqliteConnection};

use super::{Store, StoreError};
use crate::{
    attempt::{Answered, AttemptId, LogEntry, LogKind, chain},
    digest::sha256,
};

impl Store {
    /// Adds an entry to an attempt's log. Every entry carries the hash of the one before it.
    ///
    /// Runs, opened hints and the end of an attempt are logged by the store itself, together with what they store.
    ///
    /// # Errors
    /// When there is no such attempt, or the database cannot be written.
    pub async fn append_event(&self, id: &AttemptId, at: Timestamp, kind: LogKind, data: &Value) -> Result<(), StoreError> {
        let mut writer = self.writer().await?;
        self.log(&mut writer, id, at, kind, data).await?;
        self.read(writer.commit().await)
    }

    /// Adds an entry as part of a larger piece of writing.
    pub(super) async fn log(
        &self,
        writer: &mut SqliteConnection,
        id: &AttemptId,
        at: Timestamp,
        kind: LogKind,
        data: &Value,
    ) -> Result<(), StoreError> {
        let (kind, data, at) = (self.word("kind", &kind)?, self.print("event", data)?, at.to_string());
        let query = sqlx::query("SELECT seq, hash FROM events WHERE attempt = $1 ORDER BY seq DESC LIMIT 1").bind(&id.0);
        let (seq, previous) = match self.read(query.fetch_optional(&mut *writer).await)? {
            Some(row) => (self.read(row.try_get::<i64, _>("seq"))? + 1, self.text(&row, "hash")?),
            None => (1, String::new()),
        };
        let hash = chain(&previous, id, seq, &at, &kind, &data);
        let insert = sqlx::query(
            "INSERT INTO events (attempt, seq, at, kind, data, previous, hash) SELECT id, $2, $3, $4, $5, $6, $7 FROM attempts WHERE id = $1",
        );
        let insert = insert.bind(&id.0).bind(seq).bind(at).bind(kind).bind(data).bind(previous).bind(hash);
        match self.read(insert.execute(writer).await)?.rows_affected() {
            0 => Err(self.no_such(id)),
            _ => Ok(()),
        }
    }

    /// An attempt's log from its beginning, checked against its hashes; the runs that it tells of are checked too.
    ///
    /// # Errors
    /// [`StoreError::LogBroken`] when an entry or a run was changed, left out or put in after it was written.
    pub async fn events(&self, id: &AttemptId) -> Result<Vec<LogEntry>, StoreError> {
        let query = sqlx::query("SELECT seq, at, kind, data, previous, hash FROM events WHERE attempt = $1 ORDER BY seq").bind(&id.0);
        let (mut entries, mut head) = (Vec::new(), String::new());
        for (row, expected) in self.read(query.fetch_all(&self.pool).await)?.iter().zip(1_i64..) {
            let seq: i64 = self.read(row.try_get("seq"))?;
            let (at, kind, data) = (self.text(row, "at")?, self.text(row, "kind")?, self.text(row, "data")?);
            let (previous, hash) = (self.text(row, "previous")?, self.text(row, "hash")?);
            if seq != expected || previous != head || hash != chain(&previous, id, seq, &at, &kind, &data) {
                return Err(StoreError::LogBroken { attempt: id.clone(), seq: expected });
            }
            let (kind, data): (LogKind, Value) = (self.read_word("kind", kind)?, self.parse("event", &data)?);
            if matches!(kind, LogKind::Checked | LogKind::Regraded) && !self.run_is(id, &data).await? {
                return Err(StoreError::LogBroken { attempt: id.clone(), seq });
            }
            entries.push(LogEntry { seq, at: self.time(at)?, kind, data, hash: hash.clone() });
            head = hash;
        }
        Ok(entries)
    }

    /// The same without looking at hashes and runs: for whoever only wants to know what happened when.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn log_entries(&self, id: &AttemptId) -> Result<Vec<LogEntry>, StoreError> {
        let query = sqlx::query("SELECT seq, at, kind, data, hash FROM events WHERE attempt = $1 ORDER BY seq").bind(&id.0);
        let entry = |row: &sqlx::sqlite::SqliteRow| {
            Ok(LogEntry {
                seq: self.read(row.try_get("seq"))?,
                at: self.time(self.text(row, "at")?)?,
                kind: self.read_word("kind", self.text(row, "kind")?)?,
                data: self.json(row, "data")?,
                hash: self.text(row, "hash")?,
            })
        };
        self.read(query.fetch_all(&self.pool).await)?.iter().map(entry).collect()
    }

    /// What the learner of an attempt has answered since a moment, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn answers(&self, id: &AttemptId, since: Timestamp) -> Result<Vec<Answered>, StoreError> {
        let entries = self.told_of(id, &[LogKind::Answered]).await?.into_iter().filter(|(at, ..)| *at >= since);
        entries.map(|(_, _, data)| serde_json::from_value(data).map_err(|e| self.unreadable("answer", e))).collect()
    }

    /// What the entries of some kinds tell, with their moments, in order.
    pub(super) async fn told_of(&self, id: &AttemptId, kinds: &[LogKind]) -> Result<Vec<(Timestamp, LogKind, Value)>, StoreError> {
        let words: Vec<String> = kinds.iter().map(|kind| self.word("kind", kind)).collect::<Result<_, _>>()?;
        // The words are our own, and the database's plan is better with them written out than bound.
        let sql = format!("SELECT at, kind, data FROM events WHERE attempt = $1 AND kind IN ('{}') ORDER BY seq", words.join("', '"));
        let rows = self.read(sqlx::query(AssertSqlSafe(sql)).bind(&id.0).fetch_all(&self.pool).await)?;
        let entry =
            |row| Ok((self.time(self.text(row, "at")?)?, self.read_word("kind", self.text(row, "kind")?)?, self.json(row, "data")?));
        rows.iter().map(entry).collect()
    }

    /// Whether an attempt's log last told of a failed environment and not yet of its repair.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn is_paused(&self, id: &AttemptId) -> Result<bool, StoreError> {
        let (paused, repaired) = (self.word("kind", &LogKind::Paused)?, self.word("kind", &LogKind::Repaired)?);
        let query = sqlx::query_scalar("SELECT kind = $2 FROM events WHERE attempt = $1 AND kind IN ($2, $3) ORDER BY seq DESC LIMIT 1");
        let last: Option<bool> = self.read(query.bind(&id.0).bind(paused).bind(repaired).fetch_optional(&self.pool).await)?;
        Ok(last.unwrap_or(false))
    }

    /// Whether the run that an entry tells of is still the one that was stored.
    async fn run_is(&self, id: &AttemptId, entry: &Value) -> Result<bool, StoreError> {
        let (Some(run), Some(sha)) = (entry["run"].as_i64(), entry["sha256"].as_str()) else { return Ok(true) };
        let query = sqlx::query_scalar("SELECT data FROM runs WHERE attempt = $1 AND seq = $2").bind(&id.0).bind(run);
        let data: Option<String> = self.read(query.fetch_optional(&self.pool).await)?;
        Ok(data.is_some_and(|data| sha256(data.as_bytes()) == sha))
    }
}
