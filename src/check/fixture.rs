//! Builders of small worlds for tests.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Context, evaluate, look, moving, request};
use crate::{
    attempt::{Answered, ApiCalls, Baseline, CheckResult, Given, HandedIn, Outcome, Subject},
    cluster::{KindState, LiveAnswer, LiveQuestion, Review, ReviewAnswer, Snapshot},
    reader::{Answer, Question},
    scenario::Scenario,
    text::Text,
};

const KINDS: [&str; 19] = [
    "ConfigMap",
    "ControllerRevision",
    "DaemonSet",
    "Deployment",
    "EndpointSlice",
    "Event",
    "Namespace",
    "NetworkPolicy",
    "Node",
    "PersistentVolumeClaim",
    "Pod",
    "PodDisruptionBudget",
    "PrometheusRule",
    "ReplicaSet",
    "Role",
    "Secret",
    "Service",
    "ServiceMonitor",
    "StatefulSet",
];

pub(super) fn now() -> Timestamp {
    "2026-01-02T03:04:05Z".parse().unwrap()
}

/// The time so many seconds before now.
pub(super) fn ago(seconds: u32) -> String {
    (now() - SignedDuration::from_secs(seconds.into())).to_string()
}

/// An object in namespace `shop` that nobody touched for an hour.
pub(super) fn object(kind: &str, name: &str, body: Value) -> Value {
    let mut object = json!({"kind": kind, "metadata": {"name": name, "namespace": "shop", "uid": format!("{kind}-{name}"),
        "resourceVersion": "7", "creationTimestamp": ago(3600)}});
    merge(&mut object, body);
    object
}

fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}

/// A Service with one port `http` 80.
pub(super) fn service(name: &str, app: &str, target_port: Value) -> Value {
    object(
        "Service",
        name,
        json!({"spec": {"type": "ClusterIP", "clusterIP": "10.96.0.1", "selector": {"app": app},
            "ports": [{"name": "http", "port": 80, "protocol": "TCP", "targetPort": target_port}]}}),
    )
}

/// A workload with its pods, healthy until told otherwise.
#[derive(Clone)]
pub(super) struct Deployment {
    name: String,
    kind: String,
    replicas: i64,
    old: usize,
    pods: Option<Vec<&'static str>>,
    status_ready: Option<i64>,
    edited_image: Option<String>,
    generation: (i64, i64),
    changed: u32,
    restarted: Option<u32>,
    conditions: Vec<Value>,
    pod_spec: Value,
}

pub(super) fn deployment(name: &str) -> Deployment {
    Deployment {
        name: name.into(),
        kind: "Deployment".into(),
        replicas: 1,
        old: 0,
        pods: None,
        status_ready: None,
        edited_image: None,
        generation: (2, 2),
        changed: 3600,
        restarted: None,
        conditions: Vec::new(),
        pod_spec: json!({"containers": [{"name": "app", "image": format!("{name}:1"), "ports": [{"name": "http", "containerPort": 8080}]}]}),
    }
}

impl Deployment {
    pub(super) fn kind(mut self, kind: &str) -> Self {
        self.kind = kind.into();
        self
    }

    pub(super) fn replicas(mut self, replicas: i64) -> Self {
        self.replicas = replicas;
        self
    }

    /// Ready pods of an earlier revision.
    pub(super) fn old_pods(mut self, count: usize) -> Self {
        self.old = count;
        self
    }

    /// So many pods of the current revision in this state; `Ready` or a waiting reason.
    pub(super) fn pods(mut self, state: &'static str, count: usize) -> Self {
        self.pods.get_or_insert_default().extend(std::iter::repeat_n(state, count));
        self
    }

    pub(super) fn status_ready(mut self, ready: i64) -> Self {
        self.status_ready = Some(ready);
        self
    }

    /// The template was edited and no controller has acted on it.
    pub(super) fn edited_image(mut self, image: &str) -> Self {
        self.edited_image = Some(image.into());
        self
    }

    pub(super) fn generation(mut self, generation: i64, observed: i64) -> Self {
        self.generation = (generation, observed);
        self
    }

    pub(super) fn changed_ago(mut self, seconds: u32) -> Self {
        self.changed = seconds;
        self
    }

    pub(super) fn restarted_ago(mut self, seconds: u32) -> Self {
        self.restarted = Some(seconds);
        self
    }

    pub(super) fn condition(mut self, condition: Value) -> Self {
        self.conditions.push(condition);
        self
    }

    pub(super) fn pod_spec(mut self, spec: Value) -> Self {
        self.pod_spec = spec;
        self
    }

