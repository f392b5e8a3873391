//! From what a scenario states about running containers, or about changes that are only tried, to the questions that are asked.
//!
//! The same functions are used to ask and to look up the answer, so that both always mean the same container.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{
    context::{Context, Trouble},
    kinds, object,
    request::meant,
    workload,
};
use crate::{
    attempt::Baseline,
    cluster::{LiveAnswer, LiveQuestion, LiveQuestions, Snapshot},
    scenario::{Admits, Assert, Exec, Logs, ObjectRef, Probe, ProbeTarget, Scenario},
};

/// The program in every image of the catalogue that probes from inside.
const PROBER: &str = "/.kubedrill/app";
/// How many pods' logs are read.
const MOST_LOGS: usize = 8;

/// The questions of a scenario's checks; none when no check asks any.
pub(super) fn questions(scenario: &Scenario) -> Option<LiveQuestions> {
    let mut found = Vec::new();
    scenario.checks().for_each(|check| collect(&check.assert, &mut found));
    if found.is_empty() {
        return None;
    }
    let scenario = Arc::new(scenario.clone());
    Some(LiveQuestions::of(move |snapshot| ask(&scenario, snapshot)))
}

fn collect<'a>(assert: &'a Assert, found: &mut Vec<&'a Assert>) {
    match assert {
        Assert::All(parts) | Assert::Any(parts) | Assert::None(parts) => parts.iter().for_each(|part| collect(part, found)),
        Assert::AtLeast(spec) => spec.of.iter().for_each(|part| collect(part, found)),
        Assert::Probe(_) | Assert::Logs(_) | Assert::Exec(_) | Assert::Admits(_) | Assert::Disruption(_) => found.push(assert),
        Assert::Artifact(spec) if spec.accepted => found.push(assert),
        _ => {}
    }
}

fn ask(scenario: &Scenario, snapshot: &Snapshot) -> Vec<LiveQuestion> {
    let baseline = Baseline::default();
    let context = Context::new(scenario, &baseline, snapshot);
    let mut found = Vec::new();
    scenario.checks().for_each(|check| collect(&check.assert, &mut found));
    // There is no baseline yet to look an alias up in: what it stands for is asked instead.
    let ready = |on: &ObjectRef| ready_pod(&meant(scenario, on), &context);
    let of = |assert: &&Assert| match assert {
        Assert::Probe(spec) => ready(&spec.from).map(|pod| pod.map(|pod| probe(spec, pod)).into_iter().collect()),
        Assert::Exec(spec) => ready(&spec.on).map(|pod| pod.map(|pod| exec(spec, pod)).into_iter().collect()),
        Assert::Logs(spec) => {
            logged_pods(&meant(scenario, &spec.on), &context).map(|pods| pods.iter().map(|pod| logs(spec, pod)).collect())
        }
        Assert::Admits(spec) => Ok(vec![creation(&tried_object(spec, context.home()))]),
        Assert::Artifact(spec) => {
            Ok(kinds::manifests_of(spec, &context).iter().map(|object| creation(&placed(object, context.home()))).collect())
        }
        Assert::Disruption(spec) => context.select(&meant(scenario, &spec.on)).and_then(|workloads| {
            let ready: Result<Vec<_>, _> = workloads.into_iter().map(|workload| ready_pods(workload, &context)).collect();
            Ok(ready?.into_iter().flatten().map(eviction).collect())
        }),
        _ => Ok(Vec::new()),
    };
    // What cannot be looked at is said where the check is evaluated.
    found.iter().filter_map(|assert| of(assert).ok()).flatten().collect::<Vec<_>>()
}

/// The first ready pod of a reference, by name.
pub(super) fn ready_pod<'a>(on: &ObjectRef, context: &Context<'a>) -> Result<Option<&'a Value>, Trouble> {
    Ok(pods_of(on, context)?.into_iter().find(|pod| workload::is_ready(pod)))
}

/// The pods of a reference whose containers have run, by name.
pub(super) fn logged_pods<'a>(on: &ObjectRef, context: &Context<'a>) -> Result<Vec<&'a Value>, Trouble> {
    let mut pods = pods_of(on, context)?;
    let ran = |pod: &&Value| {
        let statuses = object::list(pod, "/status/containerStatuses");
        statuses.iter().any(|s| ["/state/running", "/state/terminated", "/lastState/terminated"].iter().any(|at| s.pointer(at).is_some()))
    };
    pods.retain(ran);
    pods.truncate(MOST_LOGS);
    Ok(pods)
}

