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

fn build(written: &str, pattern: &str) -> Result<Regex, Trouble> {
    let built = RegexBuilder::new(pattern).size_limit(1 << 20).build();
    built.map_err(|e| Trouble(format!("`{written}` is not a regular expression: {e}")))
}
