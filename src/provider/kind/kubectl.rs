use std::{path::Path, time::Duration};

use super::{KindError, KindSettings, engine::Engine, node::Node, version::Version};
use crate::{paths::Paths, process::Invocation, provider::sandbox};

const SOON: Duration = Duration::from_secs(20);

/// A kubectl that fits a cluster: that of the sandbox when it is built, else the user's own when it is at most one minor
/// version away.
pub async fn fitting(
    paths: &Paths,
    settings: &KindSettings,
    engine: Engine,
    control_plane: &Node,
) -> Result<Option<Vec<String>>, KindError> {
    let kubelet = engine.exec(control_plane, &["kubelet", "--version"]).await?;
    let Some(server) = Version::find(&kubelet) else { return Ok(None) };
    let mut candidates: Vec<Vec<String>> = sandbox::kubectl(paths, &settings.programs).into_iter().collect();
    candidates.extend(users_own().await);
    for candidate in candidates {
        if version(&candidate).await.is_some_and(|found| found.0 == server.0 && found.1.abs_diff(server.1) <= 1) {
            return Ok(Some(candidate));
        }
    }
    Ok(None)
}

/// Whether a kubectl that was found earlier is still there.
pub fn is_there(kubectl: &[String]) -> bool {
    kubectl.first().is_some_and(|program| Path::new(program).is_file())
}

/// The absolute path: the learner's `PATH` has a kubectl of ours in front.
async fn users_own() -> Option<Vec<String>> {
    let found = Invocation::new("sh", ["-c", "command -v kubectl"]).run(SOON).await.ok()?;
    let path = String::from_utf8_lossy(&found.stdout).trim().to_owned();
    (found.succeeded() && path.starts_with('/')).then(|| vec![path])
}

async fn version(kubectl: &[String]) -> Option<Version> {
    let (program, first) = kubectl.split_first()?;
    let args = first.iter().map(String::as_str).chain(["version", "--client", "--output", "json"]);
    let done = Invocation::new(program, args).run(SOON).await.ok().filter(crate::process::Captured::succeeded)?;
    let printed: serde_json::Value = serde_json::from_slice(&done.stdout).ok()?;
    Version::find(printed.pointer("/clientVersion/gitVersion")?.as_str()?)
}
