use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use jiff::Timestamp;
use serde_json::Value;

use super::{
    Rejection, export,
    files::{FILES, Files},
    script::Script,
};
use crate::{
    diagnostic::Diagnostic,
    scenario::{Action, is_file_name, parse_manifest, parse_yaml},
    text::Text,
};

/// What a learner handed in, understood as far as that goes without a cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// SHA-256 of its files.
    pub digest: String,
    /// When it was changed last.
    pub modified: Option<Timestamp>,
    /// What is to be done, or why nothing can be.
    pub work: Result<Work, Rejection>,
}

/// What is to be done with the learner's rights.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Work {
    /// An exported environment, which comes first.
    pub environment: Option<Environment>,
    /// Manifests and actions, in order.
    pub steps: Vec<Step>,
    /// Answers by check.
    pub answers: BTreeMap<String, String>,
    /// Files that the scenario asks for, by name.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What of it could not be used, and why.
    pub notes: Vec<Text>,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Applies the objects of a manifest, as written.
    Apply {
        /// The manifest's name.
        file: String,
        /// Its objects.
        objects: Vec<Value>,
    },
    /// An action that is no `apply`.
    Act(Action),
}

/// An exported environment: objects are to be as they are in it, and others of the same kinds and namespaces are to go.
#[derive(Debug, Clone, PartialEq)]
pub struct Environment {
    /// The file's name.
    pub file: String,
    /// Its objects, without what a server made of them.
    pub objects: Vec<Value>,
    /// Kind, namespace and name of all that it shows, also of what controllers made.
    pub shown: BTreeSet<(String, String, String)>,
}

impl Environment {
    fn of(file: &str, objects: Vec<Value>) -> Self {
        let shown = objects.iter().map(Self::key).collect();
        Self { file: file.to_owned(), objects: objects.into_iter().filter_map(export::cleaned).collect(), shown }
    }

    /// How an object is called in `shown`.
    #[must_use]
    pub fn key(object: &Value) -> (String, String, String) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&object["kind"]), text(&object["metadata"]["namespace"]), text(&object["metadata"]["name"]))
    }
}

impl Submission {
    /// Understands a submission's files. What is wrong with them is part of it, so that its digest is known.
    pub(super) fn of(files: &Files, modified: Option<Timestamp>) -> Self {
        Self { digest: files.digest(), modified, work: work(files) }
    }
}

fn work(files: &Files) -> Result<Work, Rejection> {
    let mut work = Work::default();
    let mut script = None;
    for (name, content) in &files.0 {
        match stem(name) {
            Some("solution") => script = Some(Script::of(document(name, content)?)?),
            Some("answers") => work.answers.extend(answers(name, document(name, content)?)?),
            Some("environment") => match objects(name, content) {
                Ok(objects) => work.environment = Some(Environment::of(name, objects)),
                Err(note) => work.notes.push(note),
            },
            _ => {}
        }
        if let Some(name) = name.strip_prefix(FILES).and_then(|name| name.strip_prefix('/')).filter(|name| is_file_name(name)) {
            work.files.insert(name.to_owned(), content.clone());
        }
    }
    if let Some(mut script) = script {
        work.steps = script.steps(files, &mut work.notes)?;
        work.files.extend(script.handed_in(files)?);
        work.answers.extend(script.answers.iter().map(|(check, answer)| (check.clone(), written(answer))));
    } else {
        let manifests = files.0.iter().filter(|(name, _)| is_manifest(name) && !name.starts_with("files/"));
        for (name, content) in manifests {
            work.steps.extend(manifest(name, content, &mut work.notes));
        }
    }
    if work.steps.is_empty() && work.answers.is_empty() && work.files.is_empty() && work.environment.is_none() {
        return Err(nothing_usable(work.notes));
    }
    Ok(work)
}

/// What a file at the top says when its name is one that means something.
fn stem(name: &str) -> Option<&str> {
    ["yaml", "yml", "json"].iter().find_map(|ending| name.strip_suffix(ending)?.strip_suffix('.'))
}

/// Whether a file of this name is a manifest.
pub(super) fn is_manifest(name: &str) -> bool {
    stem(name).is_some_and(|stem| !["solution", "answers", "environment"].contains(&stem))
}

/// The step that applies a manifest; a note when it cannot be used.
pub(super) fn manifest(name: &str, content: &[u8], notes: &mut Vec<Text>) -> Option<Step> {
    match objects(name, content) {
        // A list without content is what `kubectl get` gives of nothing.
        Ok(objects) if objects.is_empty() => None,
        Ok(objects) => {
            let objects =
                objects.into_iter().filter_map(|object| if export::is_exported(&object) { export::cleaned(object) } else { Some(object) });
            Some(Step::Apply { file: name.to_owned(), objects: objects.collect() })
        }
        Err(note) => {
            notes.push(note);
            None
        }
    }
}

fn objects(name: &str, content: &[u8]) -> Result<Vec<Value>, Text> {
    parse_manifest(&text(name, content)?, Path::new(name)).map_err(|found| told(name, &found))
}

/// The one document of a file.
fn document(name: &str, content: &[u8]) -> Result<Value, Rejection> {
    let unusable = |why: Text| Rejection::unusable(why.ko, why.en);
    let documents = parse_yaml(&text(name, content).map_err(unusable)?, Path::new(name)).map_err(|found| unusable(told(name, &found)))?;
    <[Value; 1]>::try_from(documents).map(|[document]| document).map_err(|documents| {
        let number = documents.len();
        Rejection::unusable(
            format!("`{name}`에는 문서가 하나여야 하는데 {number}개입니다"),
            format!("`{name}` must hold one document and holds {number}"),
        )
    })
}

fn answers(name: &str, document: Value) -> Result<BTreeMap<String, String>, Rejection> {
    let Value::Object(answers) = document else {
        return Err(Rejection::unusable(
            format!("`{name}`은(는) `검사: 답`의 목록이어야 합니다"),
            format!("`{name}` must be a list of `check: answer`"),
        ));
    };
    Ok(answers.into_iter().map(|(check, answer)| (check, written(&answer))).collect())
}

/// An answer as it would be typed.
fn written(answer: &Value) -> String {
    answer.as_str().map_or_else(|| answer.to_string(), str::to_owned)
}

fn text(name: &str, content: &[u8]) -> Result<String, Text> {
    let text = String::from_utf8(content.to_vec())
        .map_err(|_| Text::new(format!("`{name}`이(가) UTF-8이 아닙니다"), format!("`{name}` is not UTF-8")))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// The first thing that is wrong with a file, with its place.
fn told(name: &str, found: &[Diagnostic]) -> Text {
    let Some(first) = found.iter().find(|diagnostic| diagnostic.is_error()) else { return Text::new(name, name) };
    let (ko, en) = first.span.map_or_else(Default::default, |span| {
        (format!(" {}행 {}열", span.line, span.column), format!(", line {}, column {}", span.line, span.column))
    });
    Text::new(format!("`{name}`{ko}: {}", first.message.ko), format!("`{name}`{en}: {}", first.message.en))
}

fn nothing_usable(notes: Vec<Text>) -> Rejection {
    match notes.into_iter().reduce(|all, note| Text::new(format!("{}; {}", all.ko, note.ko), format!("{}; {}", all.en, note.en))) {
        Some(why) => Rejection::unusable(why.ko, why.en),
        None => Rejection::unusable(
            "매니페스트도, `solution.yaml`도, `answers.yaml`도, `files/`도 없습니다",
            "there is no manifest, no `solution.yaml`, no `answers.yaml` and nothing in `files/`",
        ),
    }
}
