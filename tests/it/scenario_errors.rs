//! Mistakes of authors and what they read about them. Each folder below `errors/` is a new challenge with the mistakes laid over
//! it; what `lint` says stands beside it, in `NAME.stderr`. `UPDATE=1 cargo test --test it scenario_errors` writes that anew.

use std::{
    fs,
    path::{Path, PathBuf},
};

use kubedrill::{
    diagnostic::{self, Diagnostic},
    scenario::{self, Kind},
    text::Lang,
};
use tempfile::TempDir;

fn errors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/errors")
}

/// The scenario of a case in a temporary folder.
fn lay_out(case: &str) -> (TempDir, PathBuf) {
    let temp = TempDir::new().unwrap();
    let dir = temp.path().join(case);
    let kind = if case.starts_with("lab-") { Kind::Lab } else { Kind::Challenge };
    for (path, text) in scenario::new_files(kind, case) {
        write(&dir.join(path), &text.replace("CHANGE-ME ", ""));
    }
    copy(&errors().join(case), &dir);
    (temp, dir)
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Copies a folder over another. An empty file takes the file away.
fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(|e| e.unwrap()) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.metadata().unwrap().len() == 0 {
            fs::remove_file(target).unwrap();
        } else {
            write(&target, &fs::read_to_string(entry.path()).unwrap());
        }
    }
}

fn render(dir: &Path, found: &[Diagnostic], lang: Lang) -> String {
    let out = diagnostic::render_terminal(found, lang, false, &diagnostic::read_source);
    out.replace(&format!("{}/", dir.parent().unwrap().display()), "")
}

fn says(case: &str, lang: Lang, suffix: &str) -> Vec<Diagnostic> {
    let (_temp, dir) = lay_out(case);
    let found = scenario::lint(&dir);
    let out = render(&dir, &found, lang);
    let expected = errors().join(format!("{case}{suffix}.stderr"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&expected, &out).unwrap();
    }
    let wanted = fs::read_to_string(&expected).unwrap_or_default();
    assert_eq!(out, wanted, "{}", expected.display());
    found
}

#[test]
fn ten_different_mistakes_print_ten_located_messages() {
    let found = says("ten-mistakes", Lang::En, "");
    let codes: std::collections::BTreeSet<&str> = found.iter().map(|d| d.code).collect();
    assert_eq!((found.len(), codes.len()), (10, 10));
    assert!(found.iter().all(|d| d.is_error() && d.span.is_some()));
    says("ten-mistakes", Lang::Ko, ".ko");
}

#[test]
fn every_case_says_what_stands_beside_it() {
    let mut cases: Vec<String> = fs::read_dir(errors())
        .unwrap()
        .map(|e| e.unwrap())
        .filter(|e| e.path().is_dir())
        .map(|e| e.file_name().into_string().unwrap())
        .collect();
    cases.sort();
    assert!(cases.len() > 5);
    for case in cases {
        let found = says(&case, Lang::En, "");
        assert!(!found.is_empty(), "{case}");
    }
}

#[test]
fn an_error_keeps_a_scenario_from_loading_and_a_warning_does_not() {
    let (_temp, dir) = lay_out("ten-mistakes");
    assert!(scenario::load(&dir).scenario.is_none());
    let (_temp, dir) = lay_out("odd-scalars");
    assert!(scenario::load(&dir).scenario.is_some());
    assert!(!scenario::lint(&dir).is_empty());
}
