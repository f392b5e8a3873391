use std::path::Path;

use crate::{
    diagnostic::{Code, Diagnostic, codes},
    points::Points,
    scenario::yaml::Node,
    text::Text,
};

/// Where mistakes of one file go.
pub(super) struct Notes<'a> {
    pub file: &'a Path,
    pub found: &'a mut Vec<Diagnostic>,
}

impl Notes<'_> {
    pub fn error(&mut self, code: Code, node: Option<&Node>, message: Text) {
        self.found.push(Diagnostic::error(code, self.file, node.map(|node| node.span), message));
    }

    pub fn error_help(&mut self, code: Code, node: Option<&Node>, message: Text, help: Option<Text>) {
        self.found.push(Diagnostic::error(code, self.file, node.map(|node| node.span), message).maybe_help(help));
    }

    /// Parts add up to the whole, exactly. `what` says what is added, `at` is where the whole stands.
    pub fn adds_up(&mut self, what: &Text, sum: Points, whole: Points, at: Option<&Node>) {
        if sum != whole {
            let message = Text::new(
                format!("{}의 합이 {sum}인데 {whole}이어야 합니다", what.ko),
                format!("{} add up to {sum} instead of {whole}", what.en),
            );
            self.error(codes::NOT_ADDED_UP, at, message);
        }
    }

    /// No id occurs twice.
    pub fn unique<'n>(&mut self, ids: impl IntoIterator<Item = &'n Node>) {
        let mut seen: Vec<&str> = Vec::new();
        for node in ids {
            let Some(id) = node.text() else { continue };
            if seen.contains(&id) {
                let message = Text::new(format!("`{id}`이(가) 두 번 쓰였습니다"), format!("`{id}` is used twice"));
                self.error(codes::DUPLICATE_ID, Some(node), message);
            }
            seen.push(id);
        }
    }

    /// Each id is one of those that there are.
    pub fn known<'n>(&mut self, ids: impl IntoIterator<Item = &'n Node>, known: &[&str], what: &Text) {
        for node in ids {
            let Some(id) = node.text().filter(|id| !known.contains(id)) else { continue };
            let message = Text::new(format!("{} `{id}`이(가) 없습니다", what.ko), format!("there is no {} `{id}`", what.en));
            let near = crate::scenario::shape::nearest(id, known.iter().copied());
            let help = near.map(|near| Text::new(format!("`{near}`을(를) 쓰려던 것인가요?"), format!("did you mean `{near}`?")));
            self.error_help(codes::UNKNOWN_REFERENCE, Some(node), message, help);
        }
    }
}
