use std::{ffi::OsString, path::PathBuf};

use super::{args::KubectlArgs, context::Context, failure::Failure, run::Result, run::engine};
use crate::{attempt::Attempt, process};

/// Where a learner's own programs find the cluster.
pub struct SessionEnv {
    /// The attempt that is open.
    pub attempt: Attempt,
    /// Environment variables.
    pub variables: Vec<(&'static str, String)>,
    /// The folder of the environment's files.
    pub folder: PathBuf,
    /// kubectl: program and first arguments.
    pub kubectl: Vec<OsString>,
}

/// The surroundings of the attempt that is open.
pub async fn session_env(context: &Context, command: &str) -> std::result::Result<SessionEnv, Failure> {
    let engine = engine(context, command).await?;
    let session = engine.session(&engine.environment().await?).await?;
    let shims = engine.shims(&session)?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(shims.clone()).chain(std::env::split_paths(&path).filter(|f| *f != shims));
    let path = std::env::join_paths(folders).map_err(|e| Failure::bug(&e.to_string()))?;
    Ok(SessionEnv {
        variables: vec![
            ("KUBECONFIG", session.environment.learner_kubeconfig.display().to_string()),
            ("PATH", path.to_string_lossy().into_owned()),
            ("KUBEDRILL_ENV", session.environment.name.clone()),
            ("KUBEDRILL_SCENARIO", session.attempt.scenario.clone()),
        ],
        kubectl: vec![shims.join("kubectl").into_os_string()],
        folder: session.environment.folder().to_owned(),
        attempt: session.attempt,
    })
}

/// Becomes kubectl, on this cluster, as the learner.
pub async fn run(context: &Context, args: KubectlArgs) -> Result {
    let session = session_env(context, "kubectl").await?;
    let mut words = session.kubectl.into_iter().chain(args.args.into_iter().map(OsString::from));
    let program = PathBuf::from(words.next().unwrap_or_default());
    Err(process::become_program(&program, words, session.variables).into())
}
