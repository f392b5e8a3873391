use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::{
    Actor, Components, Confirmed, Marker, ProvisionError, confirm, healthy, learner, marker, namespaces, normalise,
    object::text,
    pods::Pods,
    subjects::{self, Subjects},
    teardown,
    world::{World, is_tombstone, scenario_objects},
};
use crate::{
    attempt::{AttemptId, Baseline, CheckResult},
    capability::Capability,
    cluster::{Cluster, Snapshot, SnapshotRequest},
    event::{Events, Phase},
    scenario::{self, Action, ObjectRef, Scenario, Wait, WaitFor},
    territory::Territory,
};

/// How long the stage may take to be healthy.
pub(super) const HEALTHY_WITHIN: Duration = Duration::from_secs(180);
/// How long the fault may take to bite.
pub(super) const CONFIRM_WITHIN: Duration = Duration::from_secs(90);
/// By whom resource metrics are served.
const METRICS: &str = "v1beta1.metrics.k8s.io";

/// Brings a scenario into a cluster, and back to its broken state.
pub struct Provisioner<'a, C, L> {
    /// kubedrill's own access.
    pub cluster: &'a Cluster,
    /// What of the cluster is ours.
    pub territory: &'a Territory,
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The user name of the learner's access.
    pub learner: &'a str,
    /// Stops and starts parts of the control plane.
    pub components: &'a C,
    /// Hears of the phases.
    pub events: &'a Events,
    /// What the checks read.
    pub request: SnapshotRequest,
    /// One pure look of the checks.
    pub look: L,
}

/// A scenario that is staged, broken and confirmed.
#[derive(Debug, Clone)]
pub struct Started {
    /// What was recorded while all was well, and of the broken state.
    pub baseline: Baseline,
    /// The look that confirmed the fault.
    pub confirmed: Confirmed,
}

