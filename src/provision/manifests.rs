use std::path::{Path, PathBuf};

use serde_json::Value;

/// The objects of one YAML file, or of every YAML file of a folder in the order of their names.
///
/// # Errors
/// The file with what is wrong with it.
pub(super) fn read(path: &Path) -> Result<Vec<Value>, (PathBuf, String)> {
    let problem = |path: &Path, why: &dyn std::fmt::Display| (path.to_owned(), why.to_string());
    let mut files = vec![path.to_owned()];
    if path.is_dir() {
        let entries = std::fs::read_dir(path).map_err(|e| problem(path, &e))?;
        files = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|p| is_yaml(p)).collect();
        files.sort();
    }
    let mut objects = Vec::new();
    for file in &files {
        let text = std::fs::read_to_string(file).map_err(|e| problem(file, &e))?;
        let options = serde_saphyr::options! { strict_booleans: true };
        let documents: Vec<Value> = serde_saphyr::from_multiple_with_options(&text, options).map_err(|e| problem(file, &e))?;
        objects.extend(documents.into_iter().filter(|d| !d.is_null()));
    }
    if objects.is_empty() { Err(problem(path, &"there is no manifest in it")) } else { Ok(objects) }
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "yaml" || e == "yml")
}
