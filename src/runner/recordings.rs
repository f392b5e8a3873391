//! What the cases of proofs have seen, kept in a folder: a case that has not changed since need not be proven again to judge mutants.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{criterion::Criterion, mutating::Recorded};
use crate::{
    attempt::{Attempt, Baseline, Run},
    check::Recording,
    cluster::Snapshot,
    provider::files::{FileError, make_private, write_private},
    report::CaseKind,
    scenario::{self, Scenario},
};

/// A folder of recordings, one file a case, for their owner only: they hold what the cluster held.
#[derive(Debug, Clone)]
pub(super) struct Recordings {
    dir: PathBuf,
    provider: String,
}

/// One file.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    /// What it rests on: files of the scenario, the provider, this program.
    rests_on: String,
    criterion: Criterion,
    attempt: Attempt,
    baseline: Baseline,
    snapshot: Snapshot,
    run: Run,
}

impl Recordings {
    /// Those in a folder, of a provider.
    pub(super) fn new(dir: &Path, provider: &str) -> Self {
        Self { dir: dir.to_owned(), provider: provider.to_owned() }
    }

    /// What a case has seen, unless something that it rests on has changed since.
    pub(super) fn kept(&self, scenario: &Scenario, kind: CaseKind, name: &str, place: usize) -> Option<Recorded> {
        let text = fs::read(self.path(scenario, kind, name)).ok()?;
        let kept: Kept = serde_json::from_slice(&text).ok()?;
        (kept.rests_on == self.rests_on(scenario, kind, name)).then(|| Recorded {
            place,
            kind,
            name: name.to_owned(),
            criterion: kept.criterion,
            attempt: kept.attempt,
            recording: Recording::new(scenario, &kept.baseline, kept.snapshot, kept.run),
        })
    }

    /// Keeps what a case has seen. Where namespaces have other names than the scenario gives them, nothing is kept: they differ next time.
    pub(super) fn keep(&self, scenario: &Scenario, case: &Recorded) -> Result<(), FileError> {
        if !case.attempt.namespaces.is_empty() {
            return Ok(());
        }
        let kept = Kept {
            rests_on: self.rests_on(scenario, case.kind, &case.name),
            criterion: case.criterion.clone(),
            attempt: case.attempt.clone(),
            baseline: case.recording.baseline().clone(),
            snapshot: case.recording.snapshot().clone(),
            run: case.recording.run().clone(),
        };
        let path = self.path(scenario, case.kind, &case.name);
        make_private(path.parent().unwrap_or(&self.dir))?;
        let bytes = serde_json::to_vec(&kept).map_err(|error| FileError::new("write", &path)(error.into()))?;
        write_private(&path, bytes)
    }

    fn path(&self, scenario: &Scenario, kind: CaseKind, name: &str) -> PathBuf {
        let kind = if kind == CaseKind::Cheat { "cheat" } else { "case" };
        self.dir.join(scenario.id()).join(format!("{kind}-{name}.json"))
    }

    /// A cheat rests on its own folder, and both sorts on all solutions: a step's is made after those of the steps before it, and a cheat
    /// may apply their manifests.
    fn rests_on(&self, scenario: &Scenario, kind: CaseKind, name: &str) -> String {
        let own = Path::new("cheats").join(name);
        let counts = |path: &Path| match path.components().next().map(|first| first.as_os_str().to_owned()) {
            Some(first) if first == "cheats" => kind == CaseKind::Cheat && path.starts_with(&own),
            Some(first) if first == "solutions" => kind != CaseKind::Broken,
            _ => true,
        };
        format!("{} {} {}", env!("CARGO_PKG_VERSION"), self.provider, scenario::digest_of(&scenario.dir, counts))
    }
}
