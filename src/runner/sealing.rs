use std::path::PathBuf;

use super::{Engine, ErrorClass, RunnerError, library};
use crate::{
    attempt::AttemptId,
    paths::Paths,
    scenario::Scenario,
    seal::{Archive, ArchiveInput, SigningKey},
    text::Text,
};

impl Engine {
    /// Everything that the result of an attempt rests on, signed. Reads stored data only; the same records give the same archive.
    ///
    /// # Errors
    /// There is no such attempt, it withholds results while it is open, or the records cannot be read.
    pub async fn archive(&self, id: Option<&AttemptId>, environment: &str, key: &SigningKey) -> Result<Archive, RunnerError> {
        let attempt = self.attempt_of(id, environment).await?;
        let log = self.store.events(&attempt.id).await.map_err(RunnerError::store)?;
        let last = log.last().map_or(attempt.started, |entry| entry.at);
        let report = self.report_as_of(Some(&attempt.id), environment, last).await?;
        if report.checks.iter().any(|check| check.withheld) {
            let message = Text::new(
                "이 시나리오의 일부 결과는 시도를 마친 뒤에만 볼 수 있어서, 아직 보관 파일을 만들 수 없습니다",
                "some results of this scenario are shown only after the attempt is closed, so there can be no archive yet",
            );
            return Err(RunnerError::new(ErrorClass::Usage, message)
                .help(Text::new("`kubedrill stop`으로 시도를 먼저 마치세요", "close the attempt with `kubedrill stop` first")));
        }
        let records = self.store.run_records(&attempt.id).await.map_err(RunnerError::store)?;
        let input = ArchiveInput { report: &report, attempt: &attempt, log: &log, records: &records };
        Archive::new(&input, key).map_err(RunnerError::store)
    }
}

/// The scenario with an id that something signed speaks of: among the shipped ones and in packs, the version with this digest where
/// there is one.
///
/// # Errors
/// The shipped content cannot be unpacked.
pub fn signed_scenario(paths: &Paths, packs: &[PathBuf], id: &str, digest: &str) -> Result<Option<Scenario>, RunnerError> {
    let mut found = library::shipped(paths, id)?;
    for dir in packs.iter().flat_map(|pack| library::scenario_folders(pack)) {
        if let Ok(scenario) = library::load(&dir, id)
            && scenario.id() == id
            && (found.is_none() || scenario.digest == digest)
        {
            found = Some(scenario);
        }
    }
    Ok(found)
}
