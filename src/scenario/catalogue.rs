use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use super::{Bundle, Loaded, LoadedBundle, Scenario, is_bundle, load, load_bundle};
use crate::{
    diagnostic::{Diagnostic, codes},
    text::Text,
};

/// Every scenario that was found, by id.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// In the order in which the course lists them: labs, then challenges; by code, then by id.
    pub scenarios: Vec<Scenario>,
    /// By code, then by id.
    pub bundles: Vec<Bundle>,
}

impl Catalogue {
    /// Loads every scenario below some folders: each folder is a scenario itself, or holds scenarios, or holds `labs` and
    /// `challenges`. Broken scenarios are left out and said.
    #[must_use]
    pub fn load(roots: &[PathBuf]) -> (Self, Vec<Diagnostic>) {
        let (mut catalogue, mut diagnostics) = (Self::default(), Vec::new());
        let mut seen: HashMap<String, PathBuf> = HashMap::new();
        for dir in roots.iter().flat_map(|root| folders(root)) {
            let (scenario, bundle, found) = read(&dir);
            diagnostics.extend(found);
            let Some(id) = scenario.as_ref().map(Scenario::id).or(bundle.as_ref().map(Bundle::id)).map(str::to_owned) else { continue };
            if let Some(first) = seen.get(&id) {
                let first = first.display();
                let message = Text::new(
                    format!("시나리오 `{id}`이(가) 두 번 있습니다. 처음 것은 {first}입니다"),
                    format!("the scenario `{id}` is there twice; first in {first}"),
                );
                diagnostics.push(Diagnostic::error(codes::DUPLICATE_ID, dir, None, message));
                continue;
            }
            seen.insert(id, dir);
            catalogue.scenarios.extend(scenario);
            catalogue.bundles.extend(bundle);
        }
        catalogue.bundles.sort_by_key(|b| (natural(b.file.metadata.code.as_deref().unwrap_or("~")), b.id().to_owned()));
        catalogue.scenarios.sort_by_key(order);
        (catalogue, diagnostics)
    }

    /// The scenario with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Scenario> {
        self.scenarios.iter().find(|s| s.id() == id)
    }
}

/// What a folder holds: a scenario or a bundle, and what is wrong with it.
fn read(dir: &Path) -> (Option<Scenario>, Option<Bundle>, Vec<Diagnostic>) {
    if is_bundle(dir) {
        let LoadedBundle { bundle, diagnostics } = load_bundle(dir);
        return (None, bundle, diagnostics);
    }
    let Loaded { scenario, diagnostics } = load(dir);
    (scenario, None, diagnostics)
}

/// The folders of scenarios and bundles below a root, at most two levels down.
fn folders(root: &Path) -> Vec<PathBuf> {
    // A folder with a stage is meant as a scenario, even when its `scenario.yaml` is missing or has another name.
    let is_scenario =
        |dir: &Path| ["scenario.yaml", "bundle.yaml", "scenario.yml", "stage"].iter().any(|name| dir.join(name).symlink_metadata().is_ok());
    if is_scenario(root) {
        return vec![root.to_path_buf()];
    }
    let below = children(root);
    let groups = below.iter().filter(|dir| !is_scenario(dir) && dir.file_name().is_some_and(|n| n == "labs" || n == "challenges"));
    let grouped: Vec<PathBuf> = groups.flat_map(|dir| children(dir)).collect();
    below.into_iter().chain(grouped).filter(|dir| is_scenario(dir)).collect()
}

fn children(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let mut dirs: Vec<PathBuf> = entries.filter(|e| e.file_type().is_ok_and(|t| t.is_dir())).map(|e| e.path()).collect();
    dirs.sort();
    dirs
}

/// Labs before challenges, then by code with its numbers as numbers, then by id.
fn order(scenario: &Scenario) -> (bool, Vec<(String, u64)>, String) {
    let lab = scenario.file.kind == super::Kind::Lab;
    (!lab, natural(scenario.file.metadata.code.as_deref().unwrap_or("~")), scenario.id().to_owned())
}

/// A text cut into words and the numbers behind them, so that `C5` comes before `C13`.
fn natural(text: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(digits);
        let end = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        parts.push((word.to_owned(), tail[..end].parse().unwrap_or(0)));
        rest = &tail[end..];
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::natural;

    #[test]
    fn codes_sort_by_their_numbers() {
        let mut codes = ["C20", "C5-10", "C5-2", "C5", "LAB1", "~"];
        codes.sort_by_key(|c| natural(c));
        assert_eq!(codes, ["C5", "C5-2", "C5-10", "C20", "LAB1", "~"]);
    }
}
