//! Candidates for shell completion. They never touch a cluster or the network.

use clap_complete::CompletionCandidate;

use super::context::default_paths;
use crate::{content, runner};

/// The ids of the shipped scenarios.
#[must_use]
pub fn scenarios() -> Vec<CompletionCandidate> {
    content::ids().into_iter().map(CompletionCandidate::new).collect()
}

/// The ids of the shipped scenarios and bundles.
#[must_use]
pub fn scenarios_and_bundles() -> Vec<CompletionCandidate> {
    content::bundle_ids().into_iter().chain(content::ids()).map(CompletionCandidate::new).collect()
}

/// The names of the environments that there are.
#[must_use]
pub fn environments() -> Vec<CompletionCandidate> {
    let Ok(paths) = default_paths() else { return Vec::new() };
    let Ok(folders) = std::fs::read_dir(paths.environments()) else { return Vec::new() };
    folders.flatten().filter_map(|f| f.file_name().into_string().ok()).map(CompletionCandidate::new).collect()
}

/// The ids of the newest attempt's checks.
#[must_use]
pub fn checks() -> Vec<CompletionCandidate> {
    let Ok(paths) = default_paths() else { return Vec::new() };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return Vec::new() };
    runtime.block_on(runner::newest_checks(&paths)).into_iter().map(CompletionCandidate::new).collect()
}
