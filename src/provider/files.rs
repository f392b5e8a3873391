//! Files and folders that are for their owner only, and what to say when one cannot be worked with.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

/// A file or folder could not be worked with.
#[derive(Debug, thiserror::Error)]
#[error("{action} {}: {source}{}", path.display(), space(source))]
pub struct FileError {
    /// What was tried, for example `write`.
    action: &'static str,
    /// On what.
    path: PathBuf,
    /// The system's answer.
    source: io::Error,
}

impl FileError {
    /// For `map_err` on file work.
    pub fn new(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self { action, path, source }
    }
}

fn space(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "; free some space there, or move kubedrill's folders with KUBEDRILL_HOME"
        }
        _ => "",
    }
}

/// The names of what lies in a folder, sorted; none when there is no such folder.
pub fn names_in(folder: &Path) -> Result<Vec<String>, FileError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(FileError::new("list", folder))?,
    };
    let mut names: Vec<_> = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    Ok(names)
}

/// Makes a folder and those above it, for the owner only.
pub fn make_private(path: &Path) -> Result<(), FileError> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(FileError::new("make the folder", path))
}

/// Writes a file for the owner only, whole or not at all.
pub fn write_private(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), FileError> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    let write = || -> io::Result<()> {
        // Temporary files are made readable by the owner only.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes.as_ref())?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(FileError::new("write", path))
}

/// The last lines of a log, for a message.
pub fn tail(log: &Path) -> String {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = lines.iter().skip(lines.len().saturating_sub(8));
    let text = last.map(|line| format!("  {}", line.chars().take(400).collect::<String>())).collect::<Vec<_>>().join("\n");
    if text.is_empty() { "  (empty)".to_owned() } else { text }
}
