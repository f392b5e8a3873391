//! What a scenario means, beyond its shape: references, sums, expressions. Works on the trees, so that a mistake of shape in
//! one place hides no mistake of meaning in another.

mod actions;
mod asserts;
mod checks;
mod judge;
mod loads;
mod names;
mod objects;
mod parts;
mod people;
mod trials;
mod variants;

use judge::FileView;
pub(super) use judge::{CheckNode, Judge};
pub use names::{is_id, malformed, misplaced, repeated};

use super::load::Parts;

/// Adds everything that is wrong to the parts' diagnostics.
pub(super) fn judge(parts: &mut Parts) {
    let mut judge = Judge::new(parts);
    names::judge(&mut judge);
    parts::judge(&mut judge);
    loads::judge(&mut judge);
    checks::judge(&mut judge);
    objects::judge(&mut judge);
    asserts::judge(&mut judge);
    people::judge(&mut judge);
    trials::judge(&mut judge);
    variants::judge(&mut judge);
    actions::judge(&mut judge);
    let found = judge.found;
    parts.found.extend(found);
}
