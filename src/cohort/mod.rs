//! A cohort as it comes from outside: its roster, as a school's system exports it, and what its learners handed in.
//!
//! Reads files within bounds and trusts none of them. Knows no cluster, no store, no clock and no terminal.

pub mod roster;
pub mod submission;
