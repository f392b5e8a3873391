use std::{
    ffi::OsString,
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::process::CommandExt,
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};

use super::{ProcessId, kill};

const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// A program to run to its end, with its output caught.
#[derive(Debug, Clone, Default)]
pub struct Invocation {
    /// The program: a path, or a name to find in `PATH`.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Set in its environment, on top of this process's own.
    pub env: Vec<(String, OsString)>,
    /// Its working folder; this process's own when `None`.
    pub folder: Option<PathBuf>,
    /// What it reads from its input.
    pub input: Vec<u8>,
    /// It sees nothing of this process's own environment.
    pub bare: bool,
    /// No more than a byte above so many is kept of what it prints, and of what it complains about.
    pub most: Option<u64>,
}

/// What a program did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captured {
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// It was ended because its time was over.
    pub timed_out: bool,
    /// Its output.
    pub stdout: Vec<u8>,
    /// Its error output.
    pub stderr: Vec<u8>,
}

impl Captured {
    /// It ended by itself with code 0.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.code == Some(0) && !self.timed_out
    }
}

impl Invocation {
    /// A program with arguments.
    pub fn new(program: impl Into<PathBuf>, args: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        Self { program: program.into(), args: args.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// Runs it. When the time is over, or the future is dropped, its whole process group is ended.
    ///
    /// # Errors
    /// The program cannot be started.
    pub async fn run(&self, timeout: Duration) -> io::Result<Captured> {
        self.run_lines(timeout, |_| {}).await
    }

    /// Like [`Invocation::run`], and hands over each line of its error output as it comes.
    ///
    /// # Errors
    /// The program cannot be started.
    pub async fn run_lines(&self, timeout: Duration, mut each: impl FnMut(&str)) -> io::Result<Captured> {
        let mut command = std::process::Command::new(&self.program);
        if self.bare {
            command.env_clear();
        }
        command.args(&self.args).envs(self.env.iter().map(|(name, value)| (name, value))).process_group(0);
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        let stdin = if self.input.is_empty() { Stdio::null() } else { Stdio::piped() };
        let mut child = command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let _group = Group(ProcessId::of(child.id()));
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        if let Some(mut pipe) = child.stdin.take() {
            let input = self.input.clone();
            // A program that ends without reading everything has its reasons.
            tokio::task::spawn_blocking(move || drop(pipe.write_all(&input)));
        }
        let most = self.most.map_or(u64::MAX, |most| most.saturating_add(1));
        let stdout = tokio::task::spawn_blocking(move || {
            let mut bytes = Vec::new();
            if let Some(pipe) = stdout {
                // A broken pipe ends the output like its end does.
                let _ = pipe.take(most).read_to_end(&mut bytes);
            }
            bytes
        });
        let (lines, mut received) = tokio::sync::mpsc::unbounded_channel::<Vec<u8>>();
        tokio::task::spawn_blocking(move || {
            let mut pipe = stderr.map(|pipe| BufReader::new(pipe.take(most)));
            let mut line = Vec::new();
            while let Some(Ok(1..)) = pipe.as_mut().map(|pipe| pipe.read_until(b'\n', &mut line)) {
                if lines.send(std::mem::take(&mut line)).is_err() {
                    break;
                }
            }
        });
        let deadline = Instant::now() + timeout;
        let (mut stderr, mut code, mut timed_out) = (Vec::new(), None, false);
        loop {
            match tokio::time::timeout(LOOK_AGAIN, received.recv()).await {
                Ok(Some(line)) => {
                    each(String::from_utf8_lossy(&line).trim_end());
                    stderr.extend(line);
                    continue;
                }
                // The pipe is closed, yet the program may run on.
                Ok(None) => tokio::time::sleep(LOOK_AGAIN).await,
                Err(_) => {}
            }
            if let Some(status) = child.try_wait()? {
                code = status.code();
                break;
            }
            if Instant::now() >= deadline {
                timed_out = true;
                if let Some(id) = &_group.0 {
                    kill(id);
                }
                child.wait()?;
                break;
            }
        }
        // A grandchild that keeps the pipes open must not keep us.
        while let Ok(Some(line)) = tokio::time::timeout(Duration::from_millis(200), received.recv()).await {
            each(String::from_utf8_lossy(&line).trim_end());
            stderr.extend(line);
        }
        let stdout = tokio::time::timeout(Duration::from_secs(1), stdout).await.ok().and_then(Result::ok).unwrap_or_default();
        Ok(Captured { code, timed_out, stdout, stderr })
    }
}

/// Ends a process group when it goes out of scope.
struct Group(Option<ProcessId>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(id) = &self.0 {
            kill(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn output_code_and_lines_are_caught() {
        let mut lines = Vec::new();
        let command = Invocation::new("sh", ["-c", "echo out; echo a >&2; echo b >&2; exit 3"]);
        let captured = command.run_lines(Duration::from_secs(20), |line| lines.push(line.to_owned())).await.expect("sh exists");
        assert_eq!((captured.code, captured.stdout.as_slice()), (Some(3), &b"out\n"[..]));
        assert_eq!(lines, ["a", "b"]);
    }

    #[tokio::test]
    async fn input_is_read_to_its_end() {
        let cat = Invocation { input: vec![b'x'; 300_000], ..Invocation::new("cat", [] as [&str; 0]) };
        assert_eq!(cat.run(Duration::from_secs(10)).await.unwrap().stdout.len(), 300_000);
    }

    #[tokio::test]
    async fn what_is_printed_without_end_is_cut_and_the_environment_is_its_own() {
        let command =
            Invocation { most: Some(1000), bare: true, ..Invocation::new("/bin/sh", ["-c", "env >&2; while :; do echo x; done"]) };
        let captured = command.run(Duration::from_secs(20)).await.expect("sh exists");
        assert_eq!(captured.stdout.len(), 1001);
        assert!(!captured.timed_out, "a closed pipe ends it");
        assert!(!String::from_utf8_lossy(&captured.stderr).contains("CARGO"));
    }

    #[tokio::test]
    async fn a_timeout_ends_the_grandchildren_too() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("pid");
        let script = format!("sleep 600 & echo $! > {}; wait", file.display());
        let captured = Invocation::new("sh", ["-c", &script]).run(Duration::from_millis(500)).await.expect("sh exists");
        assert!(captured.timed_out && !captured.succeeded());
        let pid: u32 = std::fs::read_to_string(file).expect("the child wrote").trim().parse().expect("a number");
        let deadline = Instant::now() + Duration::from_secs(10);
        while ProcessId::of(pid).is_some() {
            assert!(Instant::now() < deadline, "the grandchild lives on");
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }
}
