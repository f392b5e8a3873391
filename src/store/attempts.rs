use jiff::Timestamp;
use serde_json::json;
use sqlx::{AssertSqlSafe, Row, SqliteConnection, sqlite::SqliteRow};

use super::{Store, StoreError};
use crate::{
    attempt::{Attempt, AttemptId, AttemptState, Baseline, HintOpened, Judgement, LogKind},
    points::Points,
};

/// Which attempts a list holds; every field narrows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AttemptFilter {
    /// Of this scenario.
    pub scenario: Option<String>,
    /// In this environment.
    pub environment: Option<String>,
    /// In this state.
    pub state: Option<AttemptState>,
}

const COLUMNS: &str = "id, scenario, scenario_dir, environment, provider, capabilities, state, namespaces, cluster_uid, nonce, versions, \
                       started, ended, assisted, resets";

impl Store {
    /// Stores a new attempt; its hints start empty.
    ///
    /// # Errors
    /// When the id is taken, or the database cannot be written.
    pub async fn create_attempt(&self, attempt: &Attempt) -> Result<(), StoreError> {
        let sql = format!("INSERT INTO attempts ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)");
        let query = sqlx::query(AssertSqlSafe(sql))
            .bind(&attempt.id.0)
            .bind(&attempt.scenario)
            .bind(&attempt.scenario_dir)
            .bind(&attempt.environment)
            .bind(&attempt.provider)
            .bind(self.print("capabilities", &attempt.capabilities)?)
            .bind(self.word("state", &attempt.state)?)
            .bind(self.print("namespaces", &attempt.namespaces)?)
            .bind(&attempt.cluster_uid)
            .bind(&attempt.nonce)
            .bind(self.print("versions", &attempt.versions)?)
            .bind(attempt.started.to_string())
            .bind(attempt.ended.map(|t| t.to_string()))
            .bind(attempt.assisted)
            .bind(i64::from(attempt.resets));
        match query.execute(&self.pool).await {
            Err(error) if error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation) => {
                Err(StoreError::AttemptExists { id: attempt.id.clone(), path: self.path().to_path_buf() })
            }
            other => self.read(other).map(drop),
        }
    }

    /// The attempt is ready for the learner: the fault was confirmed at this moment, in this cluster.
    ///
    /// # Errors
    /// When there is no such attempt, or the database cannot be written.
    pub async fn open_attempt(&self, id: &AttemptId, started: Timestamp) -> Result<(), StoreError> {
        let query = sqlx::query("UPDATE attempts SET state = 'open', started = $2 WHERE id = $1").bind(&id.0).bind(started.to_string());
        self.changed(id, query).await
    }

    /// Nothing changes any more, and the log says so. Closing a closed attempt keeps its first end.
    ///
    /// # Errors
    /// When there is no such attempt, or the database cannot be written.
    pub async fn close_attempt(&self, id: &AttemptId, ended: Timestamp) -> Result<(), StoreError> {
        let mut writer = self.writer().await?;
        let query = sqlx::query("UPDATE attempts SET state = 'closed', ended = $2 WHERE id = $1 AND state <> 'closed'");
        let closed = self.read(query.bind(&id.0).bind(ended.to_string()).execute(&mut *writer).await)?.rows_affected();
        if closed == 0 {
            return self.exists(&mut writer, id).await;
        }
        self.log(&mut writer, id, ended, LogKind::Closed, &json!({})).await?;
        self.read(writer.commit().await)
    }

    /// Writes what became known while the attempt was being started: cluster, nonce, capabilities, versions.
    ///
    /// # Errors
    /// When there is no such attempt, or the database cannot be written.
    pub async fn update_attempt(&self, attempt: &Attempt) -> Result<(), StoreError> {
        let query = sqlx::query("UPDATE attempts SET capabilities = $2, cluster_uid = $3, nonce = $4, versions = $5 WHERE id = $1")
            .bind(&attempt.id.0)
            .bind(self.print("capabilities", &attempt.capabilities)?)
            .bind(&attempt.cluster_uid)
            .bind(&attempt.nonce)
            .bind(self.print("versions", &attempt.versions)?);
        self.changed(&attempt.id, query).await
    }

    /// A solution was shown or applied.
    ///
    /// # Errors
    /// When there is no such attempt, or the database cannot be written.
    pub async fn mark_assisted(&self, id: &AttemptId) -> Result<(), StoreError> {
        self.changed(id, sqlx::query("UPDATE attempts SET assisted = 1 WHERE id = $1").bind(&id.0)).await
    }

    /// It was reset once more.
    ///
    /// # Errors
    /// When there is no such attempt, or the database cannot be written.
    pub async fn count_reset(&self, id: &AttemptId) -> Result<(), StoreError> {
        self.changed(id, sqlx::query("UPDATE attempts SET resets = resets + 1 WHERE id = $1").bind(&id.0)).await
    }

    /// Notes that a hint was opened, in the log too. Opening it again changes nothing: the first time and price stay.
    ///
    /// # Errors
    /// When there is no such attempt, or the database cannot be written.
    pub async fn open_hint(&self, id: &AttemptId, hint: &HintOpened) -> Result<(), StoreError> {
        let mut writer = self.writer().await?;
        let query = sqlx::query(
            "INSERT INTO hints (attempt, step, rung, cost, at) SELECT id, $2, $3, $4, $5 FROM attempts WHERE id = $1 ON CONFLICT DO NOTHING",
        );
        let query = query
            .bind(&id.0)
            .bind(hint.step.clone().unwrap_or_default())
            .bind(i64::from(hint.rung))
            .bind(hint.cost.as_hundredths())
            .bind(hint.at.to_string());
        if self.read(query.execute(&mut *writer).await)?.rows_affected() == 0 {
            return self.exists(&mut writer, id).await;
        }
        let entry = json!({"rung": hint.rung, "step": hint.step, "cost": hint.cost});
        self.log(&mut writer, id, hint.at, LogKind::HintOpened, &entry).await?;
        self.read(writer.commit().await)
    }

    /// The hints opened in an attempt, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn hints(&self, id: &AttemptId) -> Result<Vec<HintOpened>, StoreError> {
        let query = sqlx::query("SELECT step, rung, cost, at FROM hints WHERE attempt = $1 ORDER BY rowid").bind(&id.0);
        self.read(query.fetch_all(&self.pool).await)?.iter().map(|row| self.hint(row)).collect()
    }

    fn hint(&self, row: &SqliteRow) -> Result<HintOpened, StoreError> {
        let rung: i64 = self.read(row.try_get("rung"))?;
        Ok(HintOpened {
            step: Some(self.text(row, "step")?).filter(|s| !s.is_empty()),
            rung: u32::try_from(rung).map_err(|e| self.unreadable("hint", e))?,
            cost: Points::hundredths(self.read(row.try_get("cost"))?),
            at: self.time(self.text(row, "at")?)?,
        })
    }

    /// Keeps what was recorded when the scenario was healthy and broken.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn save_baseline(&self, id: &AttemptId, baseline: &Baseline) -> Result<(), StoreError> {
        let query = sqlx::query(
            "INSERT INTO baselines (attempt, data) SELECT id, $2 FROM attempts WHERE id = $1 \
             ON CONFLICT (attempt) DO UPDATE SET data = excluded.data",
        );
        self.changed(id, query.bind(&id.0).bind(self.print("baseline", baseline)?)).await
    }

    /// The baseline of an attempt; none before it was taken.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn baseline(&self, id: &AttemptId) -> Result<Option<Baseline>, StoreError> {
        let query = sqlx::query("SELECT data FROM baselines WHERE attempt = $1").bind(&id.0);
        self.read(query.fetch_optional(&self.pool).await)?.map(|row| self.json(&row, "data")).transpose()
    }

    /// One attempt by its id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn get(&self, id: &AttemptId) -> Result<Option<Attempt>, StoreError> {
        self.first("id = $1", &id.0).await
    }

    /// The newest attempt of an environment that is not closed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn current(&self, environment: &str) -> Result<Option<Attempt>, StoreError> {
        self.first("environment = $1 AND state <> 'closed'", environment).await
    }

    async fn first(&self, condition: &'static str, value: &str) -> Result<Option<Attempt>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM attempts WHERE {condition} ORDER BY rowid DESC LIMIT 1");
        match self.read(sqlx::query(AssertSqlSafe(sql)).bind(value).fetch_optional(&self.pool).await)? {
            Some(row) => Ok(Some(self.attempt(&row).await?)),
            None => Ok(None),
        }
    }

    /// Attempts, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list(&self, filter: &AttemptFilter) -> Result<Vec<Attempt>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM attempts WHERE ($1 IS NULL OR scenario = $1) AND ($2 IS NULL OR environment = $2) \
             AND ($3 IS NULL OR state = $3) ORDER BY rowid DESC"
        );
        let state = filter.state.map(|s| self.word("state", &s)).transpose()?;
        let query = sqlx::query(AssertSqlSafe(sql)).bind(&filter.scenario).bind(&filter.environment).bind(state);
        let mut attempts = Vec::new();
        for row in self.read(query.fetch_all(&self.pool).await)? {
            attempts.push(self.attempt(&row).await?);
        }
        Ok(attempts)
    }

    async fn attempt(&self, row: &SqliteRow) -> Result<Attempt, StoreError> {
        let id = AttemptId(self.text(row, "id")?);
        let ended: Option<String> = self.read(row.try_get("ended"))?;
        let resets: i64 = self.read(row.try_get("resets"))?;
        let mut attempt = Attempt {
            scenario: self.text(row, "scenario")?,
            scenario_dir: self.text(row, "scenario_dir")?,
            environment: self.text(row, "environment")?,
            provider: self.text(row, "provider")?,
            capabilities: self.json(row, "capabilities")?,
            state: self.read_word("state", self.text(row, "state")?)?,
            namespaces: self.json(row, "namespaces")?,
            cluster_uid: self.text(row, "cluster_uid")?,
            nonce: self.text(row, "nonce")?,
            versions: self.json(row, "versions")?,
            started: self.time(self.text(row, "started")?)?,
            ended: ended.map(|t| self.time(t)).transpose()?,
            assisted: self.read(row.try_get("assisted"))?,
            resets: u32::try_from(resets).map_err(|e| self.unreadable("resets", e))?,
            hints: self.hints(&id).await?,
            marks: Vec::new(),
            judgement: Judgement::default(),
            id,
        };
        self.heeding(&mut attempt).await?;
        Ok(attempt)
    }

    pub(super) fn time(&self, text: String) -> Result<Timestamp, StoreError> {
        text.parse().map_err(|e: jiff::Error| self.unreadable("time", e))
    }

    async fn changed<'q>(
        &self,
        id: &AttemptId,
        query: sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>,
    ) -> Result<(), StoreError> {
        match self.read(query.execute(&self.pool).await)?.rows_affected() {
            0 => Err(self.no_such(id)),
            _ => Ok(()),
        }
    }

    async fn exists(&self, writer: &mut SqliteConnection, id: &AttemptId) -> Result<(), StoreError> {
        let query = sqlx::query("SELECT id FROM attempts WHERE id = $1").bind(&id.0);
        self.read(query.fetch_optional(writer).await)?.map(drop).ok_or_else(|| self.no_such(id))
    }

    pub(super) fn no_such(&self, id: &AttemptId) -> StoreError {
        StoreError::NoSuchAttempt { id: id.clone(), path: self.path().to_path_buf() }
    }
}
