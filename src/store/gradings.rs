use sqlx::Row as _;

use super::{Store, StoreError};
use crate::gradebook::{Grading, Judged};

impl Store {
    /// Keeps what a cohort is graded on, in place of what was kept before.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn save_grading(&self, grading: &Grading) -> Result<(), StoreError> {
        let query = sqlx::query("INSERT INTO gradings (id, data) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET data = excluded.data");
        let query = query.bind(&grading.id).bind(self.print("grading", grading)?);
        self.read(query.execute(&self.pool).await).map(drop)
    }

    /// What a cohort is graded on; none when it never was.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn grading(&self, id: &str) -> Result<Option<Grading>, StoreError> {
        let query = sqlx::query("SELECT data FROM gradings WHERE id = $1").bind(id);
        self.read(query.fetch_optional(&self.pool).await)?.map(|row| self.json(&row, "data")).transpose()
    }

    /// The ids of all gradings.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn gradings(&self) -> Result<Vec<String>, StoreError> {
        let rows = self.read(sqlx::query("SELECT id FROM gradings ORDER BY id").fetch_all(&self.pool).await)?;
        rows.iter().map(|row| self.read(row.try_get("id"))).collect()
    }

    /// Adds what came of a submission.
    ///
    /// # Errors
    /// When there is no such grading or attempt, or the database cannot be written.
    pub async fn append_judged(&self, grading: &str, judged: &Judged) -> Result<(), StoreError> {
        let query = sqlx::query(
            "INSERT INTO judged (grading, seq, attempt, data) \
             VALUES ($1, (SELECT COALESCE(MAX(seq), 0) + 1 FROM judged WHERE grading = $1), $2, $3)",
        );
        let query = query.bind(grading).bind(judged.attempt.as_ref().map(|id| id.0.clone())).bind(self.print("judgement", judged)?);
        self.read(query.execute(&self.pool).await).map(drop)
    }

    /// What came of the submissions of a cohort, in the order in which they were graded.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn judged(&self, grading: &str) -> Result<Vec<Judged>, StoreError> {
        let query = sqlx::query("SELECT data FROM judged WHERE grading = $1 ORDER BY seq").bind(grading);
        self.read(query.fetch_all(&self.pool).await)?.iter().map(|row| self.json(row, "data")).collect()
    }
}
