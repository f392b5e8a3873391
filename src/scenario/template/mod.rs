//! The files of a new scenario: small, whole and provable, with marks where its author goes on.

use std::path::PathBuf;

use super::{Kind, schemas};

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
    "cheats/another-image/cheat.yaml",
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

/// The schemas that an editor completes a new scenario's files with, by their paths below its folder. They are no part of the
/// scenario: names that start with a dot are passed over when it is read.
#[must_use]
pub fn editor_files() -> Vec<(PathBuf, String)> {
    let wanted = |(name, _): &(&str, serde_json::Value)| FILES_WITH_SCHEMA.contains(name);
    let file = |(name, schema): (&str, serde_json::Value)| (PathBuf::from(".schema").join(name), format!("{schema:#}\n"));
    schemas().into_iter().filter(wanted).map(file).collect()
}

/// Those that the first lines of the template's files point at.
const FILES_WITH_SCHEMA: [&str; 3] = ["scenario.schema.json", "solution.schema.json", "cheat.schema.json"];

/// The files of a new scenario with their contents, by their paths below its folder. `id` is kebab-case.
#[must_use]
pub fn new_files(kind: Kind, id: &str) -> Vec<(PathBuf, String)> {
    let files = match kind {
        Kind::Challenge => CHALLENGE,
        Kind::Lab => LAB,
    };
    files.iter().map(|(path, text)| (PathBuf::from(path), text.replace("{{id}}", id))).collect()
}
