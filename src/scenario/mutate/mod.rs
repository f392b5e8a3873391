//! Checks weakened in one small way each, to see whether a scenario's solutions, cheats and broken state would notice.
//!
//! Works on the written form of an assertion, so that every mutation has a place in the file. [`edits`] says what is weakened in
//! which kind of check. Time is left alone: how long something must hold cannot be tried out on what was seen at one moment.

mod comparators;
mod conjuncts;
mod edit;
mod edits;
mod locate;
mod mutant;
mod over_time;
mod tables;
#[cfg(test)]
mod tests;

pub use locate::locate;
pub(super) use locate::nearest;
pub use mutant::{Mutant, mutants};
