//! Waiting until somebody has edited the folder of a scenario.
//!
//! Looks again and again rather than being told: notices are lost on some file systems, and the kernel has few to give where sandboxes
//! run.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use super::{Engine, RunnerError, library};
use crate::scenario::is_bundle;

/// How often the folders are looked at. Whoever saves several files at once is done within one such time.
const EVERY: Duration = Duration::from_millis(300);
/// Deeper folders are no part of a scenario.
const DEEPEST: usize = 8;

/// What some folders hold, by the size and time of each file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    roots: Vec<PathBuf>,
    files: BTreeMap<PathBuf, (u64, Option<SystemTime>)>,
}

impl Folders {
    /// Looks at them now.
    #[must_use]
    pub fn now(roots: Vec<PathBuf>) -> Self {
        let mut files = BTreeMap::new();
        roots.iter().for_each(|root| walk(root, DEEPEST, &mut files));
        Self { roots, files }
    }

    /// Returns when they hold something else, and go on holding it: when whoever edits has saved.
    pub async fn changed(&self) {
        let mut last = self.clone();
        let mut ticks = tokio::time::interval(EVERY);
        loop {
            ticks.tick().await;
            let now = Self::now(self.roots.clone());
            if now != *self && now == last {
                return;
            }
            last = now;
        }
    }
}

/// Files whose names start with a dot or end with `~` are an editor's own.
fn walk(dir: &Path, depth: usize, files: &mut BTreeMap<PathBuf, (u64, Option<SystemTime>)>) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let own = name.to_string_lossy().starts_with('.') || name.to_string_lossy().ends_with('~');
        match entry.metadata() {
            _ if own => {}
            Ok(data) if data.is_dir() && depth > 0 => walk(&entry.path(), depth - 1, files),
            Ok(data) => drop(files.insert(entry.path(), (data.len(), data.modified().ok()))),
            Err(_) => {}
        }
    }
}

impl Engine {
    /// What the folders of scenarios and bundles hold now, those of a bundle's parts as well. They need not be valid.
    ///
    /// # Errors
    /// The shipped content cannot be unpacked.
    pub fn folders(&self, ids: &[String]) -> Result<Folders, RunnerError> {
        let content = library::content_roots(&self.settings.paths, &self.settings.packs)?;
        let mut roots = Vec::new();
        for id in ids {
            let asked = Path::new(id);
            let known = content.iter().map(|root| root.join(id)).find(|dir| dir.is_dir());
            let folder = if asked.is_dir() { asked.to_path_buf() } else { known.unwrap_or_else(|| asked.to_path_buf()) };
            if is_bundle(&folder)
                && let Ok(bundle) = library::bundle_in(&folder, id)
            {
                roots.extend(bundle.parts.into_iter().map(|part| part.dir));
            }
            roots.push(folder);
        }
        Ok(Folders::now(roots))
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, time::Duration};

    use super::Folders;

    #[tokio::test]
    async fn a_saved_file_is_noticed_and_an_editors_own_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("scenario.yaml", "a");
        let before = Folders::now(vec![folder.path().to_path_buf()]);
        write(".scenario.yaml.swp", "a");
        write("scenario.yaml~", "a");
        assert_eq!(before, Folders::now(vec![folder.path().to_path_buf()]));
        let saved = async {
            tokio::task::yield_now().await;
            write("scenario.yaml", "ab");
        };
        let both = async { tokio::join!(before.changed(), saved) };
        tokio::time::timeout(Duration::from_secs(60), both).await.expect("it is noticed");
    }
}
