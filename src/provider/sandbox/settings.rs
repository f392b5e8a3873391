use std::{ffi::OsString, path::PathBuf, time::Duration};

/// What a person or a test may choose about the sandbox. Only `cli` reads the environment to fill it.
#[derive(Debug, Clone)]
pub struct SandboxSettings {
    /// A folder of prebuilt programs, instead of building them (`KUBEDRILL_SANDBOX_BIN`).
    pub programs: Option<PathBuf>,
    /// The Go compiler: a path, or a name to find in `PATH`.
    pub go: PathBuf,
    /// The image catalogue that the nodes play; their own when `None`.
    pub images: Option<PathBuf>,
    /// What runs the supervisor: a program and its first arguments; the environment's folder is the last one.
    pub supervisor: (PathBuf, Vec<OsString>),
    /// What the user asked for, as another command would name it: `start`, `stop`.
    pub command: String,
    /// How long each stage of a start may take.
    pub patience: Duration,
}

impl Default for SandboxSettings {
    fn default() -> Self {
        Self {
            programs: None,
            go: "go".into(),
            images: None,
            supervisor: (std::env::current_exe().unwrap_or_else(|_| "kubedrill".into()), vec!["internal".into(), "supervise".into()]),
            command: "start".into(),
            patience: Duration::from_secs(120),
        }
    }
}
