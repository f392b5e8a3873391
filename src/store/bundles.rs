use jiff::Timestamp;
use serde_json::json;
use sqlx::{AssertSqlSafe, Row, sqlite::SqliteRow};

use super::{Store, StoreError};
use crate::attempt::{AttemptId, BundleRun, LogKind, PartAttempt};

const COLUMNS: &str = "r.id, r.bundle, r.bundle_dir, r.environment, r.digest, r.started, r.ended";

impl Store {
    /// Makes an attempt one of a bundle's run, which is stored with its first attempt.
    ///
    /// # Errors
    /// When there is no such attempt, or the database cannot be written.
    pub async fn join_bundle(&self, run: &BundleRun, attempt: &AttemptId) -> Result<(), StoreError> {
        let mut writer = self.writer().await?;
        let insert = sqlx::query(
            "INSERT INTO bundle_runs (id, bundle, bundle_dir, environment, digest, started) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT DO NOTHING",
        );
        let insert = insert.bind(&run.id.0).bind(&run.bundle).bind(&run.bundle_dir).bind(&run.environment).bind(&run.digest);
        self.read(insert.bind(run.started.to_string()).execute(&mut *writer).await)?;
        let join = sqlx::query("INSERT INTO bundle_attempts (attempt, run) SELECT id, $2 FROM attempts WHERE id = $1");
        if self.read(join.bind(&attempt.0).bind(&run.id.0).execute(&mut *writer).await)?.rows_affected() == 0 {
            return Err(self.no_such(attempt));
        }
        self.read(writer.commit().await)
    }

    /// The learner is done with a part, and its log says so. Finishing it again keeps the first time.
    ///
    /// # Errors
    /// When the attempt is no part of a bundle, or the database cannot be written.
    pub async fn finish_part(&self, attempt: &AttemptId, at: Timestamp) -> Result<(), StoreError> {
        let mut writer = self.writer().await?;
        let update = sqlx::query("UPDATE bundle_attempts SET finished = $2 WHERE attempt = $1 AND finished IS NULL");
        if self.read(update.bind(&attempt.0).bind(at.to_string()).execute(&mut *writer).await)?.rows_affected() == 0 {
            let known = sqlx::query("SELECT 1 FROM bundle_attempts WHERE attempt = $1").bind(&attempt.0);
            return self.read(known.fetch_optional(&mut *writer).await)?.map(drop).ok_or_else(|| self.no_such(attempt));
        }
        self.log(&mut writer, attempt, at, LogKind::Finished, &json!({})).await?;
        self.read(writer.commit().await)
    }

    /// Nothing changes in a run any more. Ending an ended run keeps its first end.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn end_bundle_run(&self, run: &AttemptId, at: Timestamp) -> Result<(), StoreError> {
        let query = sqlx::query("UPDATE bundle_runs SET ended = $2 WHERE id = $1 AND ended IS NULL");
        self.read(query.bind(&run.0).bind(at.to_string()).execute(&self.pool).await).map(drop)
    }

    /// One run of a bundle by its id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn bundle_run(&self, id: &AttemptId) -> Result<Option<BundleRun>, StoreError> {
        self.bundle_where("bundle_runs r WHERE r.id = $1", &id.0).await
    }

    /// The newest run of a bundle in an environment that has not ended.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_bundle_run(&self, environment: &str) -> Result<Option<BundleRun>, StoreError> {
        self.bundle_where("bundle_runs r WHERE r.environment = $1 AND r.ended IS NULL", environment).await
    }

    /// The run that an attempt belongs to.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn bundle_of(&self, attempt: &AttemptId) -> Result<Option<BundleRun>, StoreError> {
        self.bundle_where("bundle_runs r JOIN bundle_attempts a ON a.run = r.id WHERE a.attempt = $1", &attempt.0).await
    }

    /// When the learner was done with an attempt that is part of a bundle.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn part_finished(&self, attempt: &AttemptId) -> Result<Option<Timestamp>, StoreError> {
        let query = sqlx::query_scalar("SELECT finished FROM bundle_attempts WHERE attempt = $1").bind(&attempt.0);
        let finished: Option<Option<String>> = self.read(query.fetch_optional(&self.pool).await)?;
        finished.flatten().map(|at| self.time(at)).transpose()
    }

    /// The attempts of a run, in the order in which they were begun.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn bundle_attempts(&self, run: &AttemptId) -> Result<Vec<PartAttempt>, StoreError> {
        let query = sqlx::query("SELECT attempt, finished FROM bundle_attempts WHERE run = $1 ORDER BY rowid").bind(&run.0);
        let mut attempts = Vec::new();
        for row in self.read(query.fetch_all(&self.pool).await)? {
            let id = AttemptId(self.text(&row, "attempt")?);
            let finished: Option<String> = self.read(row.try_get("finished"))?;
            let attempt = self.get(&id).await?.ok_or_else(|| self.no_such(&id))?;
            attempts.push(PartAttempt { attempt, finished: finished.map(|at| self.time(at)).transpose()? });
        }
        Ok(attempts)
    }

    async fn bundle_where(&self, from: &str, value: &str) -> Result<Option<BundleRun>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM {from} ORDER BY r.rowid DESC LIMIT 1");
        let row = self.read(sqlx::query(AssertSqlSafe(sql)).bind(value).fetch_optional(&self.pool).await)?;
        row.map(|row| self.read_bundle_run(&row)).transpose()
    }

    fn read_bundle_run(&self, row: &SqliteRow) -> Result<BundleRun, StoreError> {
        let ended: Option<String> = self.read(row.try_get("ended"))?;
        Ok(BundleRun {
            id: AttemptId(self.text(row, "id")?),
            bundle: self.text(row, "bundle")?,
            bundle_dir: self.text(row, "bundle_dir")?,
            environment: self.text(row, "environment")?,
            digest: self.text(row, "digest")?,
            started: self.time(self.text(row, "started")?)?,
            ended: ended.map(|t| self.time(t)).transpose()?,
        })
    }
}
