//! A new scenario is whole from the first minute: nothing is wrong with it but the places that its author has to fill in.

use std::{collections::BTreeSet, fs, path::Path};

use kubedrill::scenario::{self, Kind};
use tempfile::TempDir;

fn write(kind: Kind, id: &str) -> (TempDir, std::path::PathBuf) {
    let temp = TempDir::new().unwrap();
    let dir = temp.path().join(id);
    for (path, text) in scenario::new_files(kind, id) {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    (temp, dir)
}

#[test]
fn a_new_scenario_loads_and_lint_names_only_the_marked_places() {
    for kind in [Kind::Challenge, Kind::Lab] {
        let (_temp, dir) = write(kind, "my-first");
        let loaded = scenario::load(&dir);
        assert_eq!(loaded.diagnostics, [], "{kind:?}");
        assert_eq!(loaded.scenario.unwrap().id(), "my-first");
        let found = scenario::lint(&dir);
        let codes: BTreeSet<&str> = found.iter().map(|d| d.code).collect();
        assert_eq!(codes, BTreeSet::from(["KD0512"]), "{kind:?}: {found:#?}");
    }
}

#[test]
fn every_file_of_the_template_is_offered() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/scenario/template");
    for (kind, folder) in [(Kind::Challenge, "challenge"), (Kind::Lab, "lab")] {
        let offered: BTreeSet<_> = scenario::new_files(kind, "x").into_iter().map(|(path, _)| path).collect();
        assert_eq!(offered, below(&root.join(folder), Path::new("")));
    }
}

fn below(dir: &Path, at: &Path) -> BTreeSet<std::path::PathBuf> {
    let entries = fs::read_dir(dir.join(at)).unwrap().map(|e| e.unwrap());
    entries
        .flat_map(|e| {
            let path = at.join(e.file_name());
            if e.path().is_dir() { below(dir, &path) } else { BTreeSet::from([path]) }
        })
        .collect()
}
