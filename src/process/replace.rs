use std::{ffi::OsString, io, os::unix::process::CommandExt, path::Path, process::Command};

/// Becomes another program, with the terminal, the signals and the exit code all its own. Returns only when that fails.
#[must_use]
pub fn become_program(
    program: &Path,
    arguments: impl IntoIterator<Item = OsString>,
    variables: impl IntoIterator<Item = (&'static str, String)>,
) -> io::Error {
    Command::new(program).args(arguments).envs(variables).exec()
}