impl<C: Components, L: Fn(&Baseline, &Snapshot) -> Vec<CheckResult>> Provisioner<'_, C, L> {
    /// Cleans up what an earlier attempt left, makes the healthy world, takes the baseline, breaks it, and waits until it
    /// is surely broken. May be interrupted anywhere and done again.
    ///
    /// # Errors
    /// The first thing that fails ends it; nothing is a warning.
    pub async fn start(&self, attempt: &AttemptId, nonce: &str) -> Result<Started, ProvisionError> {
        let subjects = self.events.phase(Phase::Stage, self.stage(attempt, nonce)).await?;
        let mut baseline = Baseline::default();
        let healthy = async { subjects.healthy(self.cluster).await };
        baseline.subjects = self.events.phase(Phase::Baseline, healthy).await?;
        self.events.phase(Phase::Fault, self.fault()).await?;
        subjects::update(&mut baseline.subjects, subjects.read(self.cluster).await?);
        let confirmed = self.events.phase(Phase::Confirm, self.confirm_settled(&baseline)).await?;
        let (broken, (objects, taken)) = futures::try_join!(subjects.read(self.cluster), self.objects())?;
        subjects::update(&mut baseline.subjects, broken);
        (baseline.objects, baseline.taken) = (objects, taken);
        Ok(Started { baseline, confirmed })
    }

    async fn stage(&self, attempt: &AttemptId, nonce: &str) -> Result<Subjects, ProvisionError> {
        self.run_all().await?;
        self.end_demands().await?;
        teardown::sweep(self.cluster, self.territory).await?;
        self.metrics().await?;
        let before = World::read_before(self.cluster, self.territory).await?.dump_before();
        let marker = Marker {
            nonce: nonce.to_owned(),
            attempt: attempt.clone(),
            scenario: self.scenario.id().to_owned(),
            namespaces: self.scenario.file.spec.namespaces.clone(),
        };
        marker.write(self.cluster, self.territory, &before).await?;
        if *self.territory == Territory::WholeCluster {
            namespaces::make(self.cluster, &marker, &before).await?;
        }
        let (applied, ()) = futures::try_join!(self.apply_stage(), self.grant())?;
        if applied.iter().any(|o| text(o, "/kind") == "CustomResourceDefinition") {
            self.grant().await?;
        }
        Subjects::find(self.cluster, self.scenario).await
    }

    /// Metrics come a little later than the nodes: a scenario that needs them, or breaks them, begins with them.
    async fn metrics(&self) -> Result<(), ProvisionError> {
        if !self.scenario.file.spec.needs(Capability::Metrics) || *self.territory != Territory::WholeCluster {
            return Ok(());
        }
        let on = ObjectRef { kind: Some("APIService".into()), name: Some(METRICS.into()), ..ObjectRef::default() };
        let state = WaitFor::Condition("Available".into());
        self.actor("metrics").run(&[Action::Wait(Wait { on, state, within: scenario::Duration(HEALTHY_WITHIN) })]).await.map(drop)
    }

    pub(super) async fn grant(&self) -> Result<(), ProvisionError> {
        learner::grant(self.cluster, self.territory, self.scenario, self.learner).await
    }

    /// Every object of the scenario's namespaces, and outside of them where the cluster is ours.
    pub(super) async fn world(&self, namespaces: &[String]) -> Result<World, ProvisionError> {
        Ok(World::read(self.cluster, self.territory, namespaces).await?)
    }

    /// Makes the healthy world and waits until it is healthy.
    pub(super) async fn apply_stage(&self) -> Result<Vec<Value>, ProvisionError> {
        let applied = self.actor("stage").run(&self.scenario.file.spec.stage).await?;
        healthy::wait(self.cluster, &self.scenario.file.spec.namespaces, &applied, HEALTHY_WITHIN).await?;
        Ok(applied)
    }

    pub(super) async fn fault(&self) -> Result<(), ProvisionError> {
        self.actor("fault").run(&self.scenario.file.spec.fault).await.map(drop)
    }

    /// What the stage and the fault changed and no object shows, again: the control plane and the load.
    pub(super) async fn unseen_changes(&self) -> Result<(), ProvisionError> {
        self.end_demands().await?;
        let spec = &self.scenario.file.spec;
        let unseen = |actions: &[Action]| -> Vec<Action> {
            actions.iter().filter(|a| matches!(a, Action::Component(_) | Action::Load(_))).cloned().collect()
        };
        self.actor("stage").run(&unseen(&spec.stage)).await?;
        self.actor("fault").run(&unseen(&spec.fault)).await.map(drop)
    }

    /// On a node that was stopped, nothing ends.
    pub(super) async fn run_all(&self) -> Result<(), ProvisionError> {
        let failed = |message| ProvisionError::Component { place: "what was stopped".into(), message };
        self.components.run_all().await.map_err(failed)
    }

    async fn end_demands(&self) -> Result<(), ProvisionError> {
        let failed = |message| ProvisionError::Component { place: "the load".into(), message };
        self.components.end_demands().await.map_err(failed)
    }

    /// Confirms the broken state, and that the pods stand still in it: a dump of a moving world could not be gone back to.
    async fn confirm_settled(&self, baseline: &Baseline) -> Result<Confirmed, ProvisionError> {
        let mut pods = Pods::of(self.cluster, &self.scenario.file.spec.namespaces);
        let (confirmed, ()) = futures::try_join!(self.confirm(baseline), pods.settle())?;
        Ok(confirmed)
    }

    pub(super) async fn confirm(&self, baseline: &Baseline) -> Result<Confirmed, ProvisionError> {
        let mut plane = self.cluster.plane(self.request.clone()).consistent();
        confirm::confirm(self.scenario, &mut plane, CONFIRM_WITHIN, |snapshot| (self.look)(baseline, snapshot)).await
    }

    fn actor<'b>(&'b self, list: &'b str) -> Actor<'b, C> {
        Actor { cluster: self.cluster, scenario: self.scenario, dir: &self.scenario.dir, list, components: self.components }
    }

    /// What was there before the attempt.
    pub(super) async fn before(&self) -> Result<Vec<Value>, ProvisionError> {
        let gone = || ProvisionError::WrongCluster { why: format!("the ConfigMap {} is gone", super::names::BEFORE) };
        marker::before(self.cluster, self.territory).await?.ok_or_else(gone)
    }

    /// Every object of the scenario, as `reset` needs them, and when the latest of them last changed.
    async fn objects(&self) -> Result<(Vec<Value>, Option<Timestamp>), ProvisionError> {
        let (world, before) = (self.world(&self.scenario.file.spec.namespaces).await?, self.before().await?);
        let mut objects = scenario_objects(&world.dump(&before), &before);
        for object in objects.iter_mut().filter(|o| text(o, "/kind") == "CustomResourceDefinition" && !is_tombstone(o)) {
            let kind = self.cluster.kind_of(object).await?;
            if let Some(whole) = self.cluster.get(&kind, None, super::object::name(object)).await? {
                *object = normalise::normalise(&whole);
                object["spec"] = whole["spec"].clone();
            }
        }
        Ok((objects, world.last_change()))
    }
}
