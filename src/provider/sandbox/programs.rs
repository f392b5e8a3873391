use std::path::{Path, PathBuf};

use super::{SandboxError, SandboxSettings};
use crate::{event::Events, paths::Paths};

/// The folder of the sandbox's programs.
pub async fn ensure(_paths: &Paths, settings: &SandboxSettings, _events: &Events) -> Result<PathBuf, SandboxError> {
    let folder = settings.programs.clone().unwrap_or_default();
    for program in ["control-plane", "node"] {
        let path = folder.join(program);
        std::fs::metadata(&path).map_err(SandboxError::file("find", &path))?;
    }
    std::path::absolute(&folder).map_err(SandboxError::file("find", Path::new(&folder)))
}
