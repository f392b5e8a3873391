use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, Read as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use rustix::fs::OFlags;

use super::{Engine, ErrorClass, RunnerError, Session};
use crate::{
    attempt::{AttemptId, HandedIn},
    scenario::{Artifact, Assert, Scenario, is_file_name},
    text::Text,
};

/// A larger file is none that a person wrote.
const LARGEST: u64 = 1 << 20;

/// The files that a learner is to hand in, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The attempt's own folder.
    pub folder: PathBuf,
    /// Their names, each with whether it is there.
    pub files: Vec<(String, bool)>,
}

impl Engine {
    /// What is to be handed in to the attempt that is open in an environment, and where; makes the folder.
    ///
    /// # Errors
    /// No attempt is open, or the folder cannot be made.
    pub async fn files(&self, environment: &str) -> Result<Files, RunnerError> {
        let (attempt, scenario) = self.opened(environment).await?;
        let folder = self.folder_of(&attempt.id);
        make(&folder).map_err(|e| not_written(&folder, &e))?;
        let there = |name: &String| !matches!(read(&folder, name), HandedIn::Missing);
        Ok(Files { files: wanted(&scenario).into_iter().map(|name| (name.clone(), there(&name))).collect(), folder })
    }

    /// The files of an attempt, as far as its scenario asks for them, and the folder that they are in.
    pub(super) fn handed_in(&self, session: &Session) -> (BTreeMap<String, HandedIn>, String) {
        let folder = self.folder_of(&session.attempt.id);
        let files = wanted(&session.scenario).into_iter().map(|name| (name.clone(), read(&folder, &name))).collect();
        (files, folder.display().to_string())
    }

    /// Hands in the files of a solution or cheat, from its folder.
    pub(super) fn hand_in(&self, session: &Session, dir: &Path, files: &BTreeMap<String, String>) -> Result<(), RunnerError> {
        let folder = self.folder_of(&session.attempt.id);
        for (name, source) in files.iter().filter(|(name, source)| is_file_name(name) && is_file_name(source)) {
            let copied = make(&folder).and_then(|()| fs::copy(dir.join(source), folder.join(name)));
            copied.map_err(|e| not_written(&folder, &e))?;
        }
        Ok(())
    }

    /// Hands in a file of a submission, if the scenario asks for it; says whether it does.
    pub(super) fn hand_over(&self, session: &Session, name: &str, content: &[u8]) -> Result<bool, RunnerError> {
        if !is_file_name(name) || !wanted(&session.scenario).iter().any(|wanted| wanted == name) {
            return Ok(false);
        }
        let folder = self.folder_of(&session.attempt.id);
        let written = make(&folder).and_then(|()| fs::write(folder.join(name), content));
        written.map(|()| true).map_err(|e| not_written(&folder, &e))
    }

    /// Takes away what was handed in: the next case of a proof begins with nothing.
    pub(super) fn take_back(&self, session: &Session) -> Result<(), RunnerError> {
        let folder = self.folder_of(&session.attempt.id);
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(not_written(&folder, &error)),
            _ => Ok(()),
        }
    }

    fn folder_of(&self, attempt: &AttemptId) -> PathBuf {
        self.settings.paths.files(&attempt.0)
    }
}

/// The files that the checks of a scenario speak of.
fn wanted(scenario: &Scenario) -> Vec<String> {
    let mut found = Vec::new();
    scenario.checks().for_each(|check| artifacts(&check.assert, &mut found));
    let mut names: Vec<String> = found.into_iter().map(|artifact| artifact.file.clone()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn artifacts<'a>(assert: &'a Assert, found: &mut Vec<&'a Artifact>) {
    match assert {
        Assert::Artifact(artifact) => found.push(artifact),
        Assert::All(parts) | Assert::Any(parts) | Assert::None(parts) => parts.iter().for_each(|part| artifacts(part, found)),
        Assert::AtLeast(spec) => spec.of.iter().for_each(|part| artifacts(part, found)),
        _ => {}
    }
}

fn make(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// A file of the folder: a regular one, no link to elsewhere, and not too large. Opening it never waits, whatever it is.
fn read(folder: &Path, name: &str) -> HandedIn {
    let refused = |ko: &str, en: &str| HandedIn::Refused(Text::new(ko, en));
    if !is_file_name(name) {
        return refused("이름이 파일 이름이 아닙니다", "its name is not one of a file");
    }
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(folder.join(name));
    match file {
        Err(error) if error.kind() == io::ErrorKind::NotFound => HandedIn::Missing,
        Err(error) if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) => {
            refused("심볼릭 링크입니다. 파일 자체를 두세요", "it is a symbolic link; put the file itself there")
        }
        Err(error) => HandedIn::Unreadable(error.to_string()),
        Ok(file) => content(file).unwrap_or_else(|error| HandedIn::Unreadable(error.to_string())),
    }
}

fn content(file: File) -> io::Result<HandedIn> {
    if !file.metadata()?.is_file() {
        return Ok(HandedIn::Refused(Text::new("일반 파일이 아닙니다", "it is not a regular file")));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Ok(HandedIn::Refused(Text::new("1 MiB보다 큽니다", "it is larger than 1 MiB")));
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => HandedIn::Text(text),
        Err(_) => HandedIn::Refused(Text::new("UTF-8이 아닙니다", "it is not UTF-8")),
    })
}

fn not_written(folder: &Path, error: &io::Error) -> RunnerError {
    let path = folder.display();
    RunnerError::new(ErrorClass::CannotRunHere, Text::new(format!("`{path}`에 쓸 수 없습니다"), format!("`{path}` cannot be written to")))
        .cause(error)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{LARGEST, read};
    use crate::attempt::HandedIn;

    #[test]
    fn only_a_plain_file_of_the_folder_is_read() {
        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::NamedTempFile::new().unwrap());
        fs::write(outside.path(), "secret").unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("link.yaml")).unwrap();
        fs::create_dir(folder.path().join("folder.yaml")).unwrap();
        fs::write(folder.path().join("large.yaml"), vec![b'a'; usize::try_from(LARGEST).unwrap() + 1]).unwrap();
        fs::write(folder.path().join("bytes.yaml"), [0xff, 0xfe]).unwrap();
        fs::write(folder.path().join("plan.yaml"), "a: 1\n").unwrap();
        assert_eq!(read(folder.path(), "plan.yaml"), HandedIn::Text("a: 1\n".into()));
        assert_eq!(read(folder.path(), "other.yaml"), HandedIn::Missing);
        let outside = format!("../{}", outside.path().file_name().unwrap().to_str().unwrap());
        for name in ["link.yaml", "folder.yaml", "large.yaml", "bytes.yaml", "..", &outside, "/etc/passwd"] {
            assert!(matches!(read(folder.path(), name), HandedIn::Refused(_)), "{name}");
        }
    }
}
