use std::{path::PathBuf, time::Duration};

use super::EngineName;
use crate::provider::sandbox::SandboxSettings;

/// What a person or a test may choose about clusters of kind. Only `cli` reads the environment to fill it.
#[derive(Debug, Clone)]
pub struct KindSettings {
    /// kind itself: a path, or a name to find in `PATH`.
    pub kind: PathBuf,
    /// The container engine that was asked for (`KIND_EXPERIMENTAL_PROVIDER`); the one that is there when `None`.
    pub engine: Option<EngineName>,
    /// The node image; that of kind itself when `None`.
    pub node_image: Option<String>,
    /// A configuration of kind to begin with: its nodes, networking and patches.
    pub config: Option<PathBuf>,
    /// How programs of our own are had, and the image catalogue.
    pub programs: SandboxSettings,
    /// What the user asked for, as another command would name it: `start`, `stop`.
    pub command: String,
    /// How long kind may take, with the download of its node image.
    pub creation: Duration,
    /// How long each other stage of a start may take.
    pub patience: Duration,
}

impl Default for KindSettings {
    fn default() -> Self {
        Self {
            kind: "kind".into(),
            engine: None,
            node_image: None,
            config: None,
            programs: SandboxSettings::default(),
            command: "start".into(),
            creation: Duration::from_secs(30 * 60),
            patience: Duration::from_secs(180),
        }
    }
}
