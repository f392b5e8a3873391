use std::io::Write;

use serde::Serialize;
use serde_json::{Value, json};

use super::{context::Context, exit_code::Exit, failure::Failure};

/// The version of every JSON document that the commands print.
pub const FORMAT_VERSION: u32 = 1;

/// What a command prints on standard output, for whoever reads.
///
/// # Errors
/// Standard output cannot be written to (a closed pipe is not an error).
pub fn print(context: &Context, kind: &str, text: impl FnOnce() -> String, data: &impl Serialize) -> Result<(), Failure> {
    if context.json() { print_json(kind, data) } else { print_text(&text()) }
}

/// Prints text, ended by one line break.
///
/// # Errors
/// As [`print`].
pub fn print_text(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    written(write!(out, "{text}{end}").and_then(|()| out.flush()))
}

/// Prints text on standard error: for people, whoever reads standard output.
///
/// # Errors
/// Standard error cannot be written to.
pub fn print_aside(text: &str) -> Result<(), Failure> {
    written(std::io::stderr().lock().write_all(text.as_bytes()))
}

/// Prints one JSON document: `formatVersion` and `kind`, then the data's own fields.
///
/// # Errors
/// As [`print`].
pub fn print_json(kind: &str, data: &impl Serialize) -> Result<(), Failure> {
    let mut document = json!({"formatVersion": FORMAT_VERSION, "kind": kind});
    let data = serde_json::to_value(data).map_err(|e| Failure::bug(&e.to_string()))?;
    match (document.as_object_mut(), data) {
        (Some(document), Value::Object(fields)) => document.extend(fields),
        (Some(document), other) => {
            document.insert("data".into(), other);
        }
        (None, _) => {}
    }
    print_text(&serde_json::to_string_pretty(&document).map_err(|e| Failure::bug(&e.to_string()))?)
}

fn written(result: std::io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints a failure where its reader looks, and gives its exit code.
#[must_use]
pub fn report_failure(context: Option<&Context>, lang: crate::text::Lang, failure: &Failure) -> Exit {
    let json = context.is_some_and(Context::json);
    let result = if json {
        print_text(&serde_json::to_string_pretty(&failure.to_json()).unwrap_or_default())
    } else {
        let colour = context.is_some_and(|c| c.interactive && c.colour);
        let mut err = std::io::stderr().lock();
        written(writeln!(err, "{}", failure.render(lang, colour)))
    };
    match result {
        Ok(()) => failure.exit,
        Err(other) => other.exit,
    }
}
