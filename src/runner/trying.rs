use std::time::{Duration, Instant};

use super::{Engine, Session};
use crate::{
    attempt::{CheckResult, Run, Verdict},
    check::{self, JudgeOptions, Next, Trial},
    cluster::{SnapshotRequest, SnapshotSource},
    event::{Event, Phase},
    load::{Demand, DemandState, LoadClient, LoadError, Point},
    provider::Provider,
    provision,
    scenario::{Assert, Autoscale, AutoscalePhase, CheckSpec},
};

/// How much later than its phase ends a demand falls back by itself, should kubedrill be interrupted.
const MARGIN: Duration = Duration::from_secs(10);

impl Engine {
    /// Tries out what changes something, check by check, and adds what came of it to the run. The demands are afterwards what they were
    /// before.
    pub(super) async fn try_out(&self, session: &Session, run: &mut Run, options: &JudgeOptions) {
        let began = Instant::now();
        let wanted = check::wanted(&session.scenario, options);
        for check in session.scenario.checks().filter(|check| check::is_tried(check) && wanted.contains(&check.id.as_str())) {
            let Some(at) = run.results.iter().position(|result| result.id == check.id) else { continue };
            let step = run.results[at].step.clone();
            let blocked_by: Vec<String> =
                check.needs.iter().filter(|need| run.result(need).is_none_or(|r| r.verdict != Verdict::Pass)).cloned().collect();
            let result = match &check.assert {
                _ if !blocked_by.is_empty() => {
                    CheckResult { verdict: Verdict::Blocked, reason: "blocked".into(), passed: 0, blocked_by, ..run.results[at].clone() }
                }
                Assert::Autoscale(spec) => self.try_load(session, check, spec, step.as_deref()).await,
                Assert::Survives(spec) => self.try_survival(session, check, spec, step.as_deref()).await,
                Assert::Script(spec) => self.try_script(session, check, spec, step.as_deref()).await,
                _ => continue,
            };
            self.events.send(Event::CheckFinished { check: check.id.clone(), verdict: result.verdict });
            run.results[at] = result;
        }
        check::block_untried(&session.scenario, &mut run.results);
        run.millis += u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    }

    async fn try_load(&self, session: &Session, check: &CheckSpec, spec: &Autoscale, step: Option<&str>) -> CheckResult {
        let mut trial = Trial::new(&session.scenario, check, spec);
        if let Err(why) = self.drive(session, &mut trial, spec).await {
            trial.trouble(&why);
        }
        trial.result(step)
    }

    async fn drive(&self, session: &Session, trial: &mut Trial<'_>, spec: &Autoscale) -> Result<(), String> {
        let provider = self.provider_of(&session.attempt).map_err(|e| e.message.en)?;
        let client = provider.load(&session.environment.name).map_err(|e| e.to_string())?;
        let client = client.ok_or("the environment lacks the capability `load`")?;
        let load = session.scenario.file.spec.loads.iter().find(|load| load.name == spec.load);
        let blank = provision::blank(&session.scenario, load.ok_or_else(|| format!("there is no load `{}`", spec.load))?);
        let states = client.demands().await.map_err(|e| e.to_string())?;
        let before = DemandState::of(&states, &blank);
        let driven = self.phases(session, trial, spec, &client, before).await;
        let restored = match before {
            Some(before) => client.set(&before.demand).await,
            None => client.remove(&blank.namespace, &blank.name).await,
        };
        driven.and(restored.map_err(|e| e.to_string()))
    }

    async fn phases(
        &self,
        session: &Session,
        trial: &mut Trial<'_>,
        spec: &Autoscale,
        client: &LoadClient,
        before: Option<&DemandState>,
    ) -> Result<(), String> {
        let failed = |e: LoadError| e.to_string();
        let request = SnapshotRequest {
            real: session.environment.is_real(),
            given: self.given(session).await.map_err(|e| e.to_string())?,
            reader: Some(self.reader.clone()),
            ..check::trial_request(&session.scenario, spec)
        };
        let mut plane = session.cluster.plane(request);
        let began = Instant::now();
        let mut current = before.map(|before| before.demand.profile.clone());
        while let Some(phase) = trial.phase() {
            let demand = under(session, spec, phase, before).ok_or_else(|| format!("the load `{}` has no such profile", spec.load))?;
            if current.as_ref() != Some(&phase.profile) {
                client.set(&demand).await.map_err(failed)?;
                current = Some(phase.profile.clone());
            }
            loop {
                let snapshot = plane.snapshot().await;
                let states = client.demands().await.map_err(failed)?;
                let state =
                    DemandState::of(&states, &demand).ok_or_else(|| format!("the load `{}` was ended by somebody else", spec.load))?;
                let at = began.elapsed();
                let detail = format!("{} {}m · {}", spec.load, state.milli, state.pods.len());
                self.events.send(Event::PhaseProgressed { phase: Phase::Check, done: at.as_secs(), total: 0, detail });
                match trial.look(at, state, &session.baseline, &snapshot) {
                    Next::Phase => break,
                    Next::Over => return Ok(()),
                    Next::Look(within) => plane.changed(within).await,
                };
            }
        }
        Ok(())
    }
}

/// The demand of a phase, which falls back to what was asked before when nobody ends the phase.
fn under(session: &Session, spec: &Autoscale, phase: &AutoscalePhase, before: Option<&DemandState>) -> Option<Demand> {
    let load = session.scenario.file.spec.loads.iter().find(|load| load.name == spec.load)?;
    let mut demand = provision::profiled(&session.scenario, load, &phase.profile)?;
    let end = u64::try_from((phase.within.0 + MARGIN).as_millis()).unwrap_or(u64::MAX);
    if demand.course.last().is_some_and(|last| last.after_millis < end) {
        demand.course.push(Point { after_millis: end, milli: before.map_or(0, |before| before.milli), ramp: false });
    }
    Some(demand)
}
