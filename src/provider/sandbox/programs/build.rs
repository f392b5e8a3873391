use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{
    super::{SandboxError, SandboxSettings},
    BuildError,
    go::Go,
    prune,
    sources::Sources,
    space,
};
use crate::{
    event::{Event, Events, Phase},
    provider::{
        files::{make_private, tail},
        lock::{Lock, LockError},
    },
};

/// For all of a build, on a slow machine with a slow network.
const PATIENCE: Duration = Duration::from_secs(3600);
const LOOK_AGAIN: Duration = Duration::from_millis(300);

/// Something to build once.
pub struct Job {
    /// What people are told.
    pub phase: Phase,
    /// What it is called.
    pub name: String,
    /// From what.
    pub sources: Sources,
    /// The packages with the main functions.
    pub packages: Vec<String>,
    /// What the programs are to be called, in the packages' order.
    pub programs: Vec<String>,
    /// For the linker.
    pub ldflags: String,
    /// Files of a module to keep beside the programs, in `files`.
    pub module_files: Option<(String, Vec<String>)>,
    /// The system and kind of machine that the programs are for, in Go's words; this one when there is none.
    pub target: Option<(String, String)>,
    /// A module whose presence tells that this was built here before.
    pub big_module: String,
}

impl Job {
    /// The programs that Go would call otherwise: its name and ours.
    fn renamed(&self) -> impl Iterator<Item = (&str, &str)> {
        let names = self.packages.iter().map(|package| go_name(package)).zip(self.programs.iter().map(String::as_str));
        names.filter(|(go, ours)| go != ours)
    }
}

/// How Go calls the program of a package: like its last folder, other than the module's major version.
fn go_name(package: &str) -> &str {
    let is_version = |part: &str| part.strip_prefix('v').is_some_and(|number| number.parse::<u32>().is_ok());
    package.rsplit('/').find(|part| !is_version(part)).unwrap_or(package)
}

/// Where a job's result is, or will be: keyed by all that goes into it.
pub fn place(cache: &Path, job: &Job) -> PathBuf {
    let mut words = vec![job.name.as_str(), job.ldflags.as_str()];
    words.extend(job.packages.iter().map(String::as_str));
    words.extend(job.renamed().map(|(_, name)| name));
    words.extend(job.target.iter().flat_map(|(system, machine)| [system.as_str(), machine.as_str()]));
    words.extend(job.module_files.iter().flat_map(|(_, files)| files).map(String::as_str));
    cache.join(format!("{}-{}", job.name, job.sources.key(&words)))
}

/// Whether a job could be built here: Go is there and new enough, and there is room.
pub async fn feasible(cache: &Path, settings: &SandboxSettings, job: &Job) -> Result<(), BuildError> {
    let go = Go::find(settings, &job.sources.go_version()).await?;
    space::check(&job.name, cache, &go, &job.big_module)
}

/// The folder with `bin` (and `files`) of a job, built unless it is there.
pub async fn build(cache: &Path, settings: &SandboxSettings, job: &Job, events: &Events) -> Result<PathBuf, SandboxError> {
    let folder = place(cache, job);
    if folder.exists() {
        prune::mark_used(&folder);
        return Ok(folder);
    }
    make_private(cache)?;
    events
        .phase(job.phase, async {
            let _lock = lock(cache, &settings.command, job.phase, events).await?;
            if folder.exists() {
                return Ok(folder);
            }
            let work = Work { cache, settings, job, events, log: cache.join(format!("{}.log", job.name)) };
            work.run(&folder).await?;
            prune::mark_used(&folder);
            prune::prune(cache, &folder);
            Ok(folder)
        })
        .await
}

/// One build at a time: two would only slow each other down. Says whom it waits for.
async fn lock(cache: &Path, command: &str, phase: Phase, events: &Events) -> Result<Lock, SandboxError> {
    let mut told = false;
    loop {
        match Lock::take(&cache.join("build.lock"), command) {
            Err(LockError::Busy { holder }) => {
                if !told {
                    told = true;
                    events.send(Event::PhaseProgressed { phase, done: 0, total: 0, detail: format!("waiting for {holder}") });
                }
                tokio::time::sleep(LOOK_AGAIN).await;
            }
            result => return Ok(result?),
        }
    }
}

struct Work<'a> {
    cache: &'a Path,
    settings: &'a SandboxSettings,
    job: &'a Job,
    events: &'a Events,
    log: PathBuf,
}

