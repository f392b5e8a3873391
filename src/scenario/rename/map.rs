use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    tree,
    words::{self, Style},
};

/// The longest name of a namespace.
const LONGEST: usize = 63;

/// What each namespace of a scenario is truly called. Empty where they keep their names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NamespaceMap(BTreeMap<String, String>);

/// Why namespaces cannot be called so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NamespaceMapError {
    /// Kubernetes does not take the name.
    #[error(
        "`{0}` cannot name a namespace: use up to {LONGEST} lowercase letters, digits and hyphens, beginning and ending with a letter or digit"
    )]
    Name(String),
    /// Two would become one.
    #[error("two namespaces of the scenario would both be called `{0}`; give each a name of its own with `--namespaces`")]
    Same(String),
}

impl NamespaceMap {
    /// These names. What keeps its name may be left out.
    ///
    /// # Errors
    /// A name cannot be used, or is used twice.
    pub fn new(names: BTreeMap<String, String>) -> Result<Self, NamespaceMapError> {
        if let Some(bad) = names.values().find(|name| !is_namespace_name(name)) {
            return Err(NamespaceMapError::Name(bad.clone()));
        }
        let mut seen = BTreeSet::new();
        match names.values().find(|name| !seen.insert(name.as_str())) {
            Some(twice) => Err(NamespaceMapError::Same(twice.clone())),
            None => Ok(Self(names)),
        }
    }

    /// Whether everything keeps its name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each name with the true one.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, true_name)| (name.as_str(), true_name.as_str()))
    }

    /// What a namespace is truly called.
    #[must_use]
    pub fn name<'a>(&'a self, namespace: &'a str) -> &'a str {
        self.0.get(namespace).map_or(namespace, String::as_str)
    }

    /// A text that people read, with the true names in commands, host names and code.
    #[must_use]
    pub fn prose(&self, text: &str) -> String {
        words::rename(self, text, Style::Prose).unwrap_or_else(|_| text.to_owned())
    }

    /// A Kubernetes object with the true names.
    pub(in crate::scenario) fn object(&self, object: &mut Value) {
        if !self.is_empty() {
            // Only CEL can be in doubt, and no object holds any.
            let _ = tree::rename(self, object);
        }
    }

    pub(super) fn get(&self, word: &str) -> Option<&str> {
        self.0.get(word).map(String::as_str)
    }
}

/// Whether Kubernetes takes a text as the name of a namespace.
#[must_use]
pub fn is_namespace_name(name: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && name.len() <= LONGEST && name.chars().all(inner) && !name.starts_with('-') && !name.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> Result<NamespaceMap, NamespaceMapError> {
        NamespaceMap::new(pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect())
    }

    #[test]
    fn names_that_kubernetes_would_refuse_or_that_fall_together_are_refused() {
        assert!(map(&[("shop", "alice-shop"), ("platform", "alice-platform")]).is_ok());
        assert_eq!(map(&[("shop", "Alice")]), Err(NamespaceMapError::Name("Alice".into())));
        assert_eq!(map(&[("shop", "a-"), ("b", "b")]), Err(NamespaceMapError::Name("a-".into())));
        assert_eq!(map(&[("a", "x"), ("b", "x")]), Err(NamespaceMapError::Same("x".into())));
        assert!(map(&[("a", &"x".repeat(64))]).is_err());
    }
}
