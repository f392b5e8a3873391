//! A scenario's folder as it lies on the disk, read within bounds. A pack may come from anybody: nothing outside the folder is
//! opened, and nothing that is not a regular file.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::Read as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Component, Path, PathBuf},
};

use rustix::fs::OFlags;
use sha2::{Digest as _, Sha256};

use super::names;
use crate::{
    diagnostic::{Diagnostic, Span, codes},
    text::Text,
};

const FILE_LIMIT: u64 = 1 << 20;
const PACK_LIMIT: u64 = 8 << 20;
const FILE_COUNT: usize = 500;
const DEPTH: usize = 8;

/// Every file of a folder by its path below it; names that start with a dot are left out.
#[derive(Debug)]
pub(crate) struct Pack {
    pub dir: PathBuf,
    pub files: BTreeMap<PathBuf, String>,
    /// Every folder, also empty ones.
    pub folders: Vec<PathBuf>,
}

impl Pack {
    /// Reads a folder. What cannot be read is left out and said.
    pub fn read(dir: &Path) -> (Self, Vec<Diagnostic>) {
        let mut reader = Reader {
            pack: Self { dir: dir.to_path_buf(), files: BTreeMap::new(), folders: Vec::new() },
            problems: Vec::new(),
            bytes: 0,
            full: false,
        };
        reader.folder(Path::new(""), 0);
        let Reader { mut pack, mut problems, .. } = reader;
        names::fill(&mut pack, &mut problems);
        (pack, problems)
    }

    /// The path as a person would open it.
    pub fn path(&self, below: &Path) -> PathBuf {
        self.dir.join(below)
    }

    /// The names of the folders right below one.
    pub fn folders_in(&self, parent: &str) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .folders
            .iter()
            .filter(|f| f.parent() == Some(Path::new(parent)))
            .filter_map(|f| f.file_name().and_then(|n| n.to_str()))
            .collect();
        names.sort_unstable();
        names
    }

    /// The YAML files at a path: the file itself, or those right in the folder, in the order of their names.
    pub fn manifests_at(&self, path: &Path) -> Vec<&Path> {
        if self.files.contains_key(path) {
            return self.files.get_key_value(path).map(|(k, _)| k.as_path()).into_iter().collect();
        }
        self.files.keys().map(PathBuf::as_path).filter(|f| f.parent() == Some(path) && is_manifest_name(f)).collect()
    }

    /// SHA-256 over the sorted paths and contents.
    pub fn digest(&self) -> String {
        self.digest_where(|_| true)
    }

    fn digest_where(&self, counts: impl Fn(&Path) -> bool) -> String {
        let mut hash = Sha256::new();
        for (path, text) in self.files.iter().filter(|(path, _)| counts(path)) {
            let path = path.to_string_lossy();
            for part in [path.as_bytes(), text.as_bytes()] {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part);
            }
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// SHA-256 over the files of a scenario's folder that count, by their paths below it.
#[must_use]
pub fn digest_of(dir: &Path, counts: impl Fn(&Path) -> bool) -> String {
    Pack::read(dir).0.digest_where(counts)
}

/// Whether a file of this name is a manifest when its folder is applied.
pub(super) fn is_manifest_name(path: &Path) -> bool {
    let variant = path.file_name().is_some_and(|n| n == "solution.yaml" || n == "cheat.yaml" || n == "scenario.yaml");
    !variant && path.extension().is_some_and(|e| e == "yaml" || e == "yml" || e == "json")
}

/// Joins a path from a file to the folder it starts from, both below the scenario's folder.
/// `Err` when it is absolute or leaves the scenario's folder.
pub(super) fn resolve(base: &Path, path: &str) -> Result<PathBuf, ()> {
    let mut parts: Vec<Component<'_>> = base.components().collect();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(_) => parts.push(part),
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop().ok_or(())?;
            }
            Component::RootDir | Component::Prefix(_) => return Err(()),
        }
    }
    Ok(parts.into_iter().collect())
}

struct Reader {
    pack: Pack,
    problems: Vec<Diagnostic>,
    bytes: u64,
    full: bool,
}

impl Reader {
    fn folder(&mut self, below: &Path, depth: usize) {
        let path = self.pack.path(below);
        if depth > DEPTH {
            return self.too_large(&path);
        }
        let mut names = match fs::read_dir(&path).and_then(|entries| {
            // One more than the limit is enough to know that there are too many.
            entries.take(FILE_COUNT + 1).map(|e| e.map(|e| e.file_name())).collect::<Result<Vec<_>, _>>()
        }) {
            Ok(names) => names,
            Err(error) => return self.unreadable(path, &error),
        };
        if names.len() > FILE_COUNT {
            return self.too_large(&path);
        }
        names.sort();
        for name in names {
            let Some(name) = name.to_str() else {
                let message = Text::new("파일 이름이 UTF-8이 아닙니다", "a file's name is not UTF-8");
                self.problems.push(Diagnostic::error(codes::NOT_UTF8, path.join(&name), None, message));
                continue;
            };
            if !name.starts_with('.') {
                self.entry(&below.join(name), depth);
            }
            if self.full {
                return;
            }
        }
    }

