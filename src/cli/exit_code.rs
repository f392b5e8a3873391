use std::process::ExitCode;

/// What kubedrill's exit codes mean. Scripts may rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, or every check passed.
    Done = 0,
    /// A bug of kubedrill.
    Bug = 1,
    /// The command line was wrong.
    Usage = 2,
    /// Checks failed: not solved yet, or a proof failed.
    ChecksFailed = 3,
    /// It could not be checked: the cluster or the machine is at fault, nobody's answer.
    CouldNotCheck = 4,
    /// No attempt is open.
    NotStarted = 5,
    /// It cannot run here: a capability, a program or room is missing.
    CannotRunHere = 6,
    /// A scenario or pack is not valid.
    ContentInvalid = 7,
    /// Interrupted by Ctrl-C or SIGTERM.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
