use std::path::{Path, PathBuf};

use super::super::{
    load::Parts,
    schema,
    shape::{Typed, suggestion, typed},
    yaml::{Node, Value},
};
use crate::{
    diagnostic::{Code, Diagnostic, Span, codes},
    text::Text,
};

/// A check as written.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct CheckNode<'a> {
    pub node: &'a Node,
    /// The step that it belongs to, in a lab.
    pub step: Option<&'a Node>,
}

impl<'a> CheckNode<'a> {
    pub fn id(&self) -> Option<&'a str> {
        self.node.str("id")
    }

    pub fn role(&self) -> &'a str {
        self.node.str("role").unwrap_or("objective")
    }

    pub fn is_true(&self, key: &str) -> bool {
        self.node.get(key).is_some_and(|n| n.value == Value::Bool(true))
    }
}

/// One file of a scenario with the values of named types in it.
pub(in super::super) struct FileView<'a> {
    pub file: PathBuf,
    /// The folder from which its `apply` paths start, below the scenario's.
    pub base: PathBuf,
    /// Its name for `solutions/` and `cheats/`; empty for `scenario.yaml`.
    pub variant: &'a str,
    pub node: &'a Node,
    pub typed: Vec<Typed<'a>>,
}

/// A scenario under judgement.
pub(in super::super) struct Judge<'a> {
    pub parts: &'a Parts,
    /// `scenario.yaml`, when it could be read.
    pub scenario: Option<FileView<'a>>,
    pub solutions: Vec<FileView<'a>>,
    pub cheats: Vec<FileView<'a>>,
    pub checks: Vec<CheckNode<'a>>,
    pub found: Vec<Diagnostic>,
}

impl<'a> Judge<'a> {
    pub fn new(parts: &'a Parts) -> Self {
        let scenario = parts.scenario.node.as_ref().map(|node| FileView {
            file: parts.scenario.file.clone(),
            base: PathBuf::new(),
            variant: "",
            node,
            typed: typed(schema::scenario_schema(), node),
        });
        let view = |name: &'a str, folder: &Path, file: &Path, node: &'a Option<Node>, schema| {
            let node = node.as_ref()?;
            Some(FileView { file: file.to_path_buf(), base: folder.to_path_buf(), variant: name, node, typed: typed(schema, node) })
        };
        let solution = schema::solution_schema();
        let cheat = schema::cheat_schema();
        let solutions =
            parts.solutions.iter().filter_map(|v| view(&v.name, &v.folder, &v.document.file, &v.document.node, solution)).collect();
        let cheats = parts.cheats.iter().filter_map(|v| view(&v.name, &v.folder, &v.document.file, &v.document.node, cheat)).collect();
        let spec = parts.scenario.node.as_ref().and_then(|n| n.get("spec"));
        let own = spec.map_or(&[][..], |s| s.list("checks")).iter().map(|node| CheckNode { node, step: None });
        let steps = spec.map_or(&[][..], |s| s.list("steps")).iter();
        let stepped = steps.flat_map(|step| step.list("checks").iter().map(move |node| CheckNode { node, step: Some(step) }));
        let checks = own.chain(stepped).collect();
        Self { parts, scenario, solutions, cheats, checks, found: Vec::new() }
    }

    /// The value of `spec`.
    pub fn spec(&self) -> Option<&'a Node> {
        self.parts.scenario.node.as_ref().and_then(|n| n.get("spec"))
    }

    /// `Lab` or `Challenge`, when it says so.
    pub fn kind(&self) -> &'a str {
        self.parts.scenario.node.as_ref().and_then(|n| n.str("kind")).unwrap_or_default()
    }

    /// Every file of our own.
    pub fn files(&self) -> impl Iterator<Item = &FileView<'a>> {
        self.scenario.iter().chain(&self.solutions).chain(&self.cheats)
    }

    /// Where a key stands in a mapping; the mapping's own place when it has none.
    pub fn key_span(node: &Node, key: &str) -> Span {
        node.entries().iter().find(|e| e.key == key).map_or(node.span, |e| e.key_span)
    }

    /// Reports an error in `scenario.yaml`.
    pub fn error(&mut self, code: Code, span: Span, message: Text, help: Option<Text>) {
        let file = self.parts.scenario.file.clone();
        self.error_in(&file, code, span, message, help);
    }

    pub fn error_in(&mut self, file: &Path, code: Code, span: Span, message: Text, help: Option<Text>) {
        self.found.push(Diagnostic::error(code, file, Some(span), message).maybe_help(help));
    }

    pub fn warn_in(&mut self, file: &Path, code: Code, span: Span, message: Text, help: Option<Text>) {
        self.found.push(Diagnostic::warning(code, file, Some(span), message).maybe_help(help));
    }

    /// Reports a name that refers to nothing; unless `scenario.yaml` cannot be read, which would make every name unknown.
    pub fn unknown(&mut self, file: &Path, what: &Text, node: &Node, known: &[&str]) {
        let Some(name) = node.text().filter(|_| self.scenario.is_some()) else { return };
        let message = Text::new(format!("`{name}`(이)라는 {}이(가) 없습니다", what.ko), format!("there is no {} named `{name}`", what.en));
        self.error_in(file, codes::UNKNOWN_REFERENCE, node.span, message, suggestion(name, known));
    }
}
