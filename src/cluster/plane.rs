use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::{StreamExt, future::join_all, stream};
use jiff::Timestamp;
use serde_json::Value;
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep, timeout_at},
};

use super::{
    Cluster, ClusterError, Freshness, KindState, Review, ReviewAnswer, Snapshot, SnapshotRequest, SnapshotSource, calls::spent,
    follow::Follower,
};
use crate::attempt::ApiCalls;

/// A burst of changes counts as one: it is over when nothing came for this long,
const QUIET: Duration = Duration::from_millis(50);
/// or at the latest after this long.
const BURST: Duration = Duration::from_millis(200);
/// How often a kind that is not served, or cannot be read, is tried again.
const RETRY: Duration = Duration::from_secs(1);
/// How often the authorizer is asked again while somebody waits for changes: nothing announces a change of its answers.
const REVIEW_EVERY: Duration = Duration::from_secs(1);
/// How many reviews are asked at a time.
const REVIEWS_AT_ONCE: usize = 8;

/// The live source of snapshots: one list and one watch per kind and scope, shared by all checks.
///
/// Watches are opened by the first wait for a change, so a single look costs lists only.
pub struct Plane {
    cluster: Cluster,
    request: SnapshotRequest,
    freshness: Freshness,
    cells: Vec<Cell>,
    reviews: Arc<Mutex<Vec<ReviewAnswer>>>,
    before: ApiCalls,
    changes: watch::Sender<u64>,
    seen: u64,
    read: bool,
    tasks: JoinSet<()>,
}

/// One kind in one scope.
struct Cell {
    place: Place,
    state: Arc<Mutex<KindState>>,
    follower: Option<Follower>,
}

#[derive(Debug, Clone)]
struct Place {
    kind: String,
    namespace: Option<String>,
}

impl Cluster {
    /// A source of snapshots that hold what is requested. Makes no call yet.
    #[must_use]
    pub fn plane(&self, request: SnapshotRequest) -> Plane {
        let place = |(kind, namespaces): (&String, &Option<Vec<String>>)| -> Vec<Place> {
            let scopes = namespaces.as_ref().map_or_else(|| vec![None], |list| list.iter().cloned().map(Some).collect());
            scopes.into_iter().map(|namespace| Place { kind: kind.clone(), namespace }).collect()
        };
        let cells = request.kinds.iter().flat_map(place).map(|place| Cell {
            place,
            state: Arc::new(Mutex::new(KindState::Unknown)),
            follower: None,
        });
        Plane {
            cells: cells.collect(),
            cluster: self.clone(),
            request,
            freshness: Freshness::Cached,
            reviews: Arc::default(),
            before: self.calls(),
            changes: watch::Sender::new(0),
            seen: 0,
            read: false,
            tasks: JoinSet::new(),
        }
    }
}

impl Plane {
    /// Reads no older than the moment of asking, for a final judgement.
    #[must_use]
    pub fn consistent(mut self) -> Self {
        self.freshness = Freshness::Consistent;
        self
    }

    async fn read(&mut self) {
        let kinds = resolve(&self.cluster, self.cells.iter().map(|c| c.place.kind.as_str()).collect()).await;
        let reads = self.cells.iter_mut().zip(kinds).map(async |(cell, kind)| {
            let opened = match kind {
                Ok(true) => open(&self.cluster, &cell.place, self.freshness).await,
                Ok(false) => Ok(None),
                Err(why) => Err(why),
            };
            let (state, follower) = match opened {
                Ok(Some(follower)) => (state_of(&follower), Some(follower)),
                Ok(None) => (KindState::Unknown, None),
                Err(why) => (KindState::Unreadable(why), None),
            };
            *lock(&cell.state) = state;
            cell.follower = follower;
        });
        join_all(reads).await;
        self.read = true;
    }

    fn follow(&mut self) {
        for cell in &mut self.cells {
            let (cluster, place, state, changes) = (self.cluster.clone(), cell.place.clone(), cell.state.clone(), self.changes.clone());
            self.tasks.spawn(follow(cluster, place, cell.follower.take(), state, changes));
        }
        if !self.request.reviews.is_empty() {
            let (cluster, questions, answers, changes) =
                (self.cluster.clone(), self.request.reviews.clone(), self.reviews.clone(), self.changes.clone());
            self.tasks.spawn(async move {
                loop {
                    sleep(REVIEW_EVERY).await;
                    let new = ask(&cluster, &questions).await;
                    if std::mem::replace(&mut *lock(&answers), new.clone()) != new {
                        changes.send_modify(|n| *n += 1);
                    }
                }
            });
        }
    }

    fn kinds(&self) -> BTreeMap<String, KindState> {
        let mut kinds: BTreeMap<String, KindState> = BTreeMap::new();
        for cell in &self.cells {
            let state = lock(&cell.state).clone();
            kinds.entry(cell.place.kind.clone()).and_modify(|all| merge(all, state.clone())).or_insert(state);
        }
        // A kind asked for in no namespace at all: there is nothing of it to see.
        for kind in self.request.kinds.keys() {
            kinds.entry(kind.clone()).or_insert(KindState::Read { resource_version: String::new(), objects: Vec::new() });
        }
        kinds
    }
}

