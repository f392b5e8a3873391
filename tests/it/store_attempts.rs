//! What a learner relies on: attempts, runs and evidence survive, and a broken database says what to do.

use std::{fs, path::Path};

use jiff::Timestamp;
use kubedrill::{
    attempt::{
        ApiCalls, Attempt, AttemptId, AttemptState, Baseline, Basis, CheckResult, Evidence, HintOpened, LogKind, Run, Trigger, Verdict,
        Versions,
    },
    points::Points,
    scenario::Role,
    store::{AttemptFilter, Store, StoreError},
};
use serde_json::{Value, json};
use tempfile::TempDir;

pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_263_545 + seconds).unwrap()
}

pub fn attempt(random: u16) -> Attempt {
    Attempt {
        id: AttemptId::new(at(0), "c20-service-no-endpoints", random),
        scenario: "c20-service-no-endpoints".into(),
        scenario_dir: "challenges/c20-service-no-endpoints".into(),
        environment: "default".into(),
        provider: "sandbox".into(),
        capabilities: vec!["api".into()],
        state: AttemptState::Starting,
        namespaces: Default::default(),
        cluster_uid: "0c1d".into(),
        nonce: "n0nce".into(),
        versions: Versions::default(),
        started: at(0),
        ended: None,
        assisted: false,
        resets: 0,
        hints: Vec::new(),
        marks: Vec::new(),
        judgement: Default::default(),
    }
}

pub fn run(part: Value) -> Run {
    let evidence = Evidence {
        kind: "Service".into(),
        namespace: "shop".into(),
        name: "web".into(),
        uid: "u".into(),
        resource_version: "42".into(),
        part,
        sha256: "as the check computed it".into(),
    };
    Run {
        trigger: Trigger::Learner,
        started: at(60),
        millis: 12,
        results: vec![CheckResult {
            id: "web-serves".into(),
            step: None,
            role: Role::Objective,
            verdict: Verdict::Fail,
            passed: 0,
            total: 1,
            reason: "no-endpoints".into(),
            blocked_by: Vec::new(),
            observations: Vec::new(),
            evidence: vec![evidence],
            basis: Basis::Observed,
            held_millis: 0,
            since_millis: 0,
            moving: false,
        }],
        calls: ApiCalls::default(),
        resource_versions: [("Service".to_owned(), "42".to_owned())].into(),
        provisional: false,
    }
}

async fn store(folder: &TempDir) -> Store {
    Store::open(&folder.path().join("state/attempts.db")).await.unwrap()
}

#[tokio::test]
async fn an_attempt_comes_back_as_it_was_stored() {
    let folder = tempfile::tempdir().unwrap();
    let (db, mut expected) = (store(&folder).await, attempt(1));
    db.create_attempt(&expected).await.unwrap();
    assert_eq!(db.current("default").await.unwrap(), Some(expected.clone()));

    expected.nonce = "another".into();
    db.update_attempt(&expected).await.unwrap();
    db.open_attempt(&expected.id, at(3)).await.unwrap();
    db.mark_assisted(&expected.id).await.unwrap();
    db.count_reset(&expected.id).await.unwrap();
    let hint = HintOpened { step: None, rung: 1, cost: Points::hundredths(250), at: at(20) };
    db.open_hint(&expected.id, &hint).await.unwrap();
    db.open_hint(&expected.id, &HintOpened { cost: Points::whole(9), at: at(30), ..hint.clone() }).await.unwrap();
    db.close_attempt(&expected.id, at(90)).await.unwrap();
    db.close_attempt(&expected.id, at(99)).await.unwrap();
    db.close().await;

    let expected = Attempt {
        state: AttemptState::Closed,
        started: at(3),
        ended: Some(at(90)),
        assisted: true,
        resets: 1,
        hints: vec![hint],
        ..expected
    };
    let db = store(&folder).await;
    let kinds: Vec<_> = db.events(&expected.id).await.unwrap().into_iter().map(|e| e.kind).collect();
    assert_eq!(kinds, [LogKind::HintOpened, LogKind::Closed]);
    assert_eq!(db.get(&expected.id).await.unwrap(), Some(expected));
    assert_eq!(db.current("default").await.unwrap(), None);
}

