use std::fmt::Write as _;

use serde_json::{Value, json};

use super::exit_code::Exit;
use crate::{
    diagnostic::{self, Diagnostic},
    report::ReportError,
    runner::{ErrorClass, RunnerError},
    text::{Lang, Text},
};

/// Why a command did not do what it was asked: what, where, why, and the next thing to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What happened.
    pub message: Text,
    /// The technical reason, as the part that failed words it; English.
    pub cause: Option<String>,
    /// The next thing to do.
    pub help: Option<Text>,
    /// Mistakes of a scenario.
    pub diagnostics: Vec<Diagnostic>,
}

impl Failure {
    /// Something went wrong.
    #[must_use]
    pub fn new(exit: Exit, message: Text) -> Self {
        Self { exit, message, cause: None, help: None, diagnostics: Vec::new() }
    }

    /// Something that cannot happen happened.
    #[must_use]
    pub fn bug(what: &str) -> Self {
        Self::new(Exit::Bug, Text::new("kubedrill 내부 오류입니다", "this is a bug of kubedrill")).cause(what)
    }

    /// Adds the technical reason.
    #[must_use]
    pub fn cause(mut self, cause: impl std::fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// Adds the next thing to do.
    #[must_use]
    pub fn help(mut self, help: Text) -> Self {
        self.help = Some(help);
        self
    }

    /// As a person reads it.
    #[must_use]
    pub fn render(&self, lang: Lang, colour: bool) -> String {
        let (error, next) = match lang {
            Lang::Ko => ("오류", "다음"),
            Lang::En => ("error", "next"),
        };
        let (bold, reset) = if colour { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
        let mut out = format!("{bold}{error}:{reset} {}", self.message.get(lang));
        if let Some(cause) = &self.cause {
            for line in cause.lines() {
                let _ = write!(out, "\n  {line}");
            }
        }
        if !self.diagnostics.is_empty() {
            let _ = write!(out, "\n{}", diagnostic::render_terminal(&self.diagnostics, lang, colour, &diagnostic::read_source));
        }
        if let Some(help) = &self.help {
            let _ = write!(out, "\n{next}: {}", help.get(lang));
        }
        out
    }

    /// As a program reads it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "formatVersion": super::output::FORMAT_VERSION,
            "kind": "Error",
            "exitCode": self.exit as u8,
            "message": self.message,
            "cause": self.cause,
            "help": self.help,
            "diagnostics": self.diagnostics,
        })
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(Exit::CannotRunHere, Text::new("파일을 읽거나 쓰지 못했습니다", "a file could not be read or written")).cause(error)
    }
}

impl From<RunnerError> for Failure {
    fn from(error: RunnerError) -> Self {
        let exit = match error.class {
            ErrorClass::Usage => Exit::Usage,
            ErrorClass::CouldNotCheck => Exit::CouldNotCheck,
            ErrorClass::NotStarted => Exit::NotStarted,
            ErrorClass::CannotRunHere => Exit::CannotRunHere,
            ErrorClass::ContentInvalid => Exit::ContentInvalid,
        };
        Self { exit, message: error.message, cause: error.cause, help: error.help, diagnostics: error.diagnostics }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::bug(&format!("JSON: {error}"))
    }
}

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Self {
        Self::bug(&error.to_string())
    }
}