impl SnapshotSource for Plane {
    async fn snapshot(&mut self) -> Snapshot {
        let (cluster, questions) = (self.cluster.clone(), self.request.reviews.clone());
        let reviews = ask(&cluster, &questions);
        let answers = if self.tasks.is_empty() { futures::join!(reviews, self.read()).0 } else { reviews.await };
        self.seen = *self.changes.borrow();
        lock(&self.reviews).clone_from(&answers);
        let mut snapshot = Snapshot {
            taken: Timestamp::now(),
            kinds: self.kinds(),
            reviews: self.request.reviews.iter().cloned().zip(answers).collect(),
            live: Vec::new(),
            readings: Vec::new(),
            real: self.request.real,
            given: self.request.given.clone(),
            calls: spent(self.before, self.cluster.calls()),
        };
        if let Some(live) = &self.request.live {
            snapshot.live = self.cluster.ask_live(live.about(&snapshot)).await;
            snapshot.calls = spent(self.before, self.cluster.calls());
        }
        if let (Some(readings), Some(reader)) = (&self.request.readings, &self.request.reader) {
            snapshot.readings = reader.ask(readings.about(&snapshot)).await;
        }
        snapshot
    }

    async fn changed(&mut self, within: Duration) -> bool {
        let deadline = Instant::now() + within;
        if self.tasks.is_empty() {
            if !self.read {
                self.read().await;
            }
            self.follow();
        }
        let mut changes = self.changes.subscribe();
        let seen = self.seen;
        if timeout_at(deadline, changes.wait_for(|n| *n != seen)).await.is_err() {
            return false;
        }
        let burst = Instant::now() + BURST;
        while timeout_at(burst.min(Instant::now() + QUIET), changes.changed()).await.is_ok() {}
        true
    }
}

/// Which of the kinds are served; what is not known yet is asked for once for all of them.
async fn resolve(cluster: &Cluster, names: Vec<&str>) -> Vec<Result<bool, String>> {
    let look = async || {
        let known = cluster.known().await?;
        if names.iter().all(|name| known.kind(name).is_some()) { Ok(known) } else { cluster.refresh().await }
    };
    match look().await {
        Ok(known) => names.iter().map(|name| Ok(known.kind(name).is_some())).collect(),
        Err(error) => names.iter().map(|_| Err(error.to_string())).collect(),
    }
}

async fn open(cluster: &Cluster, place: &Place, freshness: Freshness) -> Result<Option<Follower>, String> {
    let attempt = async || {
        let Some(kind) = cluster.known().await?.kind(&place.kind).cloned() else { return Ok::<_, ClusterError>(None) };
        let mut follower = Follower::new(cluster.clone(), kind, place.namespace.clone(), None);
        follower.list(freshness).await?;
        Ok(Some(follower))
    };
    match attempt().await {
        // A list is not found only when its kind is gone since it was discovered.
        Err(error) if error.is_not_found() => {
            let still = cluster.refresh().await.map_err(|e| e.to_string())?.kind(&place.kind).is_some();
            if still { attempt().await.map_err(|e| e.to_string()) } else { Ok(None) }
        }
        other => other.map_err(|e| e.to_string()),
    }
}

/// Keeps one cell up to date until it is dropped.
async fn follow(cluster: Cluster, place: Place, first: Option<Follower>, state: Arc<Mutex<KindState>>, changes: watch::Sender<u64>) {
    let mut next = first;
    loop {
        if let Some(mut follower) = next.take() {
            loop {
                match follower.step().await {
                    Ok(true) => publish(&state, state_of(&follower), &changes),
                    Ok(false) => {}
                    Err(error) => {
                        tracing::debug!(kind = place.kind, %error, "a watch broke off");
                        break;
                    }
                }
            }
        } else {
            sleep(RETRY).await;
            if matches!(*lock(&state), KindState::Unknown) && cluster.refresh().await.is_err() {
                continue;
            }
        }
        match open(&cluster, &place, Freshness::Consistent).await {
            Ok(Some(follower)) => {
                publish(&state, state_of(&follower), &changes);
                next = Some(follower);
            }
            Ok(None) => publish(&state, KindState::Unknown, &changes),
            Err(why) => publish(&state, KindState::Unreadable(why), &changes),
        }
    }
}

fn publish(cell: &Mutex<KindState>, new: KindState, changes: &watch::Sender<u64>) {
    let mut state = lock(cell);
    let same = match (&*state, &new) {
        (KindState::Unknown, KindState::Unknown) => true,
        (KindState::Unreadable(old), KindState::Unreadable(new)) => old == new,
        _ => false,
    };
    *state = new;
    drop(state);
    if !same {
        changes.send_modify(|n| *n += 1);
    }
}

fn state_of(follower: &Follower) -> KindState {
    KindState::Read { resource_version: follower.resource_version.clone(), objects: follower.objects.values().cloned().collect() }
}

/// Adds what was read in another namespace. One namespace that cannot be read makes the kind unreadable.
fn merge(all: &mut KindState, other: KindState) {
    match (&mut *all, other) {
        (KindState::Unreadable(_), _) | (_, KindState::Unknown) => {}
        (KindState::Read { resource_version, objects }, KindState::Read { resource_version: other_version, objects: others }) => {
            let number = |text: &str| text.parse::<u64>().unwrap_or_default();
            if number(&other_version) > number(resource_version) {
                *resource_version = other_version;
            }
            objects.extend(others);
            objects.sort_by_cached_key(|o: &Arc<Value>| super::follow::key(o));
        }
        (_, other) => *all = other,
    }
}

async fn ask(cluster: &Cluster, questions: &[Review]) -> Vec<ReviewAnswer> {
    stream::iter(questions.to_vec())
        .map(|review| {
            let cluster = cluster.clone();
            async move { cluster.subject_access_review(&review).await }
        })
        .buffered(REVIEWS_AT_ONCE)
        .collect()
        .await
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
