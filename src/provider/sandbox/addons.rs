//! Operators that run beside the control plane: data, so that a further one touches no code.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{SandboxError, api::Api};

/// An operator that the sandbox can run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Addon {
    /// Its name, which is also the name of the folder with its Go module.
    pub name: String,
    /// The package with its main function.
    pub package: String,
    /// The module that the package is of.
    pub module: String,
    /// For the linker.
    #[serde(default)]
    pub ldflags: String,
    /// Files of the module, each with one CustomResourceDefinition that must be there before the operator starts.
    #[serde(default)]
    pub crds: Vec<String>,
    /// Its arguments, with `{apiserver}`, `{ca}`, `{cert}`, `{key}`, `{kubeconfig}` and `{port}` to fill in.
    pub args: Vec<String>,
    /// Its environment, likewise.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
}

/// An operator that was built and is wanted in an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InstalledAddon {
    /// The folder with `bin` and `files`.
    pub folder: PathBuf,
    /// What it is.
    pub addon: Addon,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    addons: Vec<Addon>,
}

/// Reads the catalogue.
pub fn read(yaml: &[u8]) -> Result<Vec<Addon>, SandboxError> {
    let file: Result<File, _> = serde_saphyr::from_slice(yaml);
    file.map(|file| file.addons)
        .map_err(|error| SandboxError::Stored { path: "sandbox/addons/catalogue.yaml".into(), reason: error.to_string() })
}

/// Puts values into an argument.
pub fn fill(template: &str, values: &[(&str, String)]) -> String {
    values.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// Makes the add-on's definitions, and says whether the API server serves them all.
pub async fn prepare(api: &Api, files: &Path, done: &mut Vec<PathBuf>) -> Result<bool, SandboxError> {
    let mut all_served = true;
    for entry in std::fs::read_dir(files).map_err(SandboxError::file("list", files))?.flatten() {
        let path = entry.path();
        if done.contains(&path) {
            continue;
        }
        let yaml = std::fs::read(&path).map_err(SandboxError::file("read", &path))?;
        let object: Value =
            serde_saphyr::from_slice(&yaml).map_err(|error| SandboxError::Stored { path: path.clone(), reason: error.to_string() })?;
        let at =
            format!("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{}", object["metadata"]["name"].as_str().unwrap_or_default());
        let found = api.get(&at).await?;
        match &found {
            None => api.apply(&at, &yaml).await?,
            Some(found) if is_served(found) => done.push(path),
            Some(_) => {}
        }
        all_served &= found.as_ref().is_some_and(is_served);
    }
    Ok(all_served)
}

fn is_served(definition: &Value) -> bool {
    let conditions = definition["status"]["conditions"].as_array().map_or(&[][..], Vec::as_slice);
    conditions.iter().any(|condition| condition["type"] == "Established" && condition["status"] == "True")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_filled() {
        let values = [("port", "1234".to_owned()), ("ca", "/pki/ca.crt".to_owned())];
        assert_eq!(fill("--listen=127.0.0.1:{port}", &values), "--listen=127.0.0.1:1234");
        assert_eq!(fill("--ca={ca}", &values), "--ca=/pki/ca.crt");
    }
}
