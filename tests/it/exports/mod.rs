//! What other systems are given: grades, pages over many learners, test results, signed records.

mod anonymous;
mod attempt_formats;
pub mod fixture;
mod grades;
mod pages;
mod readers;
mod sealed;