impl Work<'_> {
    async fn run(&self, folder: &Path) -> Result<(), SandboxError> {
        let go = Go::find(self.settings, &self.job.sources.go_version()).await?;
        prune::remove_unfinished(self.cache);
        space::check(&self.job.name, self.cache, &go, &self.job.big_module)?;
        // Removed with all that is in it when the build fails; after a kill, by the next build.
        let work = tempfile::Builder::new()
            .prefix(prune::UNFINISHED)
            .tempdir_in(self.cache)
            .map_err(SandboxError::file("make a folder in", self.cache))?;
        let (source, result) = (work.path().join("source"), work.path().join("result"));
        for path in [&source, &result.join("bin"), &work.path().join("tmp")] {
            make_private(path)?;
        }
        self.job.sources.unpack(&source)?;
        let _ = fs::remove_file(&self.log);
        let packages = self.job.packages.iter().map(String::as_str);
        let listed = self.go(&go, &source, ["list", "-deps"].into_iter().chain(packages.clone()), 0).await?;
        let total = listed.lines().count() as u64;
        let bin = result.join("bin");
        let output = bin.display().to_string();
        let flags = ["build", "-v", "-trimpath", "-ldflags", &self.job.ldflags, "-o", &output];
        self.go(&go, &source, flags.into_iter().chain(packages), total).await?;
        for (go, ours) in self.job.renamed() {
            fs::rename(bin.join(go), bin.join(ours)).map_err(SandboxError::file("name", bin.join(ours)))?;
        }
        for program in &self.job.programs {
            fs::metadata(bin.join(program)).map_err(SandboxError::file("find", bin.join(program)))?;
        }
        if let Some((module, files)) = &self.job.module_files {
            self.keep_files(&go, &source, module, files, &result.join("files")).await?;
        }
        fs::rename(&result, folder).map_err(SandboxError::file("move the programs to", folder))
    }

    async fn keep_files(&self, go: &Go, source: &Path, module: &str, files: &[String], to: &Path) -> Result<(), SandboxError> {
        let listed = self.go(go, source, ["list", "-m", "-f", "{{.Dir}}", module], 0).await?;
        let from = PathBuf::from(listed.trim());
        make_private(to)?;
        for file in files {
            let from = from.join(file);
            let bytes = fs::read(&from).map_err(SandboxError::file("read", &from))?;
            let to = to.join(Path::new(file).file_name().unwrap_or_default());
            fs::write(&to, bytes).map_err(SandboxError::file("write", &to))?;
        }
        Ok(())
    }

    /// Runs Go, with its error output in the log, and each line of it as progress.
    async fn go<'s>(&self, go: &Go, source: &Path, args: impl IntoIterator<Item = &'s str>, total: u64) -> Result<String, SandboxError> {
        let args: Vec<_> = args.into_iter().collect();
        let mut command = go.command(&args);
        command.folder = Some(source.to_owned());
        let temporary = source.with_file_name("tmp");
        command.env.push(("GOTMPDIR".into(), temporary.into()));
        if let Some((system, machine)) = &self.job.target {
            command.env.retain(|(name, _)| name != "GOOS" && name != "GOARCH");
            command.env.extend([("GOOS".into(), system.into()), ("GOARCH".into(), machine.into())]);
        }
        let mut log =
            OpenOptions::new().create(true).append(true).mode(0o600).open(&self.log).map_err(SandboxError::file("write", &self.log))?;
        let mut done = 0;
        let captured = command
            .run_lines(PATIENCE, |line| {
                // A log that cannot be written must not end the build.
                let _ = writeln!(log, "{line}");
                let detail = line.strip_prefix("go: ").unwrap_or(line).to_owned();
                done += u64::from(!line.starts_with("go: ") && !line.starts_with('#'));
                self.events.send(Event::PhaseProgressed { phase: self.job.phase, done: done.min(total), total, detail });
            })
            .await
            .map_err(SandboxError::file("run Go in", source))?;
        if captured.succeeded() {
            return Ok(String::from_utf8_lossy(&captured.stdout).into_owned());
        }
        let reason = match (captured.timed_out, captured.code) {
            (true, _) => format!("Go had not ended after {} minutes", PATIENCE.as_secs() / 60),
            (_, Some(code)) => format!("Go ended with code {code}"),
            _ => "Go was ended by a signal".to_owned(),
        };
        Err(BuildError::Failed { name: self.job.name.clone(), reason, tail: tail(&self.log), log: self.log.clone() }.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_called_like_its_folder() {
        assert_eq!(go_name("./cmd/node"), "node");
        assert_eq!(go_name("example.com/some/operator/v2"), "operator");
    }
}
