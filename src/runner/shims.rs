use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use super::{Engine, RunnerError, Session};

impl Engine {
    /// A folder for the front of the learner's `PATH`, with the kubectl that fits the cluster.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn shims(&self, session: &Session) -> Result<PathBuf, RunnerError> {
        let folder = session.environment.folder().join("path");
        let Some(kubectl) = &session.environment.kubectl else { return Ok(folder) };
        let quoted: Vec<_> = kubectl.iter().map(|word| format!("'{}'", word.replace('\'', r"'\''"))).collect();
        let script = format!("#!/bin/sh\nexec {} \"$@\"\n", quoted.join(" "));
        let file = folder.join("kubectl");
        if fs::read_to_string(&file).is_ok_and(|there| there == script) {
            return Ok(folder);
        }
        let written = fs::create_dir_all(&folder)
            .and_then(|()| fs::write(&file, script))
            .and_then(|()| fs::set_permissions(&file, fs::Permissions::from_mode(0o755)));
        written.map(|()| folder).map_err(RunnerError::store)
    }
}
