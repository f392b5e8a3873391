use crate::{
    attempt::{Attempt, AttemptState},
    scenario::{CheckSpec, Show},
};

/// Whether what a check saw must not be read yet: its author wants it to be shown after the attempt is closed.
pub(super) fn is_withheld(check: &CheckSpec, attempt: &Attempt) -> bool {
    check.show == Show::AfterClose && attempt.state != AttemptState::Closed
}

/// Whether what a check expects may be read: its author shows it, or the attempt is over.
pub(super) fn is_revealed(check: &CheckSpec, attempt: &Attempt) -> bool {
    check.show == Show::Full || attempt.state == AttemptState::Closed
}
