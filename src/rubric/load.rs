use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::{
    Grading, meaning_course, meaning_rubric,
    notes::Notes,
    schema::{self, FileKind},
};
use crate::{
    diagnostic::{Diagnostic, codes},
    scenario::{
        document::{self, Document},
        pack::Pack,
        shape::suggestion,
        sort,
        yaml::{Dialect, Node, compose},
    },
    text::Text,
};

/// What came of loading a grading folder.
#[derive(Debug, Clone, Default)]
pub struct LoadedGrading {
    /// What it says; `None` when anything is an error.
    pub grading: Option<Grading>,
    /// Everything that is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Whether a folder is about grading.
#[must_use]
pub fn is_grading(dir: &Path) -> bool {
    dir.join("levels.yaml").symlink_metadata().is_ok()
}

/// Loads a grading folder. `scenarios` are the ids of all scenarios and bundles that it may name.
#[must_use]
pub fn load_grading(dir: &Path, scenarios: &[&str]) -> LoadedGrading {
    let (pack, found) = Pack::read(dir);
    let mut loader = Loader { scenarios, found };
    let mut files: Vec<(PathBuf, &str, FileKind)> = Vec::new();
    for (name, text) in pack.files.iter().filter(|(name, _)| name.extension().is_some_and(|e| e == "yaml")) {
        let path = pack.path(name);
        files.extend(loader.kind(text, &path).map(|kind| (path, text.as_str(), kind)));
    }
    let grading = loader.grading(dir, &files);
    let mut found = loader.found;
    sort(&mut found);
    let failed = found.iter().any(Diagnostic::is_error);
    LoadedGrading { grading: grading.filter(|_| !failed), diagnostics: found }
}

struct Loader<'a> {
    scenarios: &'a [&'a str],
    found: Vec<Diagnostic>,
}

impl Loader<'_> {
    /// What a file says it is.
    fn kind(&mut self, text: &str, file: &Path) -> Option<FileKind> {
        let composed = compose(text, Dialect::Core);
        self.found.extend(composed.errors.iter().map(|error| document::yaml_error(error, file)));
        let root = composed.documents.first()?;
        let kind = root.get("kind");
        let known = kind.and_then(Node::text).and_then(|word| FileKind::ALL.iter().find(|(name, _)| *name == word));
        if known.is_none() && composed.errors.is_empty() {
            let names: Vec<&str> = FileKind::ALL.iter().map(|(name, _)| *name).collect();
            let word = kind.and_then(Node::text).unwrap_or_default();
            let message = Text::new("무엇에 대한 파일인지 `kind`로 알 수 없습니다", "`kind` does not say what the file is about");
            let at = kind.unwrap_or(root);
            self.found.push(Diagnostic::error(codes::UNKNOWN_VALUE, file, Some(at.span), message).maybe_help(suggestion(word, &names)));
        }
        known.filter(|_| composed.errors.is_empty()).map(|(_, kind)| *kind)
    }

    fn grading(&mut self, dir: &Path, files: &[(PathBuf, &str, FileKind)]) -> Option<Grading> {
        let of = |wanted: FileKind| files.iter().filter(move |(.., kind)| *kind == wanted).collect::<Vec<_>>();
        let rubrics = of(FileKind::Rubric);
        let rubrics = rubrics.iter().map(|file| {
            self.read(file, &schema::RUBRIC, |data: &super::RubricFile, node, notes| {
                meaning_rubric::judge(&data.spec, node, notes);
            })
        });
        let rubrics: Vec<_> = rubrics.collect();
        let assessments = of(FileKind::Assessment);
        let assessments = assessments.iter().map(|file| {
            self.read(file, &schema::ASSESSMENT, |data: &super::AssessmentFile, node, notes| {
                meaning_course::assessment(&data.spec, node, notes);
            })
        });
        let assessments: Vec<_> = assessments.collect();
        let levels = self.only(dir, &of(FileKind::Levels), "Levels", &schema::LEVELS, |data: &super::LevelsFile, node, notes| {
            meaning_course::levels(&data.spec, node, notes);
        });
        let checkpoints = self.only(
            dir,
            &of(FileKind::Checkpoints),
            "Checkpoints",
            &schema::CHECKPOINTS,
            |data: &super::CheckpointsFile, node, notes| meaning_course::checkpoints(&data.spec, node, notes),
        );
        let learning_items = self.only(
            dir,
            &of(FileKind::LearningItems),
            "LearningItems",
            &schema::LEARNING_ITEMS,
            |_: &super::LearningItemsFile, node, notes| notes.unique(node.list("items").iter().filter_map(|item| item.get("id"))),
        );
        let course = self.only(dir, &of(FileKind::Course), "Course", &schema::COURSE, |data: &super::CourseFile, node, notes| {
            meaning_course::course(&data.spec, node, notes);
        });
        let grading = Grading {
            levels: levels?,
            course: course?,
            checkpoints: checkpoints?,
            learning_items: learning_items?,
            rubrics: rubrics.into_iter().collect::<Option<_>>()?,
            assessments: assessments.into_iter().collect::<Option<_>>()?,
        };
        self.names(dir, &grading);
        Some(grading)
    }

    /// The file of a kind of which there must be one.
    fn only<T: DeserializeOwned>(
        &mut self,
        dir: &Path,
        files: &[&(PathBuf, &str, FileKind)],
        kind: &str,
        schema: &Json,
        judge: impl Fn(&T, &Node, &mut Notes<'_>),
    ) -> Option<T> {
        let [file] = files else {
            let message = Text::new(
                format!("`kind: {kind}`인 파일이 하나여야 하는데 {}개입니다", files.len()),
                format!("there must be one file with `kind: {kind}`, and there are {}", files.len()),
            );
            self.found.push(Diagnostic::error(codes::GRADING_FILE, files.get(1).map_or(dir, |(path, ..)| path), None, message));
            return None;
        };
        self.read(file, schema, judge)
    }

    /// Reads a file and judges its `spec`, when its shape is right.
    fn read<T: DeserializeOwned>(
        &mut self,
        (path, text, _): &(PathBuf, &str, FileKind),
        schema: &Json,
        judge: impl Fn(&T, &Node, &mut Notes<'_>),
    ) -> Option<T> {
        let Document { node, data, .. } = document::read::<T>(text, path, schema, &mut self.found);
        let (node, data) = (node?, data?);
        let mut notes = Notes { file: path, found: &mut self.found };
        if let Some(spec) = node.get("spec") {
            judge(&data, spec, &mut notes);
            meaning_course::references(spec, self.scenarios, &mut notes);
        }
        Some(data)
    }

    /// Rubrics and assessments have names of their own, and projects name rubrics.
    fn names(&mut self, dir: &Path, grading: &Grading) {
        let ids = grading.ids();
        let twice = ids.iter().enumerate().filter(|(at, id)| ids[..*at].contains(id));
        for (_, id) in twice {
            let message = Text::new(format!("`{id}`이(가) 두 번 쓰였습니다"), format!("`{id}` is used twice"));
            self.found.push(Diagnostic::error(codes::DUPLICATE_ID, dir, None, message));
        }
        let projects = grading.course.spec.weeks.iter().filter_map(|week| week.project.as_ref());
        for project in projects.filter(|project| grading.rubric(&project.rubric).is_none()) {
            let id = &project.rubric;
            let message = Text::new(format!("루브릭 `{id}`이(가) 없습니다"), format!("there is no rubric `{id}`"));
            self.found.push(Diagnostic::error(codes::UNKNOWN_REFERENCE, dir, None, message).maybe_help(suggestion(id, &ids)));
        }
    }
}
