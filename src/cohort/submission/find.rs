use std::{
    fs, io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::{
    Bounds, Rejection,
    archive::{self, ENDINGS},
    files::{Files, special},
    folder,
};

/// Where a learner's work for a scenario is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The folder or archive.
    pub path: PathBuf,
    /// It is an archive.
    pub archive: bool,
    /// It is the learner's own, for all scenarios.
    pub shared: bool,
}

/// Looks for a learner's work: `LEARNER/SCENARIO/`, `LEARNER/SCENARIO.zip`, `LEARNER-SCENARIO.zip`, `LEARNER.zip`, and `LEARNER/` where
/// only one scenario is graded; `.tar.gz` and `.tgz` for `.zip` likewise.
///
/// # Errors
/// There are two, a link is in the way, or the folder cannot be read.
pub fn find(submissions: &Path, learner: &str, scenario: &str, alone: bool) -> Result<Option<Place>, Rejection> {
    let own = submissions.join(learner);
    let stems = [own.join(scenario), submissions.join(format!("{learner}-{scenario}"))];
    let archives = |stem: &Path, shared: bool| ENDINGS.map(|ending| (PathBuf::from(format!("{}{ending}", stem.display())), true, shared));
    let mut candidates = vec![(stems[0].clone(), false, false)];
    candidates.extend(stems.iter().flat_map(|stem| archives(stem, false)));
    candidates.extend(archives(&own, true));
    // A link in place of the learner's folder is found here.
    let has_own = exists(&own, false)?;
    let mut found: Vec<Place> = Vec::new();
    for (path, archive, shared) in candidates {
        if exists(&path, archive)? {
            found.push(Place { path, archive, shared });
        }
    }
    if found.is_empty() && alone && has_own {
        found.push(Place { path: own, archive: false, shared: true });
    }
    match &found[..] {
        [first, second, ..] => {
            let names = [first, second].map(|place| place.path.strip_prefix(submissions).unwrap_or(&place.path).display().to_string());
            let (a, b) = (&names[0], &names[1]);
            Err(Rejection::unusable(
                format!("제출물이 둘입니다: `{a}`, `{b}`. 하나만 남기세요"),
                format!("there are two submissions, `{a}` and `{b}`; keep one"),
            ))
        }
        _ => Ok(found.pop()),
    }
}

fn exists(path: &Path, archive: bool) -> Result<bool, Rejection> {
    match fs::symlink_metadata(path) {
        Ok(meta) if archive && meta.is_file() || !archive && meta.is_dir() => Ok(true),
        Ok(meta) if archive && meta.is_dir() || !archive && meta.is_file() => Ok(false),
        Ok(_) => Err(special(path)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(false),
        Err(error) => Err(Rejection::unreadable(path, &error)),
    }
}

impl Place {
    /// Its files; none when it is the learner's for all scenarios and holds nothing for this one.
    pub(super) fn read(&self, learner: &str, scenario: &str, alone: bool, bounds: &Bounds) -> Result<Option<Files>, Rejection> {
        let files = if self.archive { archive::read(&self.path, bounds)? } else { folder::read(&self.path, bounds)? };
        if !self.shared {
            let files = if self.archive { files.unwrapped() } else { files };
            return Ok(Some(files).filter(|files| !files.0.is_empty()));
        }
        let files = files.below(learner).unwrap_or(files);
        // Folders alone may be other scenarios'.
        let is_work = alone && files.0.keys().any(|path| !path.contains('/'));
        Ok(files.below(scenario).or_else(|| is_work.then_some(files)))
    }

    /// When it was changed last, as far as the file system says: for a folder, the newest of its files.
    pub(super) fn modified(&self) -> Option<Timestamp> {
        newest(&self.path, 0).and_then(|at| Timestamp::try_from(at).ok()).map(|at| at.round(jiff::Unit::Second).unwrap_or(at))
    }
}

/// The deepest that is looked for a time; what was read already is no deeper.
const DEPTH: usize = 8;

fn newest(path: &Path, depth: usize) -> Option<std::time::SystemTime> {
    let meta = fs::symlink_metadata(path).ok()?;
    if !meta.is_dir() || depth > DEPTH {
        return meta.modified().ok();
    }
    fs::read_dir(path).ok()?.flatten().filter_map(|entry| newest(&entry.path(), depth + 1)).max()
}
