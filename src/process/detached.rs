use std::{
    ffi::OsString,
    fs::OpenOptions,
    io,
    os::unix::{fs::OpenOptionsExt, process::CommandExt},
    path::PathBuf,
    process::{Child, Stdio},
};

use super::ProcessId;

/// A process to start that outlives whoever starts it: own process group, no terminal, output to a log file.
#[derive(Debug, Clone)]
pub struct Detached {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Its environment; `None` for that of this process.
    pub env: Option<Vec<(String, OsString)>>,
    /// Its working folder.
    pub folder: PathBuf,
    /// Where its output goes: appended, readable by the owner only.
    pub log: PathBuf,
}

impl Detached {
    /// Starts it.
    ///
    /// # Errors
    /// The log cannot be opened or the program cannot be started.
    pub fn spawn(&self) -> io::Result<Running> {
        let log = OpenOptions::new().create(true).append(true).mode(0o600).open(&self.log)?;
        let mut command = std::process::Command::new(&self.program);
        command.args(&self.args).current_dir(&self.folder).process_group(0);
        if let Some(env) = &self.env {
            command.env_clear().envs(env.iter().map(|(name, value)| (name, value)));
        }
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn()?;
        // A process that has ended already is a zombie of ours until it is waited for: its number is still its own.
        let id = ProcessId::of(child.id()).unwrap_or(ProcessId { pid: child.id(), started: String::new() });
        Ok(Running { id, child: Some(child) })
    }
}

/// A process that was started or found running.
#[derive(Debug)]
pub struct Running {
    id: ProcessId,
    child: Option<Child>,
}

impl Running {
    /// Takes over a process that somebody else started.
    #[must_use]
    pub fn adopt(id: ProcessId) -> Self {
        Self { id, child: None }
    }

    /// Which process it is.
    #[must_use]
    pub fn id(&self) -> &ProcessId {
        &self.id
    }

    /// How it ended, in words; `None` while it runs.
    pub fn ended(&mut self) -> Option<String> {
        match &mut self.child {
            Some(child) => child.try_wait().ok().flatten().map(|status| status.to_string()),
            None => (!self.id.is_alive()).then(|| "ended".to_owned()),
        }
    }
}
