use std::{fs::OpenOptions, io, io::Write, os::unix::fs::OpenOptionsExt, path::Path, time::Duration};

use super::{KindError, KindSettings, engine::Engine, folder::Folder, steps::Step, version::Version};
use crate::{
    event::{Event, Events, Phase},
    process::Invocation,
    provider::files::{FileError, tail},
};

/// The oldest kind whose nodes we know how to work with.
pub const LEAST: Version = Version(0, 27, 0);
/// For a question to kind.
const SOON: Duration = Duration::from_secs(20);
/// The steps that kind tells of when it makes a cluster with workers.
const STEPS: u64 = 7;

/// The kind that is there, which must be new enough.
pub async fn version(settings: &KindSettings) -> Result<Version, KindError> {
    let asked = Invocation::new(&settings.kind, ["version"]);
    let done = asked.run(SOON).await.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => KindError::NoKind { program: settings.kind.clone(), least: LEAST },
        _ => KindError::Command { command: format!("{} version", settings.kind.display()), said: error.to_string() },
    })?;
    let printed = String::from_utf8_lossy(&done.stdout).into_owned();
    let Some(found) = Version::find(&printed).filter(|_| done.succeeded()) else {
        let said = format!("{printed}{}", String::from_utf8_lossy(&done.stderr));
        return Err(KindError::Command { command: format!("{} version", settings.kind.display()), said: said.trim().to_owned() });
    };
    if found < LEAST { Err(KindError::KindOld { found, least: LEAST }) } else { Ok(found) }
}

/// Makes a cluster, with kind's steps as progress. Its access goes to a file of our own, whatever `KUBECONFIG` says.
pub async fn create(
    settings: &KindSettings,
    engine: Engine,
    folder: &Folder,
    cluster: &str,
    config: &Path,
    events: &Events,
) -> Result<(), KindError> {
    let kubeconfig = folder.kubeconfig("admin");
    let mut command = Invocation::new(&settings.kind, ["create", "cluster", "--name", cluster, "--config"]);
    command.args.push(config.into());
    command.args.extend(["--kubeconfig".into(), kubeconfig.clone().into_os_string()]);
    if let Some(image) = &settings.node_image {
        command.args.extend(["--image".into(), image.into()]);
    }
    command.env =
        vec![("KIND_EXPERIMENTAL_PROVIDER".into(), engine.name.command().into()), ("KUBECONFIG".into(), kubeconfig.into_os_string())];
    let path = folder.log();
    let mut log = OpenOptions::new().create(true).append(true).mode(0o600).open(&path).map_err(FileError::new("write", &path))?;
    let (mut step, mut failed, mut done) = (None, None, 0);
    let ran = command
        .run_lines(settings.creation, |line| {
            // A log that cannot be written must not end the creation.
            let _ = writeln!(log, "{line}");
            match Step::of(line) {
                Some(Step::Begun(told)) => {
                    let progress = Event::PhaseProgressed { phase: Phase::Cluster, done, total: STEPS.max(done), detail: told.clone() };
                    events.send(progress);
                    step = Some(told);
                }
                Some(Step::Done(_)) => done += 1,
                Some(Step::Failed(told)) => failed = Some(told),
                None => {}
            }
        })
        .await;
    let ran = ran.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => KindError::NoKind { program: settings.kind.clone(), least: LEAST },
        _ => KindError::Command { command: "kind create cluster".into(), said: error.to_string() },
    })?;
    if ran.succeeded() {
        return Ok(());
    }
    let printed = String::from_utf8_lossy(&ran.stderr).into_owned();
    let said = if ran.timed_out {
        format!("it had not ended after {} minutes", settings.creation.as_secs() / 60)
    } else {
        printed.lines().find_map(|line| line.strip_prefix("ERROR: ")).unwrap_or("it gave no reason").to_owned()
    };
    Err(match engine.failure("", &printed) {
        KindError::Command { .. } => KindError::Create { step: failed.or(step), said, tail: tail(&path), log: path },
        known => known,
    })
}
