//! The files of a new scenario: small, whole and provable, with marks where its author goes on.

use std::path::PathBuf;

use super::Kind;

macro_rules! files {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!($folder, "/", $name)))),*]
    };
}

const CHALLENGE: &[(&str, &str)] = files!("challenge":
    "scenario.yaml",
    "story.ko.md",
    "story.en.md",
    "debrief.ko.md",
    "debrief.en.md",
    "stage/10-web.yaml",
    "solutions/fix-selector/solution.yaml",
    "cheats/scaled-to-zero/cheat.yaml",
);

const LAB: &[(&str, &str)] = files!("lab":
    "scenario.yaml",
    "story.ko.md",
    "story.en.md",
    "debrief.ko.md",
    "debrief.en.md",
    "stage/10-web.yaml",
    "solutions/expose/solution.yaml",
    "solutions/expose/service.yaml",
    "cheats/hand-made-slice/cheat.yaml",
    "cheats/hand-made-slice/slice.yaml",
);

/// The files of a new scenario with their contents, by their paths below its folder. `id` is kebab-case.
#[must_use]
pub fn new_files(kind: Kind, id: &str) -> Vec<(PathBuf, String)> {
    let files = match kind {
        Kind::Challenge => CHALLENGE,
        Kind::Lab => LAB,
    };
    files.iter().map(|(path, text)| (PathBuf::from(path), text.replace("{{id}}", id))).collect()
}
