use std::{
    env::consts::{ARCH, OS},
    fs,
    path::{Path, PathBuf},
};

use super::{Job, Sources, build, cache, catalogue, ensure_addon, job, prebuilt};
use crate::{
    event::Events,
    paths::Paths,
    provider::{
        CUSTOM_METRICS, METRICS_SERVER,
        sandbox::{SandboxError, SandboxSettings},
    },
};

/// The program whose roles are add-ons in a cluster of containers and parts of a sandbox.
const CONTROL_PLANE: &str = "control-plane";
/// Those roles.
const CONTROL_PLANE_ROLES: [&str; 2] = [METRICS_SERVER, CUSTOM_METRICS];

/// An add-on as a cluster of containers runs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainedAddon {
    /// Its name, which is also that of its Deployment in kube-system.
    pub name: String,
    /// A static program for Linux.
    pub program: PathBuf,
    /// What comes before the container's own arguments.
    pub arguments: Vec<String>,
    /// Files with the CustomResourceDefinitions that must be there before it starts.
    pub definitions: Vec<PathBuf>,
    /// Its objects, with `{image}` to fill in.
    pub manifest: String,
}

/// An add-on for Linux on a kind of machine, in Go's words, built when this is the first time that it is asked for.
pub async fn ensure_contained(
    paths: &Paths,
    settings: &SandboxSettings,
    name: &str,
    machine: &str,
    events: &Events,
) -> Result<ContainedAddon, SandboxError> {
    let target = target(machine);
    if CONTROL_PLANE_ROLES.contains(&name) {
        let bin = match &settings.programs {
            Some(folder) => prebuilt(folder, &[CONTROL_PLANE])?,
            None => build(&cache(paths)?, settings, &Job { target, ..job()? }, events).await?.join("bin"),
        };
        let (program, arguments) = (bin.join(CONTROL_PLANE), vec![name.to_owned()]);
        return Ok(ContainedAddon { name: name.to_owned(), program, arguments, definitions: Vec::new(), manifest: manifest(name)? });
    }
    let known = catalogue()?;
    let Some(addon) = known.iter().find(|addon| addon.name == name) else {
        let known: Vec<_> = known.iter().map(|addon| addon.name.as_str()).chain(CONTROL_PLANE_ROLES).collect();
        return Err(SandboxError::UnknownAddon { addon: name.to_owned(), known: known.join(", ") });
    };
    let folder = ensure_addon(paths, settings, addon, target, events).await?;
    Ok(ContainedAddon {
        name: name.to_owned(),
        program: folder.join("bin").join(name),
        arguments: Vec::new(),
        definitions: files(&folder.join("files"))?,
        manifest: manifest(name)?,
    })
}

/// Whether an add-on can run in a cluster of containers: there are objects for it.
pub fn can_be_contained(name: &str) -> bool {
    Sources::manifest(name).is_some()
}

fn manifest(name: &str) -> Result<String, SandboxError> {
    Sources::manifest(name).ok_or_else(|| SandboxError::UncontainedAddon(name.to_owned()))
}

/// What to build for when it is not what is built here anyway.
fn target(machine: &str) -> Option<(String, String)> {
    let here = match ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    (OS != "linux" || here != machine).then(|| ("linux".to_owned(), machine.to_owned()))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, SandboxError> {
    let entries = fs::read_dir(folder).map_err(SandboxError::file("list", folder))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort_unstable();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_add_on_for_clusters_of_containers_is_one_deployment() {
        let catalogue = catalogue().expect("it is inside");
        let names = catalogue.iter().map(|addon| addon.name.as_str()).chain(CONTROL_PLANE_ROLES);
        for (name, manifest) in names.filter_map(|name| Some((name, Sources::manifest(name)?))) {
            assert_eq!(manifest.matches("image: \"{image}\"").count(), 1, "{name}");
            let deployment = format!("kind: Deployment\nmetadata:\n  name: {name}\n  namespace: kube-system\n");
            assert!(manifest.contains(&deployment), "{name} needs a Deployment of its name in kube-system");
            let addon = catalogue.iter().find(|addon| addon.name == name);
            assert!(addon.is_none_or(|addon| matches!(&addon.programs[..], [only] if only.name == name)), "{name} must be one program");
        }
    }

    #[test]
    fn programs_for_this_machine_are_those_of_the_sandbox() {
        assert_eq!(target("riscv64"), Some(("linux".to_owned(), "riscv64".to_owned())));
        if (OS, ARCH) == ("linux", "x86_64") {
            assert_eq!(target("amd64"), None);
        }
    }
}
