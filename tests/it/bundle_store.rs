//! What is stored of a bundle: every step is whole or not there, and doing it again changes nothing.

use kubedrill::{
    attempt::{Attempt, AttemptId, BundleRun, LogKind},
    store::{Store, StoreError},
};

use super::store_attempts::{self, at};

fn attempt(scenario: &str, random: u16) -> Attempt {
    Attempt {
        id: AttemptId::new(at(0), scenario, random),
        scenario: scenario.into(),
        scenario_dir: format!("challenges/{scenario}"),
        ..store_attempts::attempt(random)
    }
}

fn run(random: u16) -> BundleRun {
    BundleRun {
        id: AttemptId::new(at(0), "challenge-5-ops-incidents", random),
        bundle: "challenge-5-ops-incidents".into(),
        bundle_dir: "challenges/challenge-5-ops-incidents".into(),
        environment: "default".into(),
        digest: "d".into(),
        started: at(0),
        ended: None,
    }
}

/// Opens the records anew for every step, as every command does: nothing is remembered in between.
async fn again(folder: &tempfile::TempDir) -> Store {
    Store::open(&folder.path().join("attempts.db")).await.unwrap()
}

#[tokio::test]
async fn a_run_appears_with_its_first_part_and_ends_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = again(&folder).await;
    assert_eq!(store.open_bundle_run("default").await.unwrap(), None);
    let nobody = AttemptId("nobody".into());
    assert!(matches!(store.join_bundle(&run(1), &nobody).await, Err(StoreError::NoSuchAttempt { .. })));
    assert_eq!(store.open_bundle_run("default").await.unwrap(), None, "a part that is not there brings no run");

    let first = attempt("c5-1-traffic-surge", 1);
    store.create_attempt(&first).await.unwrap();
    store.join_bundle(&run(1), &first.id).await.unwrap();
    store.close().await;

    let store = again(&folder).await;
    assert_eq!(store.open_bundle_run("default").await.unwrap(), Some(run(1)));
    assert_eq!(store.open_bundle_run("other").await.unwrap(), None);
    assert_eq!(store.bundle_of(&first.id).await.unwrap(), Some(run(1)));
    store.end_bundle_run(&run(1).id, at(90)).await.unwrap();
    store.end_bundle_run(&run(1).id, at(99)).await.unwrap();
    let ended = BundleRun { ended: Some(at(90)), ..run(1) };
    assert_eq!((store.open_bundle_run("default").await.unwrap(), store.bundle_run(&run(1).id).await.unwrap()), (None, Some(ended)));
}

#[tokio::test]
async fn a_part_is_finished_once_and_its_log_says_when() {
    let folder = tempfile::tempdir().unwrap();
    let store = again(&folder).await;
    let (first, second, alone) = (attempt("c5-1-traffic-surge", 1), attempt("c5-2-monitoring-blind", 2), attempt("c20-service", 3));
    for attempt in [&first, &second, &alone] {
        store.create_attempt(attempt).await.unwrap();
    }
    store.join_bundle(&run(1), &first.id).await.unwrap();
    store.finish_part(&first.id, at(50)).await.unwrap();
    store.close().await;

    let store = again(&folder).await;
    store.finish_part(&first.id, at(60)).await.unwrap();
    store.join_bundle(&run(1), &second.id).await.unwrap();
    assert!(store.finish_part(&alone.id, at(60)).await.is_err(), "an attempt by itself is no part");
    let parts = store.bundle_attempts(&run(1).id).await.unwrap();
    let facts: Vec<_> = parts.iter().map(|part| (part.attempt.scenario.as_str(), part.finished)).collect();
    assert_eq!(facts, [("c5-1-traffic-surge", Some(at(50))), ("c5-2-monitoring-blind", None)]);
    let log = store.events(&first.id).await.unwrap();
    assert_eq!(log.iter().map(|entry| (entry.kind, entry.at)).collect::<Vec<_>>(), [(LogKind::Finished, at(50))]);
    assert_eq!((store.part_finished(&second.id).await.unwrap(), store.part_finished(&alone.id).await.unwrap()), (None, None));
}

#[tokio::test]
async fn a_pause_lasts_until_its_repair() {
    let folder = tempfile::tempdir().unwrap();
    let store = again(&folder).await;
    let attempt = attempt("c5-1-traffic-surge", 1);
    store.create_attempt(&attempt).await.unwrap();
    for (seconds, kind, paused) in
        [(1, LogKind::Started, false), (2, LogKind::Paused, true), (3, LogKind::HintOpened, true), (4, LogKind::Repaired, false)]
    {
        store.append_event(&attempt.id, at(seconds), kind, &serde_json::json!({})).await.unwrap();
        assert_eq!(store.is_paused(&attempt.id).await.unwrap(), paused, "after {kind:?}");
    }
}
