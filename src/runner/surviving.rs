use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Engine, Session};
use crate::{
    attempt::CheckResult,
    check::Survival,
    cluster::{ClusterError, DeleteOptions, KindId, Plane, Scope, Snapshot, SnapshotRequest, SnapshotSource},
    event::{Event, Phase},
    scenario::{CheckSpec, Disturbance, Survives, Tick},
    text::Text,
};

/// A run of a CronJob that was made here, and is taken away again.
struct Run {
    kind: KindId,
    namespace: String,
    name: String,
}

impl Engine {
    /// Tries out whether something lasts: looks, does what would happen anyway, and looks again.
    pub(super) async fn try_survival(&self, session: &Session, check: &CheckSpec, spec: &Survives, step: Option<&str>) -> CheckResult {
        let mut trial = Survival::new(&session.scenario, check, spec);
        let mut runs = Vec::new();
        let tried = self.outlast(session, &mut trial, spec, &mut runs).await;
        let mut cleared = Ok(());
        for run in &runs {
            let deleted = session.cluster.delete(&run.kind, Some(&run.namespace), &run.name, DeleteOptions::default()).await;
            cleared = cleared.and(deleted.map(drop).map_err(|e| e.to_string()));
        }
        if let Err(why) = tried.and(cleared) {
            trial.trouble(&why);
        }
        trial.result(step)
    }

    async fn outlast(&self, session: &Session, trial: &mut Survival<'_>, spec: &Survives, runs: &mut Vec<Run>) -> Result<(), String> {
        let began = Instant::now();
        let before = self.fresh(session, trial).await?.snapshot().await;
        if !trial.holds(&session.baseline, &before) {
            return Ok(());
        }
        for disturbance in &spec.after {
            let left = spec.within.0.saturating_sub(began.elapsed());
            if !disturb(session, trial, disturbance, &before, left, runs).await? {
                return Ok(());
            }
        }
        let disturbed = Instant::now();
        let mut plane = self.fresh(session, trial).await?;
        loop {
            let snapshot = plane.snapshot().await;
            let at = disturbed.elapsed();
            self.events.send(Event::PhaseProgressed { phase: Phase::Check, done: at.as_secs(), total: 0, detail: "survives".into() });
            let Some(wait) = trial.look(at, &session.baseline, &snapshot) else { return Ok(()) };
            plane.changed(wait).await;
        }
    }

    /// A source whose first look is no older than this moment.
    async fn fresh(&self, session: &Session, trial: &Survival<'_>) -> Result<Plane, String> {
        let given = self.given(session).await.map_err(|e| e.to_string())?;
        let (real, reader) = (session.environment.is_real(), Some(self.reader.clone()));
        Ok(session.cluster.plane(SnapshotRequest { real, reader, given, ..trial.request() }).consistent())
    }
}

/// Does one thing; says whether to go on.
async fn disturb(
    session: &Session,
    trial: &mut Survival<'_>,
    disturbance: &Disturbance,
    before: &Snapshot,
    within: Duration,
    runs: &mut Vec<Run>,
) -> Result<bool, String> {
    let failed = |error: ClusterError| error.to_string();
    let cluster = &session.cluster;
    match disturbance {
        Disturbance::DeletePods(on) => {
            let pods = trial.pods(on, &session.baseline, before)?;
            for pod in &pods {
                let kind = cluster.kind_of(pod).await.map_err(failed)?;
                let options = DeleteOptions { uid: Some(text(pod, "/metadata/uid")), ..DeleteOptions::default() };
                cluster
                    .delete(&kind, Some(text(pod, "/metadata/namespace")), text(pod, "/metadata/name"), options)
                    .await
                    .map_err(failed)?;
            }
            if pods.is_empty() {
                trial.failed("no-objects", "Pod", Text::new("지울 파드가 없습니다", "there is no pod to delete"));
            }
            Ok(!pods.is_empty())
        }
        Disturbance::Restart(on) => {
            let workloads = trial.targets(on, &session.baseline, before)?;
            for workload in &workloads {
                let kind = cluster.kind_of(workload).await.map_err(failed)?;
                let (namespace, name) = (text(workload, "/metadata/namespace"), text(workload, "/metadata/name"));
                cluster.restart(&kind, Some(namespace), name).await.map_err(failed)?;
            }
            if workloads.is_empty() {
                let text = Text::new("다시 시작할 워크로드가 없습니다", "there is no workload to restart");
                trial.failed("no-objects", on.kind.as_deref().unwrap_or_default(), text);
            }
            Ok(!workloads.is_empty())
        }
        Disturbance::Tick(tick) => {
            let jobs = trial.targets(&tick.on, &session.baseline, before)?;
            let due: Vec<&Value> = jobs.iter().filter(|job| job.pointer("/spec/suspend") != Some(&Value::Bool(true))).collect();
            if due.is_empty() && tick.completes {
                trial.failed(
                    "no-tick",
                    "CronJob",
                    Text::new("실행될 CronJob이 없거나 멈춰 있습니다", "no CronJob is there that would run"),
                );
                return Ok(false);
            }
            for job in due {
                if !run_now(session, trial, tick, job, within, runs).await? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
    }
}

/// Runs a CronJob as its next tick would, and waits until the run has ended.
async fn run_now(
    session: &Session,
    trial: &mut Survival<'_>,
    tick: &Tick,
    cron_job: &Value,
    within: Duration,
    runs: &mut Vec<Run>,
) -> Result<bool, String> {
    let (namespace, of) = (text(cron_job, "/metadata/namespace"), text(cron_job, "/metadata/name"));
    let template = cron_job.pointer("/spec/jobTemplate").cloned().unwrap_or_default();
    let name = format!("{}-{:06x}", of.chars().take(45).collect::<String>(), rand::random::<u32>() & 0x00ff_ffff);
    let mut metadata = template.get("metadata").cloned().unwrap_or_else(|| json!({}));
    (metadata["name"], metadata["namespace"]) = (json!(name), json!(namespace));
    metadata["annotations"]["cronjob.kubernetes.io/instantiate"] = json!("manual");
    let job = json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": template["spec"]});
    let kind = session.cluster.kind_of(&job).await.map_err(|e| e.to_string())?;
    session.cluster.create(&job).await.map_err(|e| e.to_string())?;
    runs.push(Run { kind: kind.clone(), namespace: namespace.to_owned(), name: name.clone() });
    let scope = Scope { kind: &kind, namespace: Some(namespace), name: Some(&name) };
    let ended = session
        .cluster
        .wait(scope, "the end of the run", within, |jobs| jobs.first().and_then(|job| end(job)).ok_or("it runs".into()))
        .await;
    match ended {
        Ok(true) => Ok(true),
        Ok(false) if !tick.completes => Ok(true),
        Err(ClusterError::NotYet { .. }) if !tick.completes => Ok(true),
        Ok(false) | Err(ClusterError::NotYet { .. }) => {
            let text = Text::new("실행했지만 성공하지 못했습니다", "it was run, and did not complete");
            trial.failed("tick-failed", &format!("CronJob/{namespace}/{of}"), text);
            Ok(false)
        }
        Err(error) => Err(error.to_string()),
    }
}

/// Whether a Job has ended well; none while it runs.
fn end(job: &Value) -> Option<bool> {
    let conditions = job.pointer("/status/conditions").and_then(Value::as_array)?;
    conditions.iter().filter(|condition| text(condition, "/status") == "True").find_map(|condition| match text(condition, "/type") {
        "Complete" => Some(true),
        "Failed" => Some(false),
        _ => None,
    })
}

fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
