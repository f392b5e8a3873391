use std::{fmt, io, path::Path};

use crate::text::Text;

/// Whose doing it is that a submission was not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// The learner's: there is nothing in it that could be used.
    Unusable,
    /// The learner's: it breaks a bound.
    Refused,
    /// Ours: it could not be read.
    Failed,
}

/// Why a submission was not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// Whose doing it is.
    pub blame: Blame,
    /// Why, for learner and grader.
    pub why: Text,
}

impl Rejection {
    pub(super) fn unusable(ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self { blame: Blame::Unusable, why: Text::new(ko, en) }
    }

    pub(super) fn refused(ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self { blame: Blame::Refused, why: Text::new(ko, en) }
    }

    pub(super) fn unreadable(path: &Path, error: &io::Error) -> Self {
        let path = path.display();
        let why = Text::new(format!("`{path}`을(를) 읽지 못했습니다: {error}"), format!("`{path}` could not be read: {error}"));
        Self { blame: Blame::Failed, why }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why.en)
    }
}

impl std::error::Error for Rejection {}
