use std::fmt::Display;

use crate::{diagnostic::Diagnostic, text::Text};

/// Whose move it is; `cli` turns it into an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorClass {
    /// What was asked for cannot be done that way.
    Usage,
    /// The cluster or the machine kept us from looking.
    CouldNotCheck,
    /// No attempt is open.
    NotStarted,
    /// Something that this machine or provider does not have.
    CannotRunHere,
    /// A scenario is not valid.
    ContentInvalid,
}

/// Why the engine did not do what it was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct RunnerError {
    /// Whose move it is.
    pub class: ErrorClass,
    /// What happened.
    pub message: Text,
    /// The technical reason, as the part that failed words it.
    pub cause: Option<String>,
    /// The next thing to do.
    pub help: Option<Text>,
    /// What a scenario needs and this provider or cluster will never have, so that it is refused there; empty when something else
    /// is wrong.
    pub lacks: Vec<String>,
    /// Mistakes of a scenario.
    pub diagnostics: Vec<Diagnostic>,
}

impl RunnerError {
    /// Something went wrong.
    pub(super) fn new(class: ErrorClass, message: Text) -> Self {
        Self { class, message, cause: None, help: None, lacks: Vec::new(), diagnostics: Vec::new() }
    }

    /// Adds the technical reason.
    pub(super) fn cause(mut self, cause: impl Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// Adds the next thing to do.
    pub(super) fn help(mut self, help: Text) -> Self {
        self.help = Some(help);
        self
    }

    /// Says that it is a refusal, and for lack of what.
    pub(super) fn lacking(mut self, lacks: Vec<String>) -> Self {
        self.lacks = lacks;
        self
    }

    /// The environment does not come up, stay up or go down.
    pub(super) fn environment(name: &str, error: impl Display) -> Self {
        Self::new(
            ErrorClass::CannotRunHere,
            Text::new(format!("환경 `{name}`을(를) 쓸 수 없습니다"), format!("the environment `{name}` cannot be used")),
        )
        .cause(error)
        .help(Text::new("`kubedrill doctor`로 원인을 확인하세요", "run `kubedrill doctor` to see what is missing"))
    }

    /// The cluster does not answer as it should.
    pub(super) fn cluster(error: impl Display) -> Self {
        Self::new(ErrorClass::CouldNotCheck, Text::new("클러스터에 물어볼 수 없었습니다", "the cluster could not be asked"))
            .cause(error)
            .help(Text::new(
                "`kubedrill status`로 환경을 확인한 뒤 다시 실행하세요",
                "look at `kubedrill status`, then run the command again",
            ))
    }

    /// What is kept on this machine cannot be read or written.
    pub(super) fn store(error: impl Display) -> Self {
        Self::new(ErrorClass::CannotRunHere, Text::new("기록을 읽거나 쓰지 못했습니다", "the records could not be read or written"))
            .cause(error)
    }

    /// A scenario is not valid.
    pub(super) fn content(id: &str, diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            diagnostics,
            ..Self::new(
                ErrorClass::ContentInvalid,
                Text::new(format!("시나리오 `{id}`에 오류가 있습니다"), format!("the scenario `{id}` has mistakes")),
            )
        }
    }
}

impl Display for RunnerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message.en)?;
        self.cause.as_ref().map_or(Ok(()), |cause| write!(f, ": {cause}"))
    }
}

impl std::error::Error for RunnerError {}
