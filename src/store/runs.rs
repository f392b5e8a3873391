use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::{Store, StoreError};
use crate::{
    attempt::{AttemptId, LogKind, Run, RunRecords, Trigger, Verdict},
    digest::sha256,
    scenario::Role,
};

impl Store {
    /// Adds a run with its evidence and an entry in the log, all or nothing. Evidence that another run saw too is stored once.
    ///
    /// # Errors
    /// When there is no such attempt, or the database cannot be written.
    pub async fn append_run(&self, id: &AttemptId, run: &Run) -> Result<(), StoreError> {
        self.append_seen(id, run, None).await
    }

    /// The same, with what the run saw last, packed.
    ///
    /// # Errors
    /// When there is no such attempt, or the database cannot be written.
    pub async fn append_seen(&self, id: &AttemptId, run: &Run, sight: Option<&[u8]>) -> Result<(), StoreError> {
        let mut writer = self.writer().await?;
        let (seq, sha) = self.insert_run(&mut writer, id, run).await?;
        let mut entry = json!({"run": seq, "sha256": sha});
        if let Some(sight) = sight {
            let seen = sha256(sight);
            let insert = sqlx::query("INSERT INTO sights (attempt, run, sha256, data) VALUES ($1, $2, $3, $4)");
            let insert = insert.bind(&id.0).bind(seq).bind(&seen).bind(sight.to_vec());
            self.read(insert.execute(&mut *writer).await)?;
            entry["seen"] = seen.into();
        }
        // The start's own look is nobody's work, and is told by the entry of the start.
        if run.trigger != Trigger::Confirm {
            let counted = || run.results.iter().filter(|r| matches!(r.role, Role::Objective | Role::Guard));
            entry["passed"] = counted().filter(|r| r.verdict == Verdict::Pass).count().into();
            entry["total"] = counted().count().into();
            self.log(&mut writer, id, run.started + Duration::from_millis(run.millis), LogKind::Checked, &entry).await?;
        }
        self.read(writer.commit().await)
    }

    /// Adds a run that was judged anew, with what the run with this number saw, and the entry in the log that says by what and why. All
    /// that it replaces stays.
    ///
    /// # Errors
    /// When there is no such attempt, or the database cannot be written.
    pub async fn append_regrade(&self, id: &AttemptId, run: &Run, of: usize, at: Timestamp, told: &Value) -> Result<(), StoreError> {
        let mut writer = self.writer().await?;
        let (seq, sha) = self.insert_run(&mut writer, id, run).await?;
        let inherit =
            "INSERT INTO sights (attempt, run, sha256, data) SELECT attempt, $3, sha256, data FROM sights WHERE attempt = $1 AND run = $2";
        let inherit = sqlx::query(inherit).bind(&id.0).bind(i64::try_from(of).unwrap_or(i64::MAX)).bind(seq);
        self.read(inherit.execute(&mut *writer).await)?;
        let mut entry = told.clone();
        (entry["run"], entry["sha256"]) = (seq.into(), sha.into());
        self.log(&mut writer, id, at, LogKind::Regraded, &entry).await?;
        self.read(writer.commit().await)
    }

    /// What the run with this number saw last, packed; nothing where it was not kept.
    ///
    /// # Errors
    /// When the database cannot be read, or it was changed after it was written.
    pub async fn sight(&self, id: &AttemptId, run: usize) -> Result<Option<Vec<u8>>, StoreError> {
        let number = i64::try_from(run).unwrap_or(i64::MAX);
        let query = sqlx::query("SELECT sha256, data FROM sights WHERE attempt = $1 AND run = $2").bind(&id.0).bind(number);
        let Some(row) = self.read(query.fetch_optional(&self.pool).await)? else { return Ok(None) };
        let (key, data): (String, Vec<u8>) = (self.text(&row, "sha256")?, self.read(row.try_get("data"))?);
        if sha256(&data) != key {
            return Err(self.unreadable(format!("what run {run} of {id} saw"), "it was changed after it was written"));
        }
        Ok(Some(data))
    }