    fn entry(&mut self, below: &Path, depth: usize) {
        let path = self.pack.path(below);
        let meta = match fs::symlink_metadata(&path) {
            Ok(meta) => meta,
            Err(error) => return self.unreadable(path, &error),
        };
        if meta.is_symlink() {
            self.refuse_link(path);
        } else if meta.is_dir() {
            self.pack.folders.push(below.to_path_buf());
            self.folder(below, depth + 1);
        } else if !meta.is_file() {
            self.refuse_special(path);
        } else {
            self.file(below, path);
        }
    }

    fn file(&mut self, below: &Path, path: PathBuf) {
        // What was looked at a moment ago may have been swapped: the open file is looked at again, without following a link and
        // without waiting on a pipe.
        let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
        let opened = OpenOptions::new().read(true).custom_flags(flags).open(&path).and_then(|file| Ok((file.metadata()?, file)));
        let (meta, file) = match opened {
            Ok(opened) => opened,
            Err(error) => return self.unreadable(path, &error),
        };
        if !meta.is_file() {
            return self.refuse_special(path);
        }
        let mut bytes = Vec::new();
        if meta.len() <= FILE_LIMIT
            && let Err(error) = file.take(FILE_LIMIT + 1).read_to_end(&mut bytes)
        {
            return self.unreadable(path, &error);
        }
        if meta.len() > FILE_LIMIT || bytes.len() as u64 > FILE_LIMIT {
            let message = Text::new(
                format!("파일이 1 MiB를 넘습니다({}바이트)", meta.len()),
                format!("the file is larger than 1 MiB ({} bytes)", meta.len()),
            );
            self.problems.push(Diagnostic::error(codes::FILE_TOO_LARGE, path, None, message));
            return;
        }
        self.bytes += bytes.len() as u64;
        if self.bytes > PACK_LIMIT || self.pack.files.len() == FILE_COUNT {
            let dir = self.pack.dir.clone();
            return self.too_large(&dir);
        }
        match String::from_utf8(bytes) {
            Ok(text) => {
                self.pack.files.insert(below.to_path_buf(), text);
            }
            Err(error) => {
                let good = error.utf8_error().valid_up_to();
                let before = String::from_utf8_lossy(&error.as_bytes()[..good]).into_owned();
                let (line, column) = (before.matches('\n').count() + 1, before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1);
                let message = Text::new("파일이 UTF-8이 아닙니다", "the file is not UTF-8");
                let help = Text::new("파일을 UTF-8로 저장하세요", "save the file as UTF-8");
                let span = Span { line, column, end_line: line, end_column: column + 1 };
                self.problems.push(Diagnostic::error(codes::NOT_UTF8, path, Some(span), message).help(help));
            }
        }
    }

    fn unreadable(&mut self, path: PathBuf, error: &std::io::Error) {
        let message = Text::new(format!("읽지 못했습니다: {error}"), format!("it could not be read: {error}"));
        self.problems.push(Diagnostic::error(codes::UNREADABLE, path, None, message));
    }

    fn refuse_link(&mut self, path: PathBuf) {
        let message = Text::new("심볼릭 링크는 따라가지 않습니다", "a symbolic link is not followed");
        let help = Text::new("링크 대신 파일을 폴더 안에 두세요", "put the file itself into the scenario's folder");
        self.problems.push(Diagnostic::error(codes::SYMLINK, path, None, message).help(help));
    }

    fn refuse_special(&mut self, path: PathBuf) {
        let message = Text::new("일반 파일이 아닙니다", "it is not a regular file");
        self.problems.push(Diagnostic::error(codes::NOT_A_FILE, path, None, message));
    }

    fn too_large(&mut self, path: &Path) {
        if !self.full {
            let message = Text::new(
                "시나리오 폴더가 너무 큽니다: 8 MiB, 파일 500개, 깊이 8단계까지입니다",
                "the scenario's folder is too large: 8 MiB, 500 files and 8 levels are the limit",
            );
            self.problems.push(Diagnostic::error(codes::PACK_TOO_LARGE, path, None, message));
        }
        self.full = true;
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::resolve;

    #[test]
    fn a_path_stays_in_the_folder_or_is_refused() {
        let at = |path| resolve(Path::new("solutions/a"), path);
        assert_eq!(at("x.yaml"), Ok(PathBuf::from("solutions/a/x.yaml")));
        assert_eq!(at("../../stage/./web.yaml"), Ok(PathBuf::from("stage/web.yaml")));
        for bad in ["../../../x.yaml", "/etc/passwd", "a/../../../../b"] {
            assert_eq!(at(bad), Err(()), "{bad}");
        }
    }
}
