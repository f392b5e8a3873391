use std::{ffi::OsString, path::PathBuf};

use super::{args::KubectlArgs, context::Context, exit_code::Exit, failure::Failure, run::Result, run::engine};
use crate::{attempt::Attempt, process, text::Text};

/// Where a learner's own programs find the cluster.
pub struct SessionEnv {
    /// The attempt that is open.
    pub attempt: Attempt,
    /// Environment variables.
    pub variables: Vec<(&'static str, String)>,
    /// The folder of the environment's files.
    pub folder: PathBuf,
    /// The kubectl that fits the cluster, when there is one.
    pub kubectl: Option<PathBuf>,
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
        kubectl: session.environment.kubectl.is_some().then(|| shims.join("kubectl")),
        folder: session.environment.folder().to_owned(),
        attempt: session.attempt,
    })
}

/// Becomes kubectl, on this cluster, as the learner.
pub async fn run(context: &Context, args: KubectlArgs) -> Result {
    let session = session_env(context, "kubectl").await?;
    let Some(kubectl) = session.kubectl else {
        return Err(Failure::new(
            Exit::CannotRunHere,
            Text::new(
                "이 클러스터의 버전에 맞는 kubectl이 이 머신에 없습니다",
                "this machine has no kubectl that fits the version of this cluster",
            ),
        )
        .help(Text::new(
            "맞는 kubectl을 PATH에 설치한 뒤 `kubedrill stop`과 `start`로 다시 시작하거나, 샌드박스를 한 번 시작해 kubectl을 빌드하세요",
            "install a kubectl of that version in PATH, or start a sandbox once, which builds one; then `kubedrill stop` and `start` again",
        )));
    };
    let arguments = args.args.into_iter().map(OsString::from);
    Err(process::become_program(&kubectl, arguments, session.variables).into())
}
