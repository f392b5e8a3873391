//! The sandbox's programs: prebuilt ones when the user names a folder, else built once from the sources inside this
//! binary, into a cache keyed by what they are built from.

mod build;
mod build_error;
mod contained;
mod go;
mod prune;
mod sources;
mod space;

use std::{
    fs,
    path::{Path, PathBuf},
};

pub use build_error::BuildError;
pub use contained::{ContainedAddon, can_be_contained, ensure_contained};

use self::{
    build::{Job, build, feasible, place},
    sources::Sources,
};
use super::{
    SandboxError, SandboxSettings,
    addons::{self, Addon},
};
use crate::{
    event::{Events, Phase},
    paths::Paths,
};

const LDFLAGS: &str = "-s -w -X k8s.io/component-base/version.gitVersion=v1.36.3 \
    -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=36";

/// The folder of the sandbox's programs, which are built when this is the first time that they are asked for.
pub async fn ensure(paths: &Paths, settings: &SandboxSettings, events: &Events) -> Result<PathBuf, SandboxError> {
    if let Some(folder) = &settings.programs {
        return prebuilt(folder, &PROGRAMS);
    }
    let folder = build(&cache(paths)?, settings, &job()?, events).await?;
    Ok(folder.join("bin"))
}

/// Whether the sandbox's programs are there (`true`), or could be built here (`false`). Builds nothing.
pub async fn readiness(paths: &Paths, settings: &SandboxSettings) -> Result<bool, SandboxError> {
    if let Some(folder) = &settings.programs {
        return prebuilt(folder, &PROGRAMS).map(|_| true);
    }
    let (cache, job) = (cache(paths)?, job()?);
    if place(&cache, &job).exists() {
        return Ok(true);
    }
    feasible(&cache, settings, &job).await?;
    Ok(false)
}

/// The sandbox's own kubectl, as program and first arguments, when it is built already.
pub fn kubectl(paths: &Paths, settings: &SandboxSettings) -> Option<Vec<String>> {
    let folder = match &settings.programs {
        Some(folder) => std::path::absolute(folder).ok()?,
        None => place(&cache(paths).ok()?, &job().ok()?).join("bin"),
    };
    let program = folder.join("control-plane");
    program.exists().then(|| vec![program.display().to_string(), "kubectl".into()])
}

const PROGRAMS: [&str; 2] = ["control-plane", "node"];

fn job() -> Result<Job, SandboxError> {
    Ok(Job {
        phase: Phase::Build,
        name: "sandbox".into(),
        sources: Sources::sandbox()?,
        packages: PROGRAMS.iter().map(|program| format!("./cmd/{program}")).collect(),
        programs: PROGRAMS.iter().map(|&program| program.to_owned()).collect(),
        ldflags: LDFLAGS.into(),
        module_files: None,
        target: None,
        big_module: "k8s.io/kubernetes".into(),
    })
}

const APP: &str = "app";

/// The program of application images for Linux on a kind of machine, in Go's words (`amd64`, `arm64`), built when this is the first time
/// that it is asked for.
pub async fn ensure_app(paths: &Paths, settings: &SandboxSettings, machine: &str, events: &Events) -> Result<PathBuf, SandboxError> {
    let folder = match &settings.programs {
        Some(folder) => prebuilt(folder, &[APP])?,
        None => build(&cache(paths)?, settings, &app_job(machine)?, events).await?.join("bin"),
    };
    Ok(folder.join(APP))
}

fn app_job(machine: &str) -> Result<Job, SandboxError> {
    Ok(Job {
        phase: Phase::BuildApp,
        name: format!("{APP}-linux-{machine}"),
        sources: Sources::app()?,
        packages: vec![format!("./cmd/{APP}")],
        programs: vec![APP.to_owned()],
        ldflags: "-s -w".into(),
        module_files: None,
        target: Some(("linux".into(), machine.into())),
        big_module: "github.com/google/go-containerregistry".into(),
    })
}

const READER: &str = "reader";

/// The reader of configurations for this machine, built when this is the first time that it is asked for.
pub async fn ensure_reader(paths: &Paths, settings: &SandboxSettings, events: &Events) -> Result<PathBuf, SandboxError> {
    let folder = match &settings.programs {
        Some(folder) if folder.join(READER).exists() => prebuilt(folder, &[READER])?,
        _ => build(&cache(paths)?, settings, &reader_job()?, events).await?.join("bin"),
    };
    Ok(folder.join(READER))
}

fn reader_job() -> Result<Job, SandboxError> {
    Ok(Job {
        phase: Phase::BuildReader,
        name: READER.to_owned(),
        sources: Sources::reader()?,
        packages: vec!["kubedrill.dev/sandbox/reader".to_owned()],
        programs: vec![READER.to_owned()],
        ldflags: "-s -w".into(),
        module_files: None,
        target: None,
        big_module: "github.com/prometheus/prometheus".into(),
    })
}

/// The folder of an add-on's programs, for this machine or another, and of what it needs in the cluster.
pub async fn ensure_addon(
    paths: &Paths,
    settings: &SandboxSettings,
    addon: &Addon,
    target: Option<(String, String)>,
    events: &Events,
) -> Result<PathBuf, SandboxError> {
    if let Some(folder) = &settings.programs {
        let folder = folder.join("addons").join(&addon.name);
        if folder.exists() {
            let programs: Vec<_> = addon.programs.iter().map(|program| program.name.as_str()).collect();
            return Ok(prebuilt(&folder.join("bin"), &programs)?.parent().unwrap_or(&folder).to_owned());
        }
    }
    let job = Job {
        phase: Phase::BuildAddon,
        name: addon.name.clone(),
        sources: Sources::addon(&addon.name)?,
        packages: addon.programs.iter().map(|program| program.package.clone()).collect(),
        programs: addon.programs.iter().map(|program| program.name.clone()).collect(),
        ldflags: addon.ldflags.clone(),
        module_files: Some((addon.module.clone(), addon.crds.clone())),
        target,
        big_module: addon.module.clone(),
    };
    build(&cache(paths)?, settings, &job, events).await
}

/// The add-ons that this binary knows.
pub fn catalogue() -> Result<Vec<Addon>, SandboxError> {
    Sources::addon_descriptions().map(|(path, yaml)| addons::read(&path, &yaml)).collect()
}

fn cache(paths: &Paths) -> Result<PathBuf, SandboxError> {
    let cache = paths.cache.join("sandbox");
    std::path::absolute(&cache).map_err(SandboxError::file("find", cache))
}

fn prebuilt(folder: &Path, programs: &[&str]) -> Result<PathBuf, SandboxError> {
    for program in programs {
        let path = folder.join(program);
        if let Err(source) = fs::metadata(&path) {
            return Err(BuildError::Prebuilt { path, source }.into());
        }
    }
    std::path::absolute(folder).map_err(SandboxError::file("find", folder))
}
