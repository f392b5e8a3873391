use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use rustix::fs::OFlags;

use super::{
    Bounds, Rejection,
    files::{Files, Gathering, special},
};

/// Reads a folder. Follows no link and waits on no pipe.
pub(super) fn read(folder: &Path, bounds: &Bounds) -> Result<Files, Rejection> {
    let mut gathering = Gathering::new(bounds);
    walk(folder, "", &mut gathering, bounds)?;
    Ok(gathering.files)
}

fn walk(folder: &Path, below: &str, gathering: &mut Gathering<'_>, bounds: &Bounds) -> Result<(), Rejection> {
    let unreadable = |error: io::Error| Rejection::unreadable(folder, &error);
    // One more than the bound is enough to know that there are too many.
    let names = fs::read_dir(folder).map_err(unreadable)?.take(bounds.files + 1).map(|entry| entry.map(|entry| entry.file_name()));
    let mut names = names.collect::<io::Result<Vec<_>>>().map_err(unreadable)?;
    if names.len() > bounds.files {
        let most = bounds.files;
        return Err(Rejection::refused(format!("파일이 {most}개를 넘습니다"), format!("it holds more than {most} files")));
    }
    names.sort();
    for name in names {
        let path = folder.join(&name);
        let Some(name) = name.to_str() else {
            return Err(Rejection::refused("파일 이름이 UTF-8이 아닙니다", "a file's name is not UTF-8"));
        };
        let inside = format!("{below}{name}");
        let kind = fs::symlink_metadata(&path).map_err(|error| Rejection::unreadable(&path, &error))?.file_type();
        if kind.is_dir() {
            gathering.admitted(&inside)?;
            walk(&path, &format!("{inside}/"), gathering, bounds)?;
        } else {
            gathering.take(&inside, open(&path)?)?;
        }
    }
    Ok(())
}

/// Opens a regular file, whatever is put in its place meanwhile.
pub(super) fn open(path: &Path) -> Result<File, Rejection> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let opened = OpenOptions::new().read(true).custom_flags(flags).open(path);
    let file = opened.map_err(|error| match error.raw_os_error() {
        Some(code) if code == rustix::io::Errno::LOOP.raw_os_error() || code == rustix::io::Errno::NXIO.raw_os_error() => special(path),
        _ => Rejection::unreadable(path, &error),
    })?;
    match file.metadata() {
        Ok(meta) if meta.is_file() => Ok(file),
        Ok(_) => Err(special(path)),
        Err(error) => Err(Rejection::unreadable(path, &error)),
    }
}
