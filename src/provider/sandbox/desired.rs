use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::PathBuf,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{SandboxError, addons::InstalledAddon, folder::Folder, ports::Ports};
use crate::provider::files::write_private;

const VERSION: u32 = 1;

/// What an environment is to be. Commands write it, the supervisor makes it true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Desired {
    /// Of this format.
    pub version: u32,
    /// Grows with each change, so that a command can tell whether the supervisor has seen it.
    pub generation: u64,
    /// The folder of the built programs.
    pub programs: PathBuf,
    /// Each part's port.
    pub ports: Ports,
    /// Worker nodes.
    pub workers: u32,
    /// Add-ons that run, by their names.
    pub addons: BTreeMap<String, InstalledAddon>,
    /// Custom and external metrics of the load are served.
    #[serde(default)]
    pub custom_metrics: bool,
    /// Parts that were stopped on purpose.
    pub stopped: BTreeSet<String>,
}

impl Desired {
    /// An environment with these programs and nothing else yet.
    pub fn new(programs: PathBuf) -> Self {
        Self {
            version: VERSION,
            generation: 1,
            programs,
            ports: Ports::new(),
            workers: 0,
            addons: BTreeMap::new(),
            custom_metrics: false,
            stopped: BTreeSet::new(),
        }
    }

    /// Reads it; `None` when nobody wrote it.
    pub fn read(folder: &Folder) -> Result<Option<Self>, SandboxError> {
        let desired: Option<Self> = read_json(folder.file("desired.json"))?;
        desired.map(|desired| check_version(folder.file("desired.json"), desired.version).map(|()| desired)).transpose()
    }

    /// Writes it.
    pub fn write(&self, folder: &Folder) -> Result<(), SandboxError> {
        write_json(folder.file("desired.json"), self)
    }
}

/// Reads a JSON file of ours; `None` when there is none.
pub fn read_json<T: DeserializeOwned>(path: PathBuf) -> Result<Option<T>, SandboxError> {
    match fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| SandboxError::Stored { path, reason: error.to_string() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(SandboxError::file("read", path)(error)),
    }
}

/// Writes a JSON file of ours, whole or not at all.
pub fn write_json(path: PathBuf, value: &impl Serialize) -> Result<(), SandboxError> {
    let mut bytes =
        serde_json::to_vec_pretty(value).map_err(|error| SandboxError::Stored { path: path.clone(), reason: error.to_string() })?;
    bytes.push(b'\n');
    Ok(write_private(&path, bytes)?)
}

/// Refuses a file of another version.
pub fn check_version(path: PathBuf, version: u32) -> Result<(), SandboxError> {
    if version == VERSION {
        return Ok(());
    }
    Err(SandboxError::Stored { path, reason: format!("it has version {version}, and this kubedrill knows version {VERSION}") })
}