    fn states(&self) -> Vec<&'static str> {
        self.pods.clone().unwrap_or_else(|| vec!["Ready"; usize::try_from(self.replicas).unwrap()])
    }

    pub(super) fn object(&self) -> Value {
        let ready = self.status_ready.unwrap_or_else(|| i64::try_from(self.states().iter().filter(|s| **s == "Ready").count()).unwrap());
        let mut template = json!({"metadata": {"labels": {"app": self.name}}, "spec": self.pod_spec});
        if let Some(image) = &self.edited_image {
            template["spec"]["containers"][0]["image"] = json!(image);
        }
        let count = self.states().len();
        object(
            &self.kind,
            &self.name,
            json!({
                "metadata": {"generation": self.generation.0, "managedFields": [{"time": ago(self.changed)}]},
                "spec": {"replicas": self.replicas, "selector": {"matchLabels": {"app": self.name}}, "template": template},
                "status": {"observedGeneration": self.generation.1, "replicas": count, "updatedReplicas": count, "readyReplicas": ready,
                    "numberReady": ready, "desiredNumberScheduled": self.replicas, "updatedNumberScheduled": count,
                    "updateRevision": "new", "conditions": self.conditions}
            }),
        )
    }

    fn owned(&self) -> Vec<Value> {
        let owner = |kind: &str, name: &str| json!([{"kind": kind, "name": name, "uid": format!("{kind}-{name}"), "controller": true}]);
        let mut all = vec![self.object()];
        let (new, old) = (format!("{}-new", self.name), format!("{}-old", self.name));
        match self.kind.as_str() {
            "Deployment" => {
                for (set, image) in [(&old, Some("before:1")), (&new, None)] {
                    let mut plain = self.clone();
                    plain.edited_image = None;
                    let mut template = plain.object()["spec"]["template"].take();
                    template["metadata"]["labels"]["pod-template-hash"] = json!(set);
                    if let Some(image) = image {
                        template["spec"]["containers"][0]["image"] = json!(image);
                    }
                    let body = json!({"metadata": {"ownerReferences": owner("Deployment", &self.name)}, "spec": {"replicas": 0, "template": template}, "status": {"replicas": 0}});
                    all.push(object("ReplicaSet", set, body));
                }
            }
            "DaemonSet" => {
                for (revision, hash) in [(1, "old"), (2, "new")] {
                    let body = json!({"metadata": {"ownerReferences": owner("DaemonSet", &self.name), "labels": {"controller-revision-hash": hash}}, "revision": revision});
                    all.push(object("ControllerRevision", &format!("{}-{hash}", self.name), body));
                }
            }
            _ => {}
        }
        let states = self.states().into_iter().map(|state| (state, "new")).chain(std::iter::repeat_n(("Ready", "old"), self.old));
        for (index, (state, revision)) in states.enumerate() {
            let set = if revision == "new" { &new } else { &old };
            let owner = if self.kind == "Deployment" { owner("ReplicaSet", set) } else { owner(&self.kind, &self.name) };
            let mut one = pod(&format!("{}-{index}", self.name), &self.name, &self.pod_spec, state, index);
            merge(&mut one, json!({"metadata": {"ownerReferences": owner, "labels": {"controller-revision-hash": revision}}}));
            if let Some(seconds) = self.restarted {
                let status = json!([{"name": "app", "ready": true, "restartCount": 1, "state": {"running": {"startedAt": ago(seconds)}},
                    "lastState": {"terminated": {"finishedAt": ago(seconds), "exitCode": 1}}}]);
                one["status"]["containerStatuses"] = status;
            }
            all.push(one);
        }
        all
    }
}

fn pod(name: &str, app: &str, spec: &Value, state: &str, index: usize) -> Value {
    let ready = state == "Ready";
    let container = if ready { json!({"running": {"startedAt": ago(3000)}}) } else { json!({"waiting": {"reason": state}}) };
    object(
        "Pod",
        name,
        json!({
            "metadata": {"labels": {"app": app}},
            "spec": spec,
            "status": {"phase": if ready { "Running" } else { "Pending" }, "startTime": ago(3000),
                "podIP": format!("10.0.0.{index}"), "podIPs": [{"ip": format!("10.0.0.{index}")}],
                "conditions": [{"type": "Ready", "status": if ready { "True" } else { "False" }}],
                "containerStatuses": [{"name": "app", "ready": ready, "restartCount": 0, "state": container}]}
        }),
    )
}

/// What a check sees.
#[derive(Clone, Default)]
pub(super) struct World {
    kinds: BTreeMap<String, Vec<Value>>,
    unreadable: Vec<String>,
    reviews: Vec<(Review, ReviewAnswer)>,
    baseline: Baseline,
    reveal: bool,
    taken: Option<Timestamp>,
    real: bool,
    commands: Vec<(String, LiveAnswer)>,
    logs: Option<LiveAnswer>,
    reader: Option<Reads>,
    tried: Option<LiveAnswer>,
    given: Given,
}