    /// Stores a run with its evidence; gives its number and the digest of what was stored.
    async fn insert_run(&self, writer: &mut SqliteConnection, id: &AttemptId, run: &Run) -> Result<(i64, String), StoreError> {
        let mut run = run.clone();
        for evidence in run.results.iter_mut().flat_map(|r| &mut r.evidence) {
            let part = self.print("evidence", &evidence.part)?;
            let key = sha256(part.as_bytes());
            let insert = sqlx::query("INSERT INTO evidence (sha256, part) VALUES ($1, $2) ON CONFLICT DO NOTHING").bind(&key).bind(part);
            self.read(insert.execute(&mut *writer).await)?;
            evidence.part = Value::String(key);
        }
        let data = self.print("run", &run)?;
        let sha = sha256(data.as_bytes());
        let insert = sqlx::query_scalar(
            "INSERT INTO runs (attempt, seq, data) SELECT id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM runs WHERE attempt = $1), $2 \
             FROM attempts WHERE id = $1 RETURNING seq",
        );
        let seq: Option<i64> = self.read(insert.bind(&id.0).bind(data).fetch_optional(&mut *writer).await)?;
        let seq = seq.ok_or_else(|| self.no_such(id))?;
        Ok((seq, sha))
    }

    /// Every run of an attempt, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn runs(&self, id: &AttemptId) -> Result<Vec<Run>, StoreError> {
        let query = sqlx::query("SELECT data FROM runs WHERE attempt = $1 ORDER BY seq").bind(&id.0);
        let mut runs = Vec::new();
        for row in self.read(query.fetch_all(&self.pool).await)? {
            runs.push(self.run(&row).await?);
        }
        Ok(runs)
    }

    /// Every run of an attempt, in order, with references in place of its evidence: enough for whatever looks at verdicts only.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn run_outlines(&self, id: &AttemptId) -> Result<Vec<Run>, StoreError> {
        let query = sqlx::query("SELECT data FROM runs WHERE attempt = $1 ORDER BY seq").bind(&id.0);
        self.read(query.fetch_all(&self.pool).await)?.iter().map(|row| self.json(row, "data")).collect()
    }

    /// Every run of an attempt as it was written, in order, and the evidence that they refer to.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn run_records(&self, id: &AttemptId) -> Result<RunRecords, StoreError> {
        let query = sqlx::query_scalar("SELECT data FROM runs WHERE attempt = $1 ORDER BY seq").bind(&id.0);
        let mut records = RunRecords { runs: self.read(query.fetch_all(&self.pool).await)?, ..RunRecords::default() };
        for run in &records.runs {
            for key in RunRecords::evidence_of(&self.parse("run", run)?) {
                let query = sqlx::query_scalar("SELECT part FROM evidence WHERE sha256 = $1").bind(key);
                let part: String = self.read(query.fetch_one(&self.pool).await)?;
                records.evidence.insert(key.to_owned(), part);
            }
        }
        Ok(records)
    }

    /// The last run of an attempt.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn last_run(&self, id: &AttemptId) -> Result<Option<Run>, StoreError> {
        let query = sqlx::query("SELECT data FROM runs WHERE attempt = $1 ORDER BY seq DESC LIMIT 1").bind(&id.0);
        match self.read(query.fetch_optional(&self.pool).await)? {
            Some(row) => Ok(Some(self.run(&row).await?)),
            None => Ok(None),
        }
    }

    async fn run(&self, row: &SqliteRow) -> Result<Run, StoreError> {
        let mut run: Run = self.json(row, "data")?;
        for evidence in run.results.iter_mut().flat_map(|r| &mut r.evidence) {
            let key = evidence.part.as_str().unwrap_or_default().to_owned();
            let query = sqlx::query("SELECT part FROM evidence WHERE sha256 = $1").bind(&key);
            let part: String = self.read(query.fetch_one(&self.pool).await.and_then(|row| row.try_get("part")))?;
            if sha256(part.as_bytes()) != key {
                return Err(self.unreadable(format!("evidence {key}"), "it was changed after it was written"));
            }
            evidence.part = self.parse("evidence", &part)?;
        }
        Ok(run)
    }
}
