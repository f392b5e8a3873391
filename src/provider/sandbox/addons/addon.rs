//! Operators that run beside the control plane: data, so that a further one touches no code.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use serde::{Deserialize, Serialize};

use super::values::named_ports;
use crate::provider::sandbox::SandboxError;

/// An add-on that the sandbox can run. In its texts, placeholders stand for what only an environment knows; see [`super::Values`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Addon {
    /// Its name, which is also the name of the folder with its Go module.
    pub name: String,
    /// The module whose files are taken.
    pub module: String,
    /// For the linker.
    #[serde(default)]
    pub ldflags: String,
    /// Files of the module with the definitions that must be served before a program starts.
    #[serde(default)]
    pub crds: Vec<String>,
    /// Objects that must be there before a program starts, as YAML.
    #[serde(default)]
    pub before: String,
    /// Objects through which the API server asks the programs, as YAML: made when they all answer.
    #[serde(default)]
    pub after: String,
    /// Memory that it adds to an environment with the definitions' share, in MiB.
    pub memory: u64,
    /// Its programs.
    pub programs: Vec<AddonProgram>,
}

/// A program of an add-on, which runs as a process of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddonProgram {
    /// Its name, like no other part of a sandbox.
    pub name: String,
    /// The package with its main function.
    pub package: String,
    /// Its arguments. One of them must name the environment's folder.
    pub args: Vec<String>,
    /// Its environment.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// The address that answers 200 when it is ready, on 127.0.0.1, such as `https://127.0.0.1:{port}/readyz`; without one, it is ready
    /// when it takes connections on its port.
    #[serde(default)]
    pub ready: Option<String>,
}

/// An add-on that was built and is wanted in an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InstalledAddon {
    /// The folder with `bin` and `files`.
    pub folder: PathBuf,
    /// What it is.
    pub addon: Addon,
}

impl Addon {
    /// The names of the ports that it uses: one for each program, and those that its texts name.
    pub fn ports(&self) -> BTreeSet<String> {
        let texts = [&self.before, &self.after].into_iter().chain(self.programs.iter().flat_map(AddonProgram::texts));
        let named = texts.flat_map(|text| named_ports(text)).map(str::to_owned);
        named.chain(self.programs.iter().map(|program| program.name.clone())).collect()
    }
}

impl AddonProgram {
    fn texts(&self) -> impl Iterator<Item = &String> {
        self.args.iter().chain(self.env.values()).chain(&self.ready)
    }
}

/// Reads an add-on's description.
pub fn read(path: &str, yaml: &[u8]) -> Result<Addon, SandboxError> {
    serde_saphyr::from_slice(yaml).map_err(|error| SandboxError::Stored { path: path.into(), reason: error.to_string() })
}
