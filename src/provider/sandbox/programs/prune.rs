//! Keeps the cache small: unfinished builds and programs of other versions go when nobody uses them.

use std::{
    fs,
    path::Path,
    time::{Duration, SystemTime},
};

use crate::process;

/// How the folders of unfinished builds begin.
pub const UNFINISHED: &str = ".build-";
/// Another version of kubedrill may come back soon: a course and a checkout of its sources on one machine.
const KEEP: Duration = Duration::from_secs(24 * 3600);

/// Notes that these programs are used now.
pub fn mark_used(folder: &Path) {
    // Worth a rebuild at most.
    let _ = fs::write(folder.join("used"), "");
}

/// Ends and removes what killed builds left. The caller holds the build lock.
pub fn remove_unfinished(cache: &Path) {
    let unfinished = cache.join(UNFINISHED);
    let mut left = process::list().unwrap_or_default();
    left.retain(|process| process.args.iter().any(|arg| unfinished.to_str().is_some_and(|path| arg.contains(path))));
    for process in left {
        process::kill(&process.id);
    }
    for entry in fs::read_dir(cache).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Removes programs of the same name and another version that no process runs and that nobody asked for lately.
pub fn prune(cache: &Path, current: &Path) {
    let name = |path: &Path| path.file_name().and_then(|name| Some(name.to_str()?.rsplit_once('-')?.0.to_owned()));
    let processes = process::list().unwrap_or_default();
    for entry in fs::read_dir(cache).into_iter().flatten().flatten() {
        let folder = entry.path();
        let used = fs::metadata(folder.join("used")).and_then(|file| file.modified()).unwrap_or(SystemTime::now());
        let is_recent = used.elapsed().is_ok_and(|age| age < KEEP);
        let is_running = || processes.iter().any(|process| process.names_folder(&folder));
        if folder != current && name(&folder).is_some() && name(&folder) == name(current) && !is_recent && !is_running() {
            // Tried again after the next build.
            let _ = fs::remove_dir_all(&folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_versions_of_the_same_programs_go() {
        let root = tempfile::tempdir().expect("a folder");
        let folders = ["sandbox-1", "sandbox-2", "sandbox-3", "prometheus-operator-1"].map(|name| root.path().join(name));
        for folder in &folders {
            fs::create_dir(folder).expect("a folder");
            mark_used(folder);
        }
        for old in [&folders[0], &folders[3]] {
            let file = fs::File::open(old.join("used")).expect("it is there");
            file.set_modified(SystemTime::now() - 2 * KEEP).expect("its time can be set");
        }
        prune(root.path(), &folders[2]);
        assert_eq!(folders.map(|folder| folder.exists()), [false, true, true, true]);
    }
}
