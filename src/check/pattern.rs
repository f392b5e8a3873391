//! Regular expressions of scenarios, bounded in the memory that they may take.

use regex::{Regex, RegexBuilder};

use super::context::Trouble;

/// A regular expression that must match the whole text.
pub(super) fn whole_match(pattern: &str) -> Result<Regex, Trouble> {
    build(pattern, &format!("^(?:{pattern})$"))
}

/// A regular expression that is searched for in a text.
pub(super) fn search(pattern: &str) -> Result<Regex, Trouble> {
    build(pattern, pattern)
}

/// Whether a text is as an author asks for it, when anything is asked for.
pub(super) fn found_if_asked(pattern: Option<&str>, text: &str) -> Result<bool, Trouble> {
    pattern.map_or(Ok(true), |pattern| Ok(search(pattern)?.is_match(text)))
}

fn build(written: &str, pattern: &str) -> Result<Regex, Trouble> {
    let built = RegexBuilder::new(pattern).size_limit(1 << 20).build();
    built.map_err(|e| Trouble(format!("`{written}` is not a regular expression: {e}")))
}
