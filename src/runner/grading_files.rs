use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{Engine, ErrorClass, RunnerError, library};
use crate::{
    attempt::AttemptId,
    content,
    diagnostic::{Diagnostic, codes, read_source},
    paths::Paths,
    rubric::{self, Grading, Passed, ReachedById, Rubric, SheetFile},
    text::Text,
};

/// The folder of the shipped rubrics.
///
/// # Errors
/// The shipped content cannot be unpacked.
pub fn shipped_grading(paths: &Paths) -> Result<PathBuf, RunnerError> {
    Ok(content::unpack(paths).map_err(RunnerError::store)?.join("grading"))
}

/// The ids that a grading folder may name: those of the shipped scenarios and bundles, and of the folders of the packs.
#[must_use]
pub fn gradable(packs: &[PathBuf]) -> BTreeSet<String> {
    let shipped = content::ids().into_iter().chain(content::bundle_ids());
    let folders = packs.iter().flat_map(|pack| library::scenario_folders(pack));
    shipped.chain(folders.filter_map(|dir| dir.file_name()?.to_str().map(str::to_owned))).collect()
}

/// How the course is graded: by the shipped rubrics, or by a folder of one's own.
///
/// # Errors
/// The folder is not valid.
pub fn grading(paths: &Paths, packs: &[PathBuf], dir: Option<&Path>) -> Result<Grading, RunnerError> {
    let dir = dir.map_or_else(|| shipped_grading(paths), |dir| Ok(dir.to_path_buf()))?;
    let ids = gradable(packs);
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let loaded = rubric::load_grading(&dir, &ids);
    loaded.grading.ok_or_else(|| RunnerError::content(&dir.display().to_string(), loaded.diagnostics))
}

/// Reads a sheet of entries.
///
/// # Errors
/// It cannot be read, or does not fit the rubric that it names.
pub fn sheet(file: &Path, grading: &Grading) -> Result<SheetFile, RunnerError> {
    let failed = |diagnostics| {
        let name = file.display();
        let message = Text::new(format!("`{name}`에 오류가 있습니다"), format!("`{name}` has mistakes"));
        RunnerError { diagnostics, ..RunnerError::new(ErrorClass::Usage, message) }
    };
    let text = read_source(file).ok_or_else(|| {
        let message =
            Text::new("읽을 수 있는 UTF-8 파일이 아닙니다(1 MiB까지)", "it is not a file of UTF-8 that can be read (up to 1 MiB)");
        failed(vec![Diagnostic::error(codes::UNREADABLE, file, None, message)])
    })?;
    rubric::read_sheet(&text, file, grading).map_err(failed)
}

impl Engine {
    /// What an attempt came to by a rubric: its scenario's id, and what its checks reached. Reads stored data only.
    ///
    /// # Errors
    /// There is no such attempt, or its scenario names no such rubric.
    pub async fn reached(
        &self,
        id: Option<&AttemptId>,
        environment: &str,
        name: &str,
        rubric: &Rubric,
    ) -> Result<ReachedById, RunnerError> {
        let attempt = self.attempt_of(id, environment).await?;
        let scenario = library::of(&attempt)?;
        if scenario.file.spec.rubric.as_deref() != Some(name) {
            let id = scenario.id();
            return Err(RunnerError::new(
                ErrorClass::Usage,
                Text::new(
                    format!("`{id}`은(는) 루브릭 `{name}`으로 채점하지 않습니다"),
                    format!("`{id}` is not graded by the rubric `{name}`"),
                ),
            ));
        }
        let report = self.report(Some(&attempt.id), environment).await?;
        Ok(rubric::reached_by_score(rubric, &scenario, &report.score))
    }

    /// What was tried and passed in this installation, under the learner's name.
    ///
    /// # Errors
    /// The records cannot be read.
    pub async fn passed(&self, learner: &str) -> Result<Passed, RunnerError> {
        let mut passed = Passed { learner: learner.to_owned(), ..Passed::default() };
        for attempt in self.attempts().await? {
            passed.tried.insert(attempt.scenario.clone());
            // A scenario that is gone leaves its attempt without a score.
            if self.report(Some(&attempt.id), &attempt.environment).await.is_ok_and(|report| report.score.grade.passed) {
                passed.passed.insert(attempt.scenario.clone());
            }
            let Some(run) = self.bundle_of(&attempt.id).await? else { continue };
            passed.tried.insert(run.bundle.clone());
            if self.bundle_report(&run.id).await.is_ok_and(|report| report.score.grade.passed) {
                passed.passed.insert(run.bundle);
            }
        }
        Ok(passed)
    }
}