#[tokio::test]
async fn the_current_attempt_is_the_newest_open_one_of_its_environment() {
    let folder = tempfile::tempdir().unwrap();
    let db = store(&folder).await;
    for (random, environment) in [(1, "default"), (2, "default"), (3, "other")] {
        db.create_attempt(&Attempt { environment: environment.into(), ..attempt(random) }).await.unwrap();
    }
    assert_eq!(db.current("default").await.unwrap().unwrap().id, attempt(2).id);
    let ids = |attempts: Vec<Attempt>| attempts.into_iter().map(|a| a.id).collect::<Vec<_>>();
    let all = db.list(&AttemptFilter::default()).await.unwrap();
    assert_eq!(ids(all), [attempt(3).id, attempt(2).id, attempt(1).id]);
    let other = AttemptFilter { environment: Some("other".into()), state: Some(AttemptState::Starting), ..AttemptFilter::default() };
    assert_eq!(ids(db.list(&other).await.unwrap()), [attempt(3).id]);
}

#[tokio::test]
async fn runs_keep_their_order_and_equal_evidence_is_stored_once() {
    let folder = tempfile::tempdir().unwrap();
    let (db, id) = (store(&folder).await, attempt(1).id);
    db.create_attempt(&attempt(1)).await.unwrap();
    let big = json!({"spec": {"selector": {"app": "x".repeat(100_000)}}});
    let runs = [run(big.clone()), run(big), run(Value::Null)];
    for run in &runs {
        db.append_run(&id, run).await.unwrap();
    }
    assert_eq!(db.runs(&id).await.unwrap(), runs);
    assert_eq!(db.last_run(&id).await.unwrap().as_ref(), runs.last());
    db.close().await;
    let size = fs::metadata(folder.path().join("state/attempts.db")).unwrap().len();
    assert!(size < 250_000, "{size}");
}

#[tokio::test]
async fn what_was_stored_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let (db, id) = (store(&folder).await, attempt(1).id);
    db.create_attempt(&attempt(1)).await.unwrap();
    db.append_run(&id, &run(json!({"ready": 0}))).await.unwrap();
    // A killed process leaves the files as they are at that moment: database and write-ahead log, nothing flushed.
    let left = tempfile::tempdir().unwrap();
    fs::create_dir(left.path().join("state")).unwrap();
    for file in ["attempts.db", "attempts.db-wal"] {
        fs::copy(folder.path().join("state").join(file), left.path().join("state").join(file)).unwrap();
    }
    let db = store(&left).await;
    assert_eq!(db.runs(&id).await.unwrap(), [run(json!({"ready": 0}))]);
}

