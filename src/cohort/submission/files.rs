use std::{
    collections::BTreeMap,
    io::{self, Read},
    path::Path,
};

use sha2::{Digest as _, Sha256};

use super::{Bounds, Rejection};

/// The files of a submission by their paths in it, `/` between folders.
#[derive(Debug, Default)]
pub(super) struct Files(pub BTreeMap<String, Vec<u8>>);

impl Files {
    /// SHA-256 over paths and contents: the same for a folder and for any archive of it.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for (path, content) in &self.0 {
            for part in [path.as_bytes(), content] {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part);
            }
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Those below a folder, without it; none when there is no such folder.
    pub fn below(&self, folder: &str) -> Option<Self> {
        let prefix = format!("{folder}/");
        let inside = self.0.iter().filter_map(|(path, content)| Some((path.strip_prefix(&prefix)?.to_owned(), content.clone())));
        Some(Self(inside.collect())).filter(|files| !files.0.is_empty())
    }

    /// Without the folder that holds everything, as archives are often made.
    pub fn unwrapped(self) -> Self {
        let first = self.0.keys().next().and_then(|path| path.split_once('/')).map(|(folder, _)| folder.to_owned());
        match first.filter(|folder| folder != FILES && self.0.keys().all(|path| path.starts_with(&format!("{folder}/")))) {
            Some(folder) => self.below(&folder).unwrap_or(self),
            None => self,
        }
    }
}

/// The folder of the files that a scenario asks for.
pub(super) const FILES: &str = "files";

/// Files being read, within bounds.
pub(super) struct Gathering<'b> {
    pub files: Files,
    bounds: &'b Bounds,
    bytes: u64,
}

impl<'b> Gathering<'b> {
    pub fn new(bounds: &'b Bounds) -> Self {
        Self { files: Files::default(), bounds, bytes: 0 }
    }

    /// Takes one file. What systems leave beside files is passed over.
    ///
    /// # Errors
    /// Its path leaves the submission, or a bound is broken.
    pub fn take(&mut self, path: &str, content: impl Read) -> Result<(), Rejection> {
        let path = self.admitted(path)?;
        if is_litter(&path) {
            return Ok(());
        }
        if self.files.0.len() == self.bounds.files {
            let most = self.bounds.files;
            return Err(Rejection::refused(format!("파일이 {most}개를 넘습니다"), format!("it holds more than {most} files")));
        }
        let left = self.bounds.file_bytes.min(self.bounds.bytes - self.bytes);
        let mut bytes = Vec::new();
        content.take(left + 1).read_to_end(&mut bytes).map_err(|error| damaged(&path, &error))?;
        if bytes.len() as u64 > self.bounds.file_bytes {
            let most = size(self.bounds.file_bytes);
            return Err(Rejection::refused(format!("`{path}`이(가) {most}를 넘습니다"), format!("`{path}` is larger than {most}")));
        }
        if bytes.len() as u64 > left {
            let most = size(self.bounds.bytes);
            return Err(Rejection::refused(format!("풀면 모두 {most}를 넘습니다"), format!("it unpacks to more than {most}")));
        }
        self.bytes += bytes.len() as u64;
        if self.files.0.insert(path.clone(), bytes).is_some() {
            return Err(Rejection::refused(format!("`{path}`이(가) 두 번 들어 있습니다"), format!("`{path}` is in it twice")));
        }
        Ok(())
    }

    /// A path as it is kept, if it stays inside.
    pub fn admitted(&self, path: &str) -> Result<String, Rejection> {
        let escapes = || {
            Rejection::refused(
                format!("`{}`이(가) 제출 폴더를 벗어납니다", shown(path)),
                format!("`{}` leaves the submission", shown(path)),
            )
        };
        if path.starts_with('/') || path.contains(['\\', '\0']) || path.split('/').any(|part| part == "..") {
            return Err(escapes());
        }
        if path.chars().any(char::is_control) {
            let shown = shown(path);
            return Err(Rejection::refused(
                format!("파일 이름에 제어 문자가 있습니다: {shown}"),
                format!("a file's name holds control characters: {shown}"),
            ));
        }
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        if parts.is_empty() {
            return Err(escapes());
        }
        if parts.len() > self.bounds.depth {
            let most = self.bounds.depth;
            return Err(Rejection::refused(
                format!("폴더가 {most}단계보다 깊습니다"),
                format!("its folders are more than {most} levels deep"),
            ));
        }
        Ok(parts.join("/"))
    }
}

/// A link, device or pipe.
pub(super) fn special(path: &Path) -> Rejection {
    let path = shown(&path.to_string_lossy());
    Rejection::refused(
        format!("`{path}`은(는) 일반 파일이 아닙니다(링크, 장치, 파이프는 받지 않습니다)"),
        format!("`{path}` is no regular file; links, devices and pipes are not taken"),
    )
}

/// What an archive holds cannot be read.
pub(super) fn damaged(path: &str, error: &io::Error) -> Rejection {
    let path = shown(path);
    Rejection::unusable(format!("`{path}`이(가) 손상되었습니다: {error}"), format!("`{path}` is damaged: {error}"))
}

/// What macOS, Windows, editors and version control leave beside a person's files.
fn is_litter(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.') || part == "__MACOSX" || part == "Thumbs.db" || part == "desktop.ini")
}

/// A name in a message: printable and not too long.
fn shown(path: &str) -> String {
    path.chars().flat_map(char::escape_debug).take(120).collect()
}

fn size(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}
