use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{ExistingError, ExistingSettings, Share};
use crate::{
    capability::Capability,
    provider::files::{FileError, make_private, write_private},
    scenario::is_namespace_name,
    territory::Holding,
};

const VERSION: u32 = 1;
/// What the home is called among a scenario's namespaces.
const HOME: &str = "kubedrill";

/// What a learner's namespaces are called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Names {
    /// The learner.
    pub learner: String,
    /// Those that are called otherwise than `LEARNER-NAMESPACE`.
    pub others: BTreeMap<String, String>,
}

impl Names {
    /// As the user says, or after the environment.
    pub fn of(settings: &ExistingSettings, environment: &str) -> Result<Self, ExistingError> {
        let learner = settings.learner.clone().unwrap_or_else(|| environment.to_owned());
        if learner.len() <= 40 && is_namespace_name(&learner) {
            Ok(Self { learner, others: settings.namespaces.clone() })
        } else {
            Err(ExistingError::Learner(learner))
        }
    }

    /// What a scenario's namespace is truly called.
    pub fn namespace(&self, namespace: &str) -> String {
        self.others.get(namespace).cloned().unwrap_or_else(|| format!("{}-{namespace}", self.learner))
    }

    /// The namespace of kubedrill's own objects.
    pub fn home(&self) -> String {
        self.namespace(HOME)
    }
}

/// Refuses names that never are a learner's.
pub fn allowed(namespace: &str) -> Result<(), ExistingError> {
    let taken = namespace == "default" || namespace.starts_with("kube-") || namespace == crate::territory::SYSTEM_NAMESPACE;
    if taken { Err(ExistingError::Sacred(namespace.to_owned())) } else { Ok(()) }
}

/// What is known of an environment on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct State {
    version: u32,
    /// The context that was named.
    pub context: String,
    /// The API server.
    pub server: String,
    /// The authority that it is trusted by.
    pub authority: String,
    /// The random word that our claim carries.
    pub holder: String,
    /// What the namespaces are called.
    pub names: Names,
    /// Namespaces that we made, and delete again. Written before they are made.
    pub made: Vec<String>,
    /// Namespaces that somebody gave us, and that stay.
    pub prepared: Vec<String>,
    /// We let the learner read what belongs to all.
    pub view: bool,
    /// What the namespaces that we made may take.
    pub share: Option<Share>,
    /// What the cluster can do.
    pub capabilities: Vec<String>,
    /// When the learner's token is to be renewed, in seconds since 1970.
    pub renew_token_at: i64,
}

impl State {
    /// A cluster that was just taken up.
    pub fn new(context: &str, server: &str, authority: &str, names: Names) -> Self {
        Self {
            version: VERSION,
            context: context.to_owned(),
            server: server.to_owned(),
            authority: authority.to_owned(),
            holder: format!("{:032x}", rand::random::<u128>()),
            names,
            made: Vec::new(),
            prepared: Vec::new(),
            view: false,
            share: None,
            capabilities: Vec::new(),
            renew_token_at: 0,
        }
    }

    /// Whether a namespace is ours to work in.
    pub fn holds(&self, namespace: &str) -> bool {
        self.made.iter().chain(&self.prepared).any(|held| held == namespace)
    }

    /// The home, and some of the namespaces.
    pub fn holding(&self, namespaces: &[String]) -> Holding {
        Holding { home: self.names.home(), namespaces: namespaces.to_vec() }
    }

    /// What the cluster can do.
    pub fn capabilities(&self) -> Vec<Capability> {
        self.capabilities.iter().filter_map(|name| name.parse().ok()).collect()
    }
}

/// The folder of one environment.
#[derive(Debug, Clone)]
pub struct Folder(pub PathBuf);

impl Folder {
    /// kubedrill's own access.
    pub fn admin(&self) -> PathBuf {
        self.0.join("admin.kubeconfig")
    }

    /// The learner's access.
    pub fn learner(&self) -> PathBuf {
        self.0.join("learner.kubeconfig")
    }

    /// Reads what is known; `None` when nothing is.
    pub fn read(&self) -> Result<Option<State>, ExistingError> {
        let path = self.0.join("environment.json");
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            bytes => bytes.map_err(FileError::new("read", &path))?,
        };
        let stored = |reason: String| ExistingError::Stored { path: path.clone(), reason };
        let state: State = serde_json::from_slice(&bytes).map_err(|e| stored(e.to_string()))?;
        if state.version == VERSION { Ok(Some(state)) } else { Err(stored(format!("its version is {}", state.version))) }
    }

    /// Writes what is known.
    pub fn write(&self, state: &State) -> Result<(), ExistingError> {
        let bytes = serde_json::to_vec_pretty(state).unwrap_or_default();
        self.write_file(&self.0.join("environment.json"), &bytes)
    }

    /// Writes a file of it, for its owner only.
    pub fn write_file(&self, path: &Path, bytes: &[u8]) -> Result<(), ExistingError> {
        make_private(&self.0)?;
        Ok(write_private(path, bytes)?)
    }

    /// Removes it. Idempotent.
    pub fn remove(&self) -> Result<(), ExistingError> {
        match fs::remove_dir_all(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(FileError::new("remove", &self.0)(error).into()),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_are_named_after_the_learner_unless_said_otherwise() {
        let settings = ExistingSettings { namespaces: [("shop".to_owned(), "team-7".to_owned())].into(), ..ExistingSettings::default() };
        let names = Names::of(&settings, "alice").unwrap();
        assert_eq!(
            (names.namespace("shop"), names.namespace("platform"), names.home()),
            ("team-7".into(), "alice-platform".into(), "alice-kubedrill".into())
        );
        assert!(Names::of(&ExistingSettings { learner: Some("Alice".into()), ..settings }, "x").is_err());
        for sacred in ["default", "kube-system", "kube-shop", "kubedrill-system"] {
            assert!(allowed(sacred).is_err(), "{sacred}");
        }
    }
}
