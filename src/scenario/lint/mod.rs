//! What is wrong with a scenario although it loads: answers that leak, statements that cannot fail or cannot hold, texts that
//! say different things in the two languages.

mod coverage;
mod literals;
mod scalars;
mod secrecy;
mod statements;
mod texts;

use std::path::Path;

use super::{
    load::{Parts, sort},
    load_bundle::{is_bundle, load_bundle},
    meaning::Judge,
};
use crate::diagnostic::Diagnostic;

/// Everything that is wrong with the scenario or bundle in a folder: what [`super::load`] finds, and what only authors need to know.
#[must_use]
pub fn lint(dir: &Path) -> Vec<Diagnostic> {
    if is_bundle(dir) {
        return load_bundle(dir).diagnostics;
    }
    let parts = Parts::read(dir);
    let mut judge = Judge::new(&parts);
    texts::lint(&mut judge);
    secrecy::lint(&mut judge);
    statements::lint(&mut judge);
    scalars::lint(&mut judge);
    coverage::lint(&mut judge);
    let mut found = judge.found;
    found.extend(parts.found);
    sort(&mut found);
    found.dedup();
    found
}
