use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Serialize, de::DeserializeOwned};
use sqlx::{
    AssertSqlSafe, Row, Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::StoreError;

/// `kdrl`: says in the file's header that it is ours.
const APPLICATION_ID: i64 = 0x6b64_726c;

/// What brings the schema from one version to the next. Never edit a released one; add the next.
const MIGRATIONS: [&str; 5] = [
    include_str!("migrations/0001_attempts.sql"),
    include_str!("migrations/0002_namespaces.sql"),
    include_str!("migrations/0003_bundles.sql"),
    include_str!("migrations/0004_decisions.sql"),
    include_str!("migrations/0005_gradings.sql"),
];

/// How long a writer waits for another process.
const PATIENCE: Duration = Duration::from_secs(10);

/// Attempts, baselines, runs, evidence, hints and the event log. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) pool: SqlitePool,
    path: PathBuf,
}

impl Store {
    /// Opens the database, makes it when it is not there, and brings its schema up to date.
    ///
    /// # Errors
    /// When it cannot be opened, is damaged, or was written by a newer kubedrill.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let fail = |reason: std::io::Error| StoreError::Open { path: path.to_path_buf(), reason: reason.to_string() };
        if let Some(folder) = path.parent() {
            tokio::fs::create_dir_all(folder).await.map_err(fail)?;
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        // One connection: there is one writer, and reads are short.
        let pool = SqlitePoolOptions::new().max_connections(1).connect_lazy_with(options);
        let store = Self { pool, path: path.to_path_buf() };
        store.migrate().await?;
        Ok(store)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes everything to the file and lets go of it.
    pub async fn close(self) {
        self.pool.close().await;
    }

    /// Our own dozen lines instead of a migrator, so that two processes may open a new database at the same moment.
    async fn migrate(&self) -> Result<(), StoreError> {
        let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
        let mut writer = self.writer().await?;
        let version: i64 = self.read(sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *writer).await)?;
        let application: i64 = self.read(sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut *writer).await)?;
        let tables: i64 = self.read(sqlx::query_scalar("SELECT count(*) FROM sqlite_schema").fetch_one(&mut *writer).await)?;
        if application != APPLICATION_ID && tables > 0 {
            return Err(StoreError::Foreign { path: self.path.clone() });
        }
        if version > known {
            return Err(StoreError::Newer { path: self.path.clone(), found: version, known });
        }
        if version == known {
            return Ok(());
        }
        for migration in &MIGRATIONS[usize::try_from(version).unwrap_or(0)..] {
            self.read(sqlx::raw_sql(*migration).execute(&mut *writer).await)?;
        }
        let mark = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {known}");
        self.read(sqlx::raw_sql(AssertSqlSafe(mark)).execute(&mut *writer).await)?;
        self.read(writer.commit().await)
    }

    /// A transaction that holds the write lock from its beginning, so that it never fails half-way because of another writer.
    pub(super) async fn writer(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        self.read(self.pool.begin_with("BEGIN IMMEDIATE").await)
    }

    /// Says in our words what the database says.
    pub(super) fn read<T>(&self, result: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        result.map_err(|source| self.explain(source))
    }

    fn explain(&self, source: sqlx::Error) -> StoreError {
        let path = self.path.clone();
        let code = source.as_database_error().and_then(|e| e.code()).and_then(|c| c.parse::<u32>().ok()).map(|c| c & 0xff);
        match code {
            Some(5 | 6) => StoreError::Busy { path },
            Some(8 | 10 | 14) => StoreError::Open { path, reason: source.to_string() },
            Some(11 | 26) => StoreError::Damaged { path, reason: source.to_string() },
            Some(13) => StoreError::Full { path },
            _ => StoreError::Database { path, source },
        }
    }

    pub(super) fn unreadable(&self, what: impl Into<String>, reason: impl ToString) -> StoreError {
        StoreError::Unreadable { what: what.into(), path: self.path.clone(), reason: reason.to_string() }
    }

    /// A column as text.
    pub(super) fn text(&self, row: &sqlx::sqlite::SqliteRow, column: &str) -> Result<String, StoreError> {
        self.read(row.try_get(column))
    }

    /// A column of JSON.
    pub(super) fn json<T: DeserializeOwned>(&self, row: &sqlx::sqlite::SqliteRow, column: &str) -> Result<T, StoreError> {
        self.parse(column, &self.text(row, column)?)
    }

    pub(super) fn parse<T: DeserializeOwned>(&self, what: &str, text: &str) -> Result<T, StoreError> {
        serde_json::from_str(text).map_err(|e| self.unreadable(what, e))
    }

    pub(super) fn print<T: Serialize>(&self, what: &str, value: &T) -> Result<String, StoreError> {
        serde_json::to_string(value).map_err(|e| self.unreadable(what, e))
    }

    /// A plain enum or timestamp by the word that its JSON has.
    pub(super) fn word<T: Serialize>(&self, what: &str, value: &T) -> Result<String, StoreError> {
        match serde_json::to_value(value) {
            Ok(serde_json::Value::String(word)) => Ok(word),
            Ok(other) => Err(self.unreadable(what, format!("{other} is not a word"))),
            Err(error) => Err(self.unreadable(what, error)),
        }
    }

    pub(super) fn read_word<T: DeserializeOwned>(&self, what: &str, word: String) -> Result<T, StoreError> {
        serde_json::from_value(serde_json::Value::String(word)).map_err(|e| self.unreadable(what, e))
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;
    use crate::{
        attempt::{AttemptId, LogKind},
        score::fixture,
    };

    #[tokio::test]
    async fn a_full_disk_is_an_error_and_loses_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("attempts.db")).await.unwrap();
        let attempt = fixture::attempt();
        store.create_attempt(&attempt).await.unwrap();
        store.append_event(&attempt.id, Timestamp::UNIX_EPOCH, LogKind::Started, &json!({})).await.unwrap();
        let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&store.pool).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"))).execute(&store.pool).await.unwrap();

        let big = json!({"text": "x".repeat(100_000)});
        let full = store.append_event(&attempt.id, Timestamp::UNIX_EPOCH, LogKind::Checked, &big).await;
        assert!(matches!(full, Err(StoreError::Full { .. })), "{full:?}");
        assert_eq!(store.events(&attempt.id).await.unwrap().len(), 1);
        assert_eq!(store.get(&AttemptId(attempt.id.0.clone())).await.unwrap(), Some(attempt));
    }
}
