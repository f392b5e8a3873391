use serde::Serialize;

use crate::text::Text;

/// One thing that a provider needs of this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// It is there.
    pub ok: bool,
    /// What was found.
    pub what: Text,
    /// What to do about it.
    pub remedy: Option<Text>,
}

impl Finding {
    /// It is there.
    pub(super) fn good(ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ok: true, what: Text::new(ko, en), remedy: None }
    }

    /// It is there, and there is something to know about it.
    pub(super) fn note(what: Text, remedy: Text) -> Self {
        Self { ok: true, what, remedy: Some(remedy) }
    }

    /// It is missing.
    pub(super) fn bad(what: Text, remedy: Text) -> Self {
        Self { ok: false, what, remedy: Some(remedy) }
    }
}
