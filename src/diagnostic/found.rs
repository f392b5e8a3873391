use std::path::PathBuf;

use serde::Serialize;

use super::Code;
use crate::text::{Text, particles};

/// Whether content can be used in spite of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It cannot.
    Error,
    /// It can, but should be put right.
    Warning,
}

/// A place in a text file. Lines and columns count from 1, columns in characters; the end is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Span {
    /// First line.
    pub line: usize,
    /// First column.
    pub column: usize,
    /// Last line.
    pub end_line: usize,
    /// The column after the last.
    pub end_column: usize,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// Its stable code, for example `KD0201`; `docs/diagnostics.md` explains each.
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// The file, or the folder where one is missing.
    pub file: PathBuf,
    /// Where in the file.
    pub span: Option<Span>,
    /// What is wrong.
    pub message: Text,
    /// What to do about it.
    pub help: Option<Text>,
}

impl Diagnostic {
    /// An error.
    #[must_use]
    pub fn error(code: Code, file: impl Into<PathBuf>, span: Option<Span>, message: Text) -> Self {
        Self { code: code.id, severity: Severity::Error, file: file.into(), span, message: polished(message), help: None }
    }

    /// A warning.
    #[must_use]
    pub fn warning(code: Code, file: impl Into<PathBuf>, span: Option<Span>, message: Text) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, file, span, message) }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: Text) -> Self {
        self.help = Some(polished(help));
        self
    }

    /// Adds what to do about it, where that is known.
    #[must_use]
    pub fn maybe_help(self, help: Option<Text>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }

    /// Whether the content cannot be used.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

fn polished(text: Text) -> Text {
    Text { ko: particles(&text.ko), ..text }
}