fn pods_of<'a>(on: &ObjectRef, context: &Context<'a>) -> Result<Vec<&'a Value>, Trouble> {
    let mut pods = Vec::new();
    for workload in context.select(on)? {
        pods.extend(pods_of_workload(workload, context)?);
    }
    pods.sort_by_key(|pod| object::name(pod));
    Ok(pods)
}

fn pods_of_workload<'a>(workload: &'a Value, context: &Context<'a>) -> Result<Vec<&'a Value>, Trouble> {
    let found = workload::pods(workload, context)?;
    Ok(found.current.into_iter().chain(found.old).collect())
}

/// The ready pods of a workload, by name.
pub(super) fn ready_pods<'a>(workload: &'a Value, context: &Context<'a>) -> Result<Vec<&'a Value>, Trouble> {
    let mut pods = pods_of_workload(workload, context)?;
    pods.retain(|pod| workload::is_ready(pod) && !object::terminating(pod));
    pods.sort_by_key(|pod| object::name(pod));
    Ok(pods)
}

/// The object of an `admits`, in its namespace.
pub(super) fn tried_object(spec: &Admits, home: &str) -> Value {
    placed(&spec.object, home)
}

/// An object that is tried, in its namespace.
pub(super) fn placed(object: &Value, home: &str) -> Value {
    let mut object = object.clone();
    if let Value::Object(fields) = &mut object
        && let Value::Object(metadata) = fields.entry("metadata").or_insert_with(|| Value::Object(Map::new()))
    {
        metadata.entry("namespace").or_insert_with(|| home.into());
        metadata.entry("name").or_insert_with(|| "tried".into());
    }
    object
}

/// The question of an `admits`.
pub(super) fn creation(object: &Value) -> LiveQuestion {
    LiveQuestion::Create { object: object.to_string() }
}

/// The question of a `disruption` about one pod.
pub(super) fn eviction(pod: &Value) -> LiveQuestion {
    LiveQuestion::Evict { namespace: object::namespace(pod).into(), pod: object::name(pod).into() }
}

/// The question of a `probe`, asked from a pod.
pub(super) fn probe(spec: &Probe, pod: &Value) -> LiveQuestion {
    let (how, what) = match &spec.to {
        ProbeTarget::Http(url) => ("http", url),
        ProbeTarget::Tcp(address) => ("tcp", address),
        ProbeTarget::Dns(name) => ("dns", name),
    };
    let command = [PROBER, "probe", how, what].map(ToOwned::to_owned).to_vec();
    LiveQuestion::Exec { namespace: object::namespace(pod).into(), pod: object::name(pod).into(), container: None, command }
}

/// The question of an `exec`, asked in a pod.
pub(super) fn exec(spec: &Exec, pod: &Value) -> LiveQuestion {
    LiveQuestion::Exec {
        namespace: object::namespace(pod).into(),
        pod: object::name(pod).into(),
        container: spec.container.clone(),
        command: spec.command.clone(),
    }
}

/// The question of a `logs` to one pod.
pub(super) fn logs(spec: &Logs, pod: &Value) -> LiveQuestion {
    LiveQuestion::Logs {
        namespace: object::namespace(pod).into(),
        pod: object::name(pod).into(),
        container: spec.container.clone(),
        previous: spec.previous,
    }
}

/// The answer to a question.
pub(super) fn answer<'a>(question: &LiveQuestion, context: &Context<'a>) -> Result<&'a LiveAnswer, Trouble> {
    let found = context.snapshot.live.iter().find(|(asked, _)| asked == question).map(|(_, answer)| answer);
    match found {
        Some(LiveAnswer::Unanswered(why)) => Err(Trouble(format!("{} could not be asked: {why}", place(question)))),
        Some(answer) => Ok(answer),
        None => Err(Trouble(format!("{} was not asked", place(question)))),
    }
}

/// Why the server would not do what was tried; `None` when it would.
pub(super) fn refusal<'a>(question: &LiveQuestion, context: &Context<'a>) -> Result<Option<&'a str>, Trouble> {
    match answer(question, context)? {
        LiveAnswer::Accepted => Ok(None),
        LiveAnswer::Refused(why) => Ok(Some(why)),
        _ => Err(Trouble("a dry run was answered by a container".into())),
    }
}

fn place(question: &LiveQuestion) -> String {
    match question {
        LiveQuestion::Exec { namespace, pod, .. } | LiveQuestion::Logs { namespace, pod, .. } => format!("Pod/{namespace}/{pod}"),
        LiveQuestion::Create { .. } | LiveQuestion::Evict { .. } => "the API server's dry run".into(),
    }
}
