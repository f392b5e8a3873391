//! What reports say, in every format and both languages: reviewed snapshots of three attempts.

mod fixture;
mod report_json;
mod report_terminal;