/// What the reader answers.
#[derive(Clone)]
struct Reads(Arc<dyn Fn(&Question) -> Answer + Send + Sync>);

impl World {
    pub(super) fn with(self, object: Value) -> Self {
        let kind = object["kind"].as_str().unwrap().to_owned();
        self.with_kind(&kind, object)
    }

    pub(super) fn with_kind(mut self, kind: &str, object: Value) -> Self {
        self.kinds.entry(kind.into()).or_default().push(object);
        self
    }

    pub(super) fn workload(self, workload: Deployment) -> Self {
        workload.owned().into_iter().fold(self, Self::with)
    }

    pub(super) fn stray_pods(self, app: &str, count: usize) -> Self {
        let spec = deployment(app).pod_spec;
        (0..count).fold(self, |world, index| world.with(pod(&format!("stray-{index}"), app, &spec, "Ready", 100 + index)))
    }

    /// The slice that the controller would keep for a Service, over the ready pods with this label.
    pub(super) fn slice(self, service: &str, port: &str, number: u16, app: &str) -> Self {
        let mut slice = self.slice_over(service, port, number, app);
        merge(
            &mut slice,
            json!({"metadata": {"labels": {"endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io"},
                "ownerReferences": [{"kind": "Service", "name": service, "uid": format!("Service-{service}"), "controller": true}]}}),
        );
        self.with(slice)
    }

    pub(super) fn hand_made_slice(self, service: &str, port: &str, number: u16, app: &str) -> Self {
        let slice = self.slice_over(service, port, number, app);
        self.with(slice)
    }

    fn slice_over(&self, service: &str, port: &str, number: u16, app: &str) -> Value {
        let pods = self.kinds.get("Pod").into_iter().flatten();
        let ready = pods.filter(|pod| pod["metadata"]["labels"]["app"] == app && pod["status"]["phase"] == "Running");
        let endpoints: Vec<Value> = ready
            .map(|pod| {
                json!({"addresses": [pod["status"]["podIP"]], "conditions": {"ready": true, "serving": true, "terminating": false},
                    "targetRef": {"kind": "Pod", "name": pod["metadata"]["name"], "uid": pod["metadata"]["uid"]}})
            })
            .collect();
        object(
            "EndpointSlice",
            &format!("{service}-x"),
            json!({"metadata": {"labels": {"kubernetes.io/service-name": service}}, "endpoints": endpoints,
                "ports": [{"name": port, "port": number, "protocol": "TCP"}]}),
        )
    }

    /// Every object of a kind.
    pub(super) fn objects(&self, kind: &str) -> Vec<Value> {
        self.kinds.get(kind).cloned().unwrap_or_default()
    }

    /// Every object of a kind is gone.
    pub(super) fn without(mut self, kind: &str) -> Self {
        self.kinds.remove(kind);
        self
    }

    pub(super) fn unreadable(mut self, kind: &str) -> Self {
        self.unreadable.push(kind.into());
        self
    }

    pub(super) fn review(mut self, review: Review, answer: ReviewAnswer) -> Self {
        self.reviews.push((review, answer));
        self
    }

    /// Commands with this word in them are answered so, in every container.
    pub(super) fn exec(mut self, word: &str, answer: LiveAnswer) -> Self {
        self.commands.push((word.into(), answer));
        self
    }

    /// Every container's log.
    pub(super) fn logs(mut self, answer: LiveAnswer) -> Self {
        self.logs = Some(answer);
        self
    }

    /// The reader of configurations answers so.
    pub(super) fn reads(mut self, answer: impl Fn(&Question) -> Answer + Send + Sync + 'static) -> Self {
        self.reader = Some(Reads(Arc::new(answer)));
        self
    }

    /// What the server says to every dry run.
    pub(super) fn tried(mut self, answer: LiveAnswer) -> Self {
        self.tried = Some(answer);
        self
    }

    /// The attempt began so many seconds ago.
    pub(super) fn began(mut self, seconds: u32) -> Self {
        self.given.began = Some(now() - SignedDuration::from_secs(seconds.into()));
        self
    }

    /// The learner has answered so.
    pub(super) fn answered(mut self, check: &str, answer: &str) -> Self {
        self.given.answers.push(Answered { check: check.into(), answer: answer.into() });
        self
    }

    /// The learner has handed in this file.
    pub(super) fn handed_in(mut self, name: &str, file: HandedIn) -> Self {
        self.given.files.insert(name.into(), file);
        self
    }

