use serde::{Serialize, de::DeserializeOwned};

use super::{NamespaceMap, tree};
use crate::scenario::Scenario;

/// A place of a scenario that cannot be given other namespaces surely.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "in {place}, `{word}` may or may not be the namespace: {context}; say it so that it is clear, for example by comparing with `metadata.namespace`"
)]
pub struct Unrenamable {
    /// The file.
    pub place: String,
    /// The word.
    pub word: String,
    /// What it stands in.
    pub context: String,
}

impl Scenario {
    /// The same scenario in namespaces of other names: its checks, actions and texts, and its manifests when they are read.
    ///
    /// # Errors
    /// Something cannot be renamed surely.
    pub fn renamed(&self, map: &NamespaceMap) -> Result<Self, Unrenamable> {
        if map.is_empty() {
            return Ok(self.clone());
        }
        let mut renamed = self.clone();
        renamed.file = file(map, &self.file, "scenario.yaml")?;
        for solution in &mut renamed.solutions {
            solution.file = file(map, &solution.file, &format!("solutions/{}", solution.name))?;
        }
        for cheat in &mut renamed.cheats {
            cheat.file = file(map, &cheat.file, &format!("cheats/{}", cheat.name))?;
        }
        for text in [&mut renamed.story, &mut renamed.debrief] {
            (text.ko, text.en) = (map.prose(&text.ko), map.prose(&text.en));
        }
        renamed.names = map.clone();
        Ok(renamed)
    }
}

fn file<T: Serialize + DeserializeOwned>(map: &NamespaceMap, file: &T, place: &str) -> Result<T, Unrenamable> {
    let failed = |word: &str, context: String| Unrenamable { place: place.to_owned(), word: word.to_owned(), context };
    let mut tree = serde_json::to_value(file).map_err(|e| failed("", e.to_string()))?;
    tree::rename(map, &mut tree).map_err(|doubt| failed(&doubt.word, doubt.context))?;
    serde_json::from_value(tree).map_err(|e| failed("", e.to_string()))
}
