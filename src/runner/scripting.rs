use std::time::Duration;

use serde_json::json;

use super::{Engine, Session};
use crate::{
    attempt::CheckResult,
    check,
    process::Invocation,
    scenario::{CheckSpec, Script},
};

/// No script takes longer, whatever it asks for.
const LONGEST: Duration = Duration::from_secs(60);
/// The most that a script may print.
const MOST_BYTES: u64 = 256 << 10;

impl Engine {
    /// Runs the script of a check, once, when the user has allowed scripts.
    pub(super) async fn try_script(&self, session: &Session, check: &CheckSpec, spec: &Script, step: Option<&str>) -> CheckResult {
        let printed = if self.settings.scripts { run(session, check, spec).await } else { Err(NOT_ALLOWED.to_owned()) };
        check::scripted(check, step, &printed)
    }
}

/// Where a script finds its programs; it sees nothing else of who runs it.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";
const NOT_ALLOWED: &str =
    "it runs a program of the scenario's folder on this machine; --allow-scripts allows it, for scenarios whose authors you trust";

async fn run(session: &Session, check: &CheckSpec, spec: &Script) -> Result<Vec<u8>, String> {
    let (program, args) = spec.run.split_first().ok_or("the script names no program")?;
    let scenario = &session.scenario;
    let asked = json!({"formatVersion": 1, "scenario": scenario.id(), "check": check.id, "namespaces": scenario.file.spec.namespaces});
    let invocation = Invocation {
        env: vec![
            ("PATH".to_owned(), PATH.into()),
            ("KUBECONFIG".to_owned(), session.environment.learner_kubeconfig.clone().into_os_string()),
            ("LC_ALL".to_owned(), "C.UTF-8".into()),
        ],
        bare: true,
        most: Some(MOST_BYTES),
        folder: Some(scenario.dir.clone()),
        input: asked.to_string().into_bytes(),
        ..Invocation::new(program, args)
    };
    let within = spec.within.0.min(LONGEST);
    let captured = invocation.run(within).await.map_err(|e| format!("{program} could not be started: {e}"))?;
    let complaint = || String::from_utf8_lossy(&captured.stderr).lines().last().unwrap_or_default().chars().take(200).collect::<String>();
    if captured.timed_out {
        return Err(format!("the script took longer than {} s", within.as_secs()));
    }
    if !captured.succeeded() {
        return Err(format!("the script ended with {:?}: {}", captured.code, complaint()));
    }
    if captured.stdout.len() as u64 > MOST_BYTES {
        return Err(format!("the script printed more than {MOST_BYTES} bytes"));
    }
    Ok(captured.stdout)
}
