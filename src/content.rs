//! The labs, challenges and rubrics that ship, inside the binary.
//!
//! Knows files and nothing of what is in them.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rust_embed::Embed;
use sha2::{Digest as _, Sha256};

use crate::paths::Paths;

#[derive(Embed)]
#[folder = "labs/"]
#[prefix = "labs/"]
#[exclude = "*/.*"]
#[exclude = ".*"]
struct Labs;

#[derive(Embed)]
#[folder = "challenges/"]
#[prefix = "challenges/"]
#[exclude = "*/.*"]
#[exclude = ".*"]
struct Challenges;

#[derive(Embed)]
#[folder = "grading/"]
#[prefix = "grading/"]
#[exclude = ".*"]
struct Grading;

/// The content could not be written to the cache.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the labs and challenges to `{}`: {source}; is the disk full, or the folder not yours?", path.display())]
pub struct ContentError {
    /// Where it was to be written.
    pub path: PathBuf,
    /// Why it could not.
    pub source: io::Error,
}

/// The ids of the shipped scenarios, without reading any of them.
#[must_use]
pub fn ids() -> Vec<String> {
    ids_by("/scenario.yaml")
}

/// The ids of the shipped bundles, without reading any of them.
#[must_use]
pub fn bundle_ids() -> Vec<String> {
    ids_by("/bundle.yaml")
}

fn ids_by(file: &str) -> Vec<String> {
    let id = |path: &str| path.strip_suffix(file).and_then(|folder| folder.rsplit('/').next()).map(str::to_owned);
    Challenges::iter().chain(Labs::iter()).filter_map(|path| id(&path)).collect()
}

/// Unpacks what ships into the cache, once for each state of it, and returns the folder that holds `labs/`, `challenges/` and
/// `grading/`.
///
/// # Errors
/// The cache cannot be written.
pub fn unpack(paths: &Paths) -> Result<PathBuf, ContentError> {
    let files = files();
    let parent = paths.cache.join("content");
    let target = parent.join(digest(&files));
    if target.is_dir() {
        return Ok(target);
    }
    let fail = |source| ContentError { path: target.clone(), source };
    fs::create_dir_all(&parent).map_err(fail)?;
    // Written aside and renamed, so that an interrupted command leaves no half of it behind under the final name.
    let aside = tempfile::Builder::new().prefix(".unpack-").tempdir_in(&parent).map_err(fail)?;
    let whole = aside.path().join("content");
    write(&whole, &files).map_err(fail)?;
    match fs::rename(&whole, &target) {
        // Another process was faster, with the same content.
        Err(_) if target.is_dir() => Ok(target),
        renamed => renamed.map(|()| target.clone()).map_err(fail),
    }
}

fn files() -> Vec<(String, Vec<u8>)> {
    let labs = Labs::iter().filter_map(|path| Some((path.to_string(), Labs::get(&path)?.data.into_owned())));
    let challenges = Challenges::iter().filter_map(|path| Some((path.to_string(), Challenges::get(&path)?.data.into_owned())));
    let grading = Grading::iter().filter_map(|path| Some((path.to_string(), Grading::get(&path)?.data.into_owned())));
    let mut files: Vec<_> = labs.chain(challenges).chain(grading).collect();
    files.sort();
    files
}

fn digest(files: &[(String, Vec<u8>)]) -> String {
    let mut hash = Sha256::new();
    for part in files.iter().flat_map(|(path, bytes)| [path.as_bytes(), bytes]) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

fn write(dir: &Path, files: &[(String, Vec<u8>)]) -> io::Result<()> {
    for folder in ["labs", "challenges", "grading"] {
        fs::create_dir_all(dir.join(folder))?;
    }
    for (path, bytes) in files {
        let path = dir.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)?;
    }
    Ok(())
}
