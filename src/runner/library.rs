use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{ErrorClass, RunnerError};
use crate::{
    attempt::{Attempt, BundleRun},
    content,
    diagnostic::Severity,
    paths::Paths,
    scenario::{self, Bundle, Catalogue, NamespaceMap, Scenario},
    text::Text,
};

/// Where scenarios are looked for: the shipped ones, then the user's packs.
///
/// # Errors
/// The shipped content cannot be unpacked, or a pack is not there.
pub fn content_roots(paths: &Paths, packs: &[PathBuf]) -> Result<Vec<PathBuf>, RunnerError> {
    let shipped = content::unpack(paths).map_err(RunnerError::store)?;
    if let Some(missing) = packs.iter().find(|p| !p.is_dir()) {
        return Err(RunnerError::new(
            ErrorClass::Usage,
            Text::new(
                format!("팩 폴더 `{}`이(가) 없습니다", missing.display()),
                format!("the pack `{}` is not a folder", missing.display()),
            ),
        ));
    }
    Ok([shipped.join("challenges"), shipped.join("labs")].into_iter().chain(packs.iter().cloned()).collect())
}

/// The image catalogue that the sandbox plays.
///
/// # Errors
/// The shipped content cannot be unpacked.
pub fn images(paths: &Paths) -> Result<PathBuf, RunnerError> {
    Ok(content::unpack(paths).map_err(RunnerError::store)?.join("labs/images.yaml"))
}

/// Loads every scenario that there is.
///
/// # Errors
/// One of them is not valid.
pub fn catalogue(paths: &Paths, packs: &[PathBuf]) -> Result<Catalogue, RunnerError> {
    let (catalogue, diagnostics) = Catalogue::load(&content_roots(paths, packs)?);
    let errors: Vec<_> = diagnostics.into_iter().filter(|d| d.severity == Severity::Error).collect();
    if errors.is_empty() { Ok(catalogue) } else { Err(RunnerError::content("*", errors)) }
}

/// The shipped scenario with this id, read without all the others; `None` when it takes all of them to tell.
pub fn shipped(paths: &Paths, id: &str) -> Result<Option<Scenario>, RunnerError> {
    if !content::ids().iter().any(|shipped| shipped == id) {
        return Ok(None);
    }
    let mut dirs = content_roots(paths, &[])?.into_iter().map(|root| root.join(id));
    let Some(dir) = dirs.find(|dir| dir.join("scenario.yaml").is_file()) else { return Ok(None) };
    Ok(load(&dir, id).ok().filter(|scenario| scenario.id() == id))
}

/// The scenario with this id.
///
/// # Errors
/// There is none; suggests the nearest.
pub fn find<'a>(catalogue: &'a Catalogue, id: &str) -> Result<&'a Scenario, RunnerError> {
    catalogue.get(id).ok_or_else(|| {
        let known = catalogue.scenarios.iter().map(Scenario::id).chain(catalogue.bundles.iter().map(Bundle::id));
        let near = known.map(|known| (similarity(id, known), known)).max_by(|a, b| a.0.total_cmp(&b.0));
        let help = match near {
            Some((score, near)) if score > 0.6 => Text::new(format!("`{near}`을(를) 찾으셨나요?"), format!("did you mean `{near}`?")),
            _ => Text::new("`kubedrill list`가 모두 보여 줍니다", "`kubedrill list` shows them all"),
        };
        RunnerError::new(ErrorClass::Usage, Text::new(format!("시나리오 `{id}`이(가) 없습니다"), format!("there is no scenario `{id}`")))
            .help(help)
    })
}

/// How alike two ids are; the start of an id, such as `c20`, counts as very alike.
fn similarity(typed: &str, id: &str) -> f64 {
    if !typed.is_empty() && id.starts_with(typed) { 1.0 } else { strsim::jaro_winkler(typed, id) }
}

/// Loads one scenario from its folder.
///
/// # Errors
/// It is not valid.
pub fn load(dir: &Path, id: &str) -> Result<Scenario, RunnerError> {
    let loaded = scenario::load(dir);
    loaded.scenario.ok_or_else(|| RunnerError::content(id, loaded.diagnostics))
}

/// The scenario of an attempt, under the namespaces that it was started with.
///
/// # Errors
/// It is not valid any more.
pub fn of(attempt: &Attempt) -> Result<Scenario, RunnerError> {
    renamed(&load(Path::new(&attempt.scenario_dir), &attempt.scenario)?, attempt.namespaces.clone())
}

/// A scenario under other namespaces.
///
/// # Errors
/// It cannot be renamed surely.
pub fn renamed(scenario: &Scenario, names: BTreeMap<String, String>) -> Result<Scenario, RunnerError> {
    let failed = |error: &dyn std::fmt::Display| {
        RunnerError::new(
            ErrorClass::CannotRunHere,
            Text::new(
                format!("`{}`의 네임스페이스 이름을 바꿀 수 없습니다", scenario.id()),
                format!("the namespaces of `{}` cannot be given other names", scenario.id()),
            ),
        )
        .cause(error)
    };
    let map = NamespaceMap::new(names).map_err(|e| failed(&e))?;
    scenario.renamed(&map).map_err(|e| failed(&e))
}

/// The shipped bundle with this id.
///
/// # Errors
/// It is not valid.
pub fn shipped_bundle(paths: &Paths, id: &str) -> Result<Option<Bundle>, RunnerError> {
    if !content::bundle_ids().iter().any(|shipped| shipped == id) {
        return Ok(None);
    }
    let dir = content_roots(paths, &[])?.into_iter().map(|root| root.join(id)).find(|dir| scenario::is_bundle(dir));
    dir.map(|dir| bundle_in(&dir, id)).transpose()
}

/// The bundle of a run.
///
/// # Errors
/// It is not valid any more.
pub fn bundle_of(run: &BundleRun) -> Result<Bundle, RunnerError> {
    bundle_in(Path::new(&run.bundle_dir), &run.bundle)
}

/// Loads one bundle from its folder.
///
/// # Errors
/// It is not valid.
pub fn bundle_in(dir: &Path, id: &str) -> Result<Bundle, RunnerError> {
    let loaded = scenario::load_bundle(dir);
    loaded.bundle.ok_or_else(|| RunnerError::content(id, loaded.diagnostics))
}

/// The folders of scenarios and bundles at or directly below a folder.
#[must_use]
pub fn scenario_folders(root: &Path) -> Vec<PathBuf> {
    let holds = |dir: &Path| dir.join("scenario.yaml").exists() || scenario::is_bundle(dir);
    if holds(root) {
        return vec![root.to_path_buf()];
    }
    let Ok(entries) = std::fs::read_dir(root) else { return vec![root.to_path_buf()] };
    let mut folders: Vec<_> = entries.flatten().map(|e| e.path()).filter(|p| holds(p)).collect();
    folders.sort();
    folders
}
