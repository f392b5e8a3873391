//! Regular expressions that are searched for in texts of containers.

use regex::RegexBuilder;

use crate::check::context::Trouble;

/// A pattern, bounded in the memory that it may take.
pub(super) fn pattern(text: &str) -> Result<regex::Regex, Trouble> {
    RegexBuilder::new(text).size_limit(1 << 20).build().map_err(|e| Trouble(format!("the regular expression {text}: {e}")))
}

/// Whether a pattern is found anywhere in a text.
pub(super) fn found_in(wanted: &str, text: &str) -> Result<bool, Trouble> {
    Ok(pattern(wanted)?.is_match(text))
}
