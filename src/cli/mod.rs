//! The command line: one file a subcommand, resolved options, output, exit codes.
//!
//! The only place that prints, reads environment variables, and picks exit codes.

mod answer;
mod appeal;
mod args;
mod audit;
mod bundle;
mod check;
mod complete;
mod completions;
mod context;
mod course;
mod demo;
mod doctor;
mod env;
mod exit_code;
mod explain;
mod export;
mod export_args;
mod export_attempt;
mod export_gradebook;
mod failure;
mod files;
mod hint;
mod internal;
mod kubectl;
mod lab;
mod lint;
mod list;
mod load;
mod mark;
mod new;
mod next;
mod output;
mod plan;
mod prepare;
mod progress;
mod prove;
mod report;
mod reset;
mod rubric;
mod run;
mod schema;
mod score;
mod shell;
mod show;
mod solve;
mod start;
mod status;
mod stop;
mod time_line;
mod verdict_line;
mod verify;

pub use run::main;
