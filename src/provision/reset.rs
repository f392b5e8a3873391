use futures::future::try_join_all;
use serde_json::Value;

use super::{
    Components, Confirmed, Difference, Marker, ProvisionError, Provisioner, budgets,
    compare::{POD_REVISIONS, compare, is_about_pods, pod_revisions, some_cannot_return},
    names,
    object::{reference, text},
    pods::Pods,
    restore,
    subjects::{self, Subjects},
    world::{World, wanted_state},
};
use crate::{
    attempt::{Baseline, CheckResult},
    cluster::Snapshot,
    event::Phase,
    scenario::{Action, read_manifests},
};

/// How often what a controller made meanwhile is taken away: it may not have seen yet that its reason is gone, and makes it anew.
const ROUNDS: usize = 3;

/// What a reset found and did.
#[derive(Debug, Clone)]
pub struct Reset {
    /// What differed from the broken state.
    pub found: Vec<Difference>,
    /// What still differs; empty when the reset was exact.
    pub left: Vec<Difference>,
    /// Whether the stage and the fault had to be gone through again, because pods stood between two revisions.
    pub replayed: bool,
    /// The baseline from now on: subjects that had to be created again have a new uid.
    pub baseline: Baseline,
    /// The look that confirmed the broken state.
    pub confirmed: Confirmed,
}

impl<C: Components, L: Fn(&Baseline, &Snapshot) -> Vec<CheckResult>> Provisioner<'_, C, L> {
    /// Brings back exactly the broken state: what is new goes, what is missing comes back, what differs is replaced, in and
    /// outside of namespaces; and the pods stand as they stood. Then confirms it as the start did.
    ///
    /// # Errors
    /// The cluster refuses, or the broken state does not come back.
    pub async fn reset(&self, marker: &Marker, baseline: &Baseline) -> Result<Reset, ProvisionError> {
        self.events.phase(Phase::Reset, self.reset_quietly(marker, baseline)).await
    }

    async fn reset_quietly(&self, marker: &Marker, baseline: &Baseline) -> Result<Reset, ProvisionError> {
        let wanted = wanted_state(&baseline.objects, &self.before().await?);
        let world = self.world(&marker.namespaces).await?;
        self.learner_rights(&world).await?;
        let touched = world.touched_pods();
        try_join_all(touched.iter().map(|pod| restore::delete(self.cluster, pod))).await?;
        let found = restore::restore(self.cluster, &world, &wanted).await?;
        // A pod stays where it is when its node changes, and would not come there again.
        if found.iter().any(|difference| difference.object.starts_with("Node/")) {
            try_join_all(world.managed_pods().into_iter().map(|pod| restore::delete(self.cluster, pod))).await?;
        }
        self.unseen_changes().await?;
        let moved = !touched.is_empty() || !found.is_empty();
        let replayed = moved
            && (some_cannot_return(&wanted, &pod_revisions(world.objects.iter().map(AsRef::as_ref)))
                || !self.pods_return(marker, &wanted).await?);
        if replayed {
            self.replay(marker, &wanted).await?;
        }
        if moved {
            budgets::recount(self.cluster, &marker.namespaces).await?;
        }
        let mut rounds = 0;
        let (baseline, confirmed, left) = loop {
            let baseline = self.with_live_subjects(baseline).await?;
            let (confirmed, world) = futures::try_join!(self.confirm(&baseline), self.world(&marker.namespaces))?;
            let left = compare(&wanted, &world.dump(&wanted));
            if rounds == ROUNDS || left.iter().all(is_about_pods) {
                break (baseline, confirmed, left);
            }
            rounds += 1;
            restore::restore(self.cluster, &world, &wanted).await?;
            self.pods_return(marker, &wanted).await?;
        };
        Ok(Reset { found, left, replayed, baseline, confirmed })
    }

    /// The baseline with the subjects as they are there now: one that had to be created again has a new uid.
    async fn with_live_subjects(&self, baseline: &Baseline) -> Result<Baseline, ProvisionError> {
        let subjects = Subjects::find_named(self.cluster, self.scenario, &baseline.subjects).await?;
        let mut baseline = baseline.clone();
        subjects::update(&mut baseline.subjects, subjects.read(self.cluster).await?);
        Ok(baseline)
    }

    /// The learner may have deleted the binding of the learner's own rights, or the role itself where it lies in the namespace.
    async fn learner_rights(&self, world: &World) -> Result<(), ProvisionError> {
        let bound = |namespace: &String| world.live(&format!("RoleBinding/{namespace}/{}", names::LEARNER_EDIT)).is_some();
        if self.territory.holding().is_none() && self.scenario.file.spec.namespaces.iter().all(bound) {
            return Ok(());
        }
        self.grant().await
    }

    /// Waits until the pods of each workload stand at the revisions at which they stood. `false` when they will not.
    async fn pods_return(&self, marker: &Marker, wanted: &[Value]) -> Result<bool, ProvisionError> {
        let revisions: Vec<Value> = wanted.iter().filter(|o| text(o, "/kind") == POD_REVISIONS).cloned().collect();
        Pods::of(self.cluster, &marker.namespaces).stand_at(&revisions).await
    }

    /// Rolls out anew the workloads whose pods stood between two revisions: from the healthy world through the fault.
    async fn replay(&self, marker: &Marker, wanted: &[Value]) -> Result<(), ProvisionError> {
        self.run_all().await?;
        let world = self.world(&marker.namespaces).await?;
        let differing = compare(wanted, &world.dump(wanted));
        let workloads = differing.iter().filter(|d| is_about_pods(d)).filter_map(|d| {
            let (namespace, workload) = d.object.strip_prefix(POD_REVISIONS)?.strip_prefix('/')?.split_once('/')?;
            let (kind, name) = workload.split_once('.')?;
            world.live(&format!("{kind}/{namespace}/{name}"))
        });
        try_join_all(workloads.map(|workload| restore::delete_with_pods(self.cluster, workload))).await?;
        restore::delete_hooks(self.cluster, &world, wanted).await?;
        let classes = self.staged_classes();
        try_join_all(classes.iter().filter_map(|class| world.live(class)).map(|class| restore::delete(self.cluster, class))).await?;
        self.apply_stage().await?;
        self.fault().await?;
        let world = self.world(&marker.namespaces).await?;
        restore::restore(self.cluster, &world, wanted).await?;
        self.pods_return(marker, wanted).await.map(drop)
    }

    /// The storage classes that the stage makes: the fault may have made them otherwise, and they cannot be changed back.
    fn staged_classes(&self) -> Vec<String> {
        let manifests = self.scenario.file.spec.stage.iter().filter_map(|action| match action {
            Action::Apply(apply) => read_manifests(self.scenario, &self.scenario.dir, &apply.path).ok(),
            _ => None,
        });
        manifests.flatten().filter(|object| text(object, "/kind") == "StorageClass").map(|object| reference(&object)).collect()
    }
}
