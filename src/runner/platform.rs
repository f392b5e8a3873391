use std::{fs, io, path::Path};

use sha2::{Digest as _, Sha256};

use super::{ErrorClass, RunnerError};
use crate::{
    diagnostic::{Diagnostic, codes, read_source},
    paths::Paths,
    scenario::{self, PLATFORM_FILE, Scenario},
    text::Text,
};

/// The scenario under a team's own names: a copy of its folder, with the team's file in it, that every later command reads.
///
/// # Errors
/// The scenario leaves no names to its learner, the file is not valid, or the copy cannot be written.
pub(super) fn under(paths: &Paths, scenario: &Scenario, file: &Path) -> Result<Scenario, RunnerError> {
    if scenario.file.spec.names.is_empty() {
        let id = scenario.id();
        let message = Text::new(format!("`{id}`에는 바꿀 수 있는 이름이 없습니다"), format!("`{id}` leaves no names to its learner"));
        return Err(RunnerError::new(ErrorClass::Usage, message));
    }
    let text = read_source(file).ok_or_else(|| {
        let message =
            Text::new("읽을 수 있는 UTF-8 파일이 아닙니다(1 MiB까지)", "it is not a file of UTF-8 that can be read (up to 1 MiB)");
        wrong(file, vec![Diagnostic::error(codes::UNREADABLE, file, None, message)])
    })?;
    let digest: String = Sha256::digest(format!("{}\n{text}", scenario.digest)).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let target = paths.platforms().join(digest).join(scenario.id());
    copy(&scenario.dir, &target).and_then(|()| fs::write(target.join(PLATFORM_FILE), &text)).map_err(|error| {
        RunnerError::new(
            ErrorClass::CannotRunHere,
            Text::new("팀의 이름을 적용하지 못했습니다", "the team's names could not be put in place"),
        )
        .cause(format!("{}: {error}", target.display()))
    })?;
    let loaded = scenario::load(&target);
    loaded.scenario.ok_or_else(|| {
        // The learner edits the file that was given, not the copy.
        let own = |found: Diagnostic| {
            if found.file == target.join(PLATFORM_FILE) { Diagnostic { file: file.to_path_buf(), ..found } } else { found }
        };
        let _ = fs::remove_dir_all(&target);
        wrong(file, loaded.diagnostics.into_iter().map(own).collect())
    })
}

fn wrong(file: &Path, diagnostics: Vec<Diagnostic>) -> RunnerError {
    let name = file.display();
    let message = Text::new(format!("`{name}`에 오류가 있습니다"), format!("`{name}` has mistakes"));
    RunnerError { diagnostics, ..RunnerError::new(ErrorClass::Usage, message) }
}

/// Regular files and folders only, as they are read.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let target = to.join(entry.file_name());
        if kind.is_dir() {
            copy(&entry.path(), &target)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