    /// Containers and network are real.
    pub(super) fn real(mut self) -> Self {
        self.real = true;
        self
    }

    fn answer(&self, question: &LiveQuestion) -> Option<LiveAnswer> {
        match question {
            LiveQuestion::Exec { command, .. } => self.commands.iter().find(|(word, _)| command.contains(word)).map(|(_, a)| a.clone()),
            LiveQuestion::Logs { .. } => self.logs.clone(),
            LiveQuestion::Create { .. } | LiveQuestion::Evict { .. } => self.tried.clone(),
        }
    }

    pub(super) fn subject(mut self, alias: &str, _kind: &str, healthy: Value, broken: Value) -> Self {
        self.baseline.subjects.insert(alias.into(), Subject { healthy, broken });
        self
    }

    /// What the attempt began with, this long ago.
    pub(super) fn began_with(mut self, objects: Vec<Value>, seconds: u32) -> Self {
        (self.baseline.objects, self.baseline.taken) = (objects, Some(ago(seconds).parse().unwrap()));
        self
    }

    pub(super) fn reveal(mut self) -> Self {
        self.reveal = true;
        self
    }

    pub(super) fn taken(mut self, at: Timestamp) -> Self {
        self.taken = Some(at);
        self
    }

    pub(super) fn baseline(&self) -> &Baseline {
        &self.baseline
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        let read =
            |objects: Vec<Value>| KindState::Read { resource_version: "7".into(), objects: objects.into_iter().map(Arc::new).collect() };
        let mut kinds: BTreeMap<String, KindState> = KINDS.into_iter().map(|kind| (kind.to_owned(), read(Vec::new()))).collect();
        kinds.insert("Prometheus.monitoring.coreos.com".into(), KindState::Unknown);
        kinds.extend(self.kinds.iter().map(|(kind, objects)| (kind.clone(), read(objects.clone()))));
        kinds.extend(self.unreadable.iter().map(|kind| (kind.clone(), KindState::Unreadable("connection refused".into()))));
        let calls = ApiCalls { list: 1, ..ApiCalls::default() };
        let taken = self.taken.unwrap_or_else(now);
        Snapshot {
            taken,
            kinds,
            reviews: self.reviews.clone(),
            live: Vec::new(),
            readings: Vec::new(),
            real: self.real,
            given: self.given.clone(),
            calls,
        }
    }

    pub(super) fn evaluate(&self, assert: Value) -> Outcome {
        let scenario = scenario(vec![json!({"id": "it", "title": {"ko": "", "en": ""}, "assert": assert})]);
        let mut snapshot = self.snapshot();
        if let Some(live) = request(&scenario).live {
            snapshot.live = live.about(&snapshot).into_iter().filter_map(|q| Some((q.clone(), self.answer(&q)?))).collect();
        }
        if let (Some(readings), Some(reader)) = (request(&scenario).readings, &self.reader) {
            snapshot.readings = readings.about(&snapshot).into_iter().map(|q| (q.clone(), Ok(reader.0(&q)))).collect();
        }
        let mut context = Context::new(&scenario, &self.baseline, &snapshot);
        (context.check, context.reveal) = ("it", self.reveal);
        evaluate(&scenario.file.spec.checks[0].assert, &context)
    }

    pub(super) fn moving(&self) -> bool {
        let (scenario, snapshot) = (scenario(Vec::new()), self.snapshot());
        moving::moving(&Context::new(&scenario, &self.baseline, &snapshot))
    }

    pub(super) fn scaling(&self) -> bool {
        let (scenario, snapshot) = (scenario(Vec::new()), self.snapshot());
        moving::scaling(&Context::new(&scenario, &self.baseline, &snapshot))
    }

    pub(super) fn look(&self, scenario: &Scenario) -> Vec<CheckResult> {
        look(scenario, &self.baseline, &self.snapshot())
    }
}

/// A scenario in namespace `shop` with these checks.
pub(super) fn scenario(checks: Vec<Value>) -> Scenario {
    let text = json!({"ko": "", "en": ""});
    let file = json!({"apiVersion": "kubedrill.dev/v1alpha1", "kind": "Challenge", "metadata": {"name": "test", "title": text},
        "spec": {"summary": text, "level": "beginner", "minutes": 5, "namespaces": ["shop"], "stage": [], "checks": checks}});
    Scenario {
        dir: PathBuf::new(),
        digest: String::new(),
        file: serde_json::from_value(file).unwrap(),
        story: Text::default(),
        debrief: Text::default(),
        solutions: Vec::new(),
        cheats: Vec::new(),
        names: Default::default(),
    }
}
