//! An attempt as it is stored, without a cluster: a new challenge whose checks have looked at made-up objects.

use std::{fs, sync::Arc};

use jiff::Timestamp;
use kubedrill::{
    attempt::{ApiCalls, Attempt, AttemptId, AttemptState, Baseline, Given, Run, Trigger, Versions},
    check,
    cluster::{KindState, Snapshot},
    scenario::{self, Kind, Scenario},
    store::Store,
};
use serde_json::{Value, json};

use crate::{store_attempts::at, support::Drill};

/// A learner's machine with an attempt on it.
pub struct Stored {
    pub drill: Drill,
    pub attempt: AttemptId,
}

/// An expression that the learner may read, in place of the template's check of the pod template.
pub const SHOWN: &str = "show: full\n      assert:\n        expr:\n          let:\n            service: {kind: Service, name: web}\n            config: {kind: ConfigMap, name: db}\n          that: size(service.spec.ports) == 2 && service.spec.type == 'ClusterIP'";
const REPLACED: &str = "assert:\n        endpoints:\n          service: {kind: Service, name: web}\n          backedBy: {kind: Deployment, name: web}\n          fromTemplate: true";

/// A Service with one port, and a ConfigMap that holds a password.
pub fn objects() -> Vec<Value> {
    vec![
        json!({"kind": "Service", "metadata": {"name": "web", "namespace": "mine", "uid": "u-1", "resourceVersion": "812"},
            "spec": {"type": "ClusterIP", "selector": {"app": "www"}, "ports": [{"port": 80}]}}),
        json!({"kind": "ConfigMap", "metadata": {"name": "db", "namespace": "mine", "uid": "u-2", "resourceVersion": "813"},
            "data": {"password": "aHVudGVyMg=="}}),
    ]
}

impl Stored {
    /// With one run over each of these worlds. The scenario's text may be changed first; `mine` is its id and its namespace.
    pub async fn with(edit: impl Fn(String) -> String, worlds: &[Vec<Value>]) -> Self {
        let drill = Drill::new();
        let folder = drill.home().join("mine");
        for (path, text) in scenario::new_files(Kind::Challenge, "mine") {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, edit(text.replace(REPLACED, SHOWN))).unwrap();
        }
        let loaded = scenario::load(&folder);
        let scenario = loaded.scenario.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics));
        let attempt = attempt(&scenario);
        let store = Store::open(&drill.home().join("state/attempts.db")).await.unwrap();
        store.create_attempt(&attempt).await.unwrap();
        store.open_attempt(&attempt.id, at(0)).await.unwrap();
        for (number, objects) in (1..).zip(worlds) {
            store.append_run(&attempt.id, &run(&scenario, objects, at(60 * number))).await.unwrap();
        }
        store.close().await;
        Self { drill, attempt: attempt.id }
    }

    /// Ends it.
    pub async fn close(&self) {
        let store = Store::open(&self.drill.home().join("state/attempts.db")).await.unwrap();
        store.close_attempt(&self.attempt, at(900)).await.unwrap();
        store.close().await;
    }
}

fn attempt(scenario: &Scenario) -> Attempt {
    Attempt {
        id: AttemptId::new(at(0), scenario.id(), 7),
        scenario: scenario.id().into(),
        scenario_dir: scenario.dir.display().to_string(),
        environment: "default".into(),
        provider: "sandbox".into(),
        capabilities: vec!["api".into()],
        state: AttemptState::Starting,
        cluster_uid: "0c1d".into(),
        namespaces: Default::default(),
        nonce: "n0nce".into(),
        versions: Versions { kubedrill: "0.1.0".into(), kubernetes: "v1.36.2".into(), scenario: scenario.digest.clone() },
        started: at(0),
        ended: None,
        assisted: false,
        resets: 0,
        hints: Vec::new(),
        marks: Vec::new(),
        judgement: Default::default(),
    }
}

fn run(scenario: &Scenario, objects: &[Value], started: Timestamp) -> Run {
    let of = |kind: &String| {
        let found = objects.iter().filter(|object| object["kind"] == **kind).cloned().map(Arc::new).collect();
        (kind.clone(), KindState::Read { resource_version: "900".into(), objects: found })
    };
    let snapshot = Snapshot {
        taken: started,
        kinds: check::request(scenario).kinds.keys().map(of).collect(),
        reviews: Vec::new(),
        live: Vec::new(),
        readings: Vec::new(),
        real: false,
        given: Given::default(),
        calls: ApiCalls::default(),
    };
    Run {
        trigger: Trigger::Learner,
        started,
        millis: 1500,
        results: check::look(scenario, &Baseline::default(), &snapshot),
        calls: ApiCalls::default(),
        resource_versions: snapshot.kinds.keys().map(|kind| (kind.clone(), "900".to_owned())).collect(),
        provisional: false,
    }
}