#[tokio::test]
async fn two_processes_share_one_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("attempts.db");
    let (one, two) = tokio::join!(Store::open(&path), Store::open(&path));
    let (one, two, id) = (one.unwrap(), two.unwrap(), attempt(1).id);
    one.create_attempt(&attempt(1)).await.unwrap();
    let write = async |db: &Store| {
        for n in 0..20 {
            db.append_event(&id, at(n), LogKind::Checked, &json!({"passed": n})).await.unwrap();
        }
    };
    tokio::join!(write(&one), write(&two));
    let events = two.events(&id).await.unwrap();
    assert_eq!(events.iter().map(|e| e.seq).collect::<Vec<_>>(), (1..=40).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_log_shows_when_it_was_tampered_with() {
    let folder = tempfile::tempdir().unwrap();
    let (db, id) = (store(&folder).await, attempt(1).id);
    db.create_attempt(&attempt(1)).await.unwrap();
    for (second, kind) in [(0, LogKind::Started), (60, LogKind::Checked), (90, LogKind::SolutionShown), (95, LogKind::Closed)] {
        db.append_event(&id, at(second), kind, &json!({"n": second})).await.unwrap();
    }
    assert_eq!(db.events(&id).await.unwrap().len(), 4);
    let path = db.path().to_path_buf();
    db.close().await;

    // Bytes of one entry, changed behind the database's back.
    let bytes = fs::read(&path).unwrap();
    let word = b"solutionShown";
    let place = bytes.windows(word.len()).position(|w| w == word).unwrap();
    let mut changed = bytes.clone();
    changed[place..place + word.len()].copy_from_slice(b"environmentOK");
    fs::write(&path, changed).unwrap();
    assert!(matches!(store(&folder).await.events(&id).await, Err(StoreError::LogBroken { seq: 3, .. })));
}

#[tokio::test]
async fn the_log_answers_for_the_runs() {
    let folder = tempfile::tempdir().unwrap();
    let (db, id) = (store(&folder).await, attempt(1).id);
    db.create_attempt(&attempt(1)).await.unwrap();
    db.append_run(&id, &run(Value::Null)).await.unwrap();
    let entry = db.events(&id).await.unwrap().remove(0);
    assert_eq!((entry.kind, &entry.data["passed"], &entry.data["total"]), (LogKind::Checked, &json!(0), &json!(1)));
    let path = db.path().to_path_buf();
    db.close().await;

    // A failed run, made to look as if it had passed.
    let bytes = fs::read(&path).unwrap();
    let word = br#""verdict":"fail""#;
    let place = bytes.windows(word.len()).position(|w| w == word).unwrap();
    let mut changed = bytes.clone();
    changed[place..place + word.len()].copy_from_slice(br#""verdict":"pass""#);
    fs::write(&path, changed).unwrap();
    assert!(matches!(store(&folder).await.events(&id).await, Err(StoreError::LogBroken { seq: 1, .. })));
}

#[tokio::test]
async fn nothing_hangs_on_an_attempt_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let (db, id) = (store(&folder).await, attempt(9).id);
    let hint = HintOpened { step: None, rung: 1, cost: Points::ZERO, at: at(1) };
    for result in [
        db.open_attempt(&id, at(1)).await,
        db.close_attempt(&id, at(1)).await,
        db.append_run(&id, &run(Value::Null)).await,
        db.open_hint(&id, &hint).await,
        db.save_baseline(&id, &Baseline::default()).await,
        db.append_event(&id, at(1), LogKind::Started, &Value::Null).await,
    ] {
        assert!(matches!(result, Err(StoreError::NoSuchAttempt { .. })), "{result:?}");
    }
    db.create_attempt(&attempt(1)).await.unwrap();
    assert!(matches!(db.create_attempt(&attempt(1)).await, Err(StoreError::AttemptExists { .. })));
}

async fn open_error(path: &Path) -> String {
    Store::open(path).await.unwrap_err().to_string()
}

#[tokio::test]
async fn a_database_that_cannot_be_used_says_where_it_is_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("attempts.db");
    fs::write(&path, "not a database at all, but a text that is long enough to be looked at ".repeat(20)).unwrap();
    let damaged = open_error(&path).await;
    assert!(damaged.contains(path.to_str().unwrap()) && damaged.contains("is damaged") && damaged.contains("mv "), "{damaged}");

    let blocked = open_error(&path.join("below-a-file.db")).await;
    assert!(blocked.contains("KUBEDRILL_HOME"), "{blocked}");

    fs::remove_file(&path).unwrap();
    Store::open(&path).await.unwrap().close().await;
    let mut bytes = fs::read(&path).unwrap();
    // The schema's version is a big-endian number at byte 60 of SQLite's header.
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    fs::write(&path, &bytes).unwrap();
    let newer = open_error(&path).await;
    assert!(newer.contains("schema 99") && newer.contains("update kubedrill"), "{newer}");

    // And the application's id is at byte 68.
    bytes[68..72].copy_from_slice(&7_u32.to_be_bytes());
    fs::write(&path, &bytes).unwrap();
    assert!(open_error(&path).await.contains("another program"));
}

#[tokio::test]
async fn a_damaged_page_is_an_error_and_not_a_wrong_answer() {
    let folder = tempfile::tempdir().unwrap();
    let (db, id) = (store(&folder).await, attempt(1).id);
    db.create_attempt(&attempt(1)).await.unwrap();
    db.append_run(&id, &run(json!({"ready": "0".repeat(50)}))).await.unwrap();
    let path = db.path().to_path_buf();
    db.close().await;
    let mut bytes = fs::read(&path).unwrap();
    let word = br#"{"ready":"0"#;
    let place = bytes.windows(word.len()).position(|w| w == word).unwrap();
    bytes[place + 12] = b'7';
    fs::write(&path, bytes).unwrap();
    let error = store(&folder).await.runs(&id).await.unwrap_err().to_string();
    assert!(error.contains("changed after it was written"), "{error}");
}
