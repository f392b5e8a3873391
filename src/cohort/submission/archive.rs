use std::{
    io::{Cursor, Read as _},
    path::Path,
};

use flate2::read::MultiGzDecoder;
use tar::EntryType;
use zip::{ZipArchive, result::ZipError};

use super::{
    Bounds, Rejection,
    files::{Files, Gathering, damaged, special},
    folder,
};

/// The forms of an archive, by the ends of their names.
pub(super) const ENDINGS: [&str; 3] = [".zip", ".tar.gz", ".tgz"];

/// The most entries that are looked at for each file that may be taken: folders and litter count too.
const ENTRIES_PER_FILE: usize = 8;
/// What a tar archive may need beyond its files' bytes: headers and padding.
const TAR_OVERHEAD: u64 = 4;
/// The bits of a mode that say what a file is, and those of a regular file and of a folder.
const KIND: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;
const FOLDER: u32 = 0o040_000;

/// Reads an archive.
pub(super) fn read(path: &Path, bounds: &Bounds) -> Result<Files, Rejection> {
    let mut bytes = Vec::new();
    folder::open(path)?.take(bounds.archive_bytes + 1).read_to_end(&mut bytes).map_err(|error| Rejection::unreadable(path, &error))?;
    if bytes.len() as u64 > bounds.archive_bytes {
        let most = bounds.archive_bytes >> 20;
        return Err(Rejection::refused(format!("압축 파일이 {most} MiB를 넘습니다"), format!("the archive is larger than {most} MiB")));
    }
    let mut gathering = Gathering::new(bounds);
    if path.to_string_lossy().ends_with(".zip") {
        unzip(path, bytes, &mut gathering, bounds)?;
    } else {
        untar(path, &bytes, &mut gathering, bounds)?;
    }
    Ok(gathering.files)
}

fn unzip(path: &Path, bytes: Vec<u8>, gathering: &mut Gathering<'_>, bounds: &Bounds) -> Result<(), Rejection> {
    let unusable = |error: ZipError| {
        let path = path.file_name().unwrap_or_default().to_string_lossy();
        Rejection::unusable(format!("`{path}`을(를) 풀 수 없습니다: {error}"), format!("`{path}` cannot be unpacked: {error}"))
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(unusable)?;
    if archive.len() > bounds.files * ENTRIES_PER_FILE {
        return Err(too_many(bounds));
    }
    for number in 0..archive.len() {
        let entry = archive.by_index(number).map_err(unusable)?;
        let name = entry.name().map_err(unusable)?.into_owned();
        let kind = entry.unix_mode().map_or(0, |mode| mode & KIND);
        if kind != 0 && kind != REGULAR && kind != FOLDER {
            return Err(special(Path::new(&name)));
        }
        if entry.is_dir() {
            gathering.admitted(&name)?;
        } else {
            gathering.take(&name, entry)?;
        }
    }
    Ok(())
}

fn untar(path: &Path, bytes: &[u8], gathering: &mut Gathering<'_>, bounds: &Bounds) -> Result<(), Rejection> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let unusable = |error: std::io::Error| damaged(&name, &error);
    let mut archive = tar::Archive::new(MultiGzDecoder::new(bytes).take(bounds.bytes * TAR_OVERHEAD));
    for (number, entry) in archive.entries().map_err(unusable)?.enumerate() {
        let entry = entry.map_err(unusable)?;
        if number == bounds.files * ENTRIES_PER_FILE {
            return Err(too_many(bounds));
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => gathering.take(&name, entry)?,
            EntryType::Directory => {
                // The archive of `.` names it too.
                if name.trim_end_matches('/') != "." {
                    gathering.admitted(&name)?;
                }
            }
            EntryType::XGlobalHeader | EntryType::XHeader => {}
            _ => return Err(special(Path::new(&name))),
        }
    }
    Ok(())
}

fn too_many(bounds: &Bounds) -> Rejection {
    let most = bounds.files;
    Rejection::refused(format!("파일이 {most}개를 넘습니다"), format!("it holds more than {most} files"))
}
