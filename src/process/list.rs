use std::{io, path::Path};

use super::ProcessId;

/// A process of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedProcess {
    /// Which.
    pub id: ProcessId,
    /// Its command line. Where the system joins the arguments, they are split at blanks.
    pub args: Vec<String>,
}

impl ListedProcess {
    /// Its command line names this folder or something in it.
    #[must_use]
    pub fn names_folder(&self, folder: &Path) -> bool {
        let Some(folder) = folder.to_str() else { return false };
        self.args.iter().any(|arg| {
            arg.match_indices(folder).any(|(at, _)| matches!(arg.as_bytes().get(at + folder.len()), None | Some(b'/' | b',' | b':')))
        })
    }
}

/// Every process whose command line this user may see.
///
/// # Errors
/// The system does not say.
pub fn list() -> io::Result<Vec<ListedProcess>> {
    #[cfg(target_os = "linux")]
    {
        let mut found = Vec::new();
        for entry in std::fs::read_dir("/proc")? {
            let Some(pid) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            let (Some(id), Ok(line)) = (ProcessId::of(pid), std::fs::read(format!("/proc/{pid}/cmdline"))) else { continue };
            let args: Vec<_> = line.split(|byte| *byte == 0).map(|arg| String::from_utf8_lossy(arg).into_owned()).collect();
            found.push(ListedProcess { id, args });
        }
        Ok(found)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let output = std::process::Command::new("ps").args(["-axww", "-o", "pid=,command="]).output()?;
        let lines = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(lines
            .lines()
            .filter_map(|line| {
                let (pid, command) = line.trim_start().split_once(' ')?;
                let id = ProcessId::of(pid.parse().ok()?)?;
                Some(ListedProcess { id, args: command.split_whitespace().map(str::to_owned).collect() })
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(args: &[&str]) -> ListedProcess {
        ListedProcess { id: ProcessId { pid: 1, started: String::new() }, args: args.iter().map(|&arg| arg.to_owned()).collect() }
    }

    #[test]
    fn a_folder_is_named_as_a_whole_only() {
        let folder = Path::new("/state/environments/a");
        assert!(process(&["etcd", "--data-dir=/state/environments/a/etcd"]).names_folder(folder));
        assert!(process(&["supervise", "/state/environments/a"]).names_folder(folder));
        assert!(!process(&["etcd", "--data-dir=/state/environments/ab/etcd"]).names_folder(folder));
    }

    #[test]
    fn this_process_is_listed() {
        let listed = list().expect("processes can be listed");
        assert!(listed.iter().any(|process| process.id.pid == std::process::id()));
    }
}
