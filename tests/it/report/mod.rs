//! What reports say, in every format and both languages: reviewed snapshots of three attempts.

pub mod fixture;
mod report_html;
mod report_json;
mod report_junit;
mod report_markdown;
mod report_terminal;
