use serde::{Deserialize, Serialize};

use super::{Duration, ObjectRef, SetLoad};

/// One thing done to the cluster by a stage, a fault, a solution or a cheat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Action {
    /// Applies manifests.
    Apply(Apply),
    /// Patches one object.
    Patch(Patch),
    /// Deletes objects and waits until they are gone.
    Delete(Delete),
    /// Sets the replicas of a workload.
    Scale(Scale),
    /// Restarts a workload's pods by a new template annotation, as `kubectl rollout restart` does.
    Restart(Restart),
    /// Puts a taint on nodes, or takes it off.
    Taint(Taint),
    /// Stops or starts a part of the control plane, or a worker (capability `components`).
    Component(Component),
    /// Has users ask for something from now on (capability `load`).
    Load(SetLoad),
    /// Waits for a state.
    Wait(Wait),
}

/// Applies manifests on the server side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Apply {
    /// A YAML file or a folder of them, relative to the folder of the file that says this.
    pub path: String,
}

/// Patches one object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Patch {
    /// The object.
    pub on: ObjectRef,
    /// The patch format.
    #[serde(default, rename = "type")]
    pub patch_type: PatchType,
    /// The patch: an object, or a list of operations for `json`.
    pub patch: serde_json::Value,
}

/// The patch formats of the API server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PatchType {
    /// Strategic merge: lists merge by key. Built-in kinds only.
    #[default]
    Strategic,
    /// JSON merge patch: `null` removes a field, lists are replaced.
    Merge,
    /// JSON patch: a list of operations.
    Json,
}

/// Deletes objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Delete {
    /// The objects.
    pub on: ObjectRef,
}

/// Sets the replicas of a workload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Scale {
    /// The workload.
    pub on: ObjectRef,
    /// How many pods.
    pub replicas: u32,
}

/// Restarts a workload's pods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Restart {
    /// The workload.
    pub on: ObjectRef,
}

/// Puts a taint on nodes, or takes it off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Taint {
    /// The nodes.
    pub on: ObjectRef,
    /// The taint's key.
    pub key: String,
    /// The taint's value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What it does to pods that do not tolerate it.
    pub effect: TaintEffect,
    /// Takes the taint off instead.
    #[serde(default)]
    pub remove: bool,
}

/// What a taint does to pods that do not tolerate it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum TaintEffect {
    /// New pods stay away.
    NoSchedule,
    /// New pods stay away where they can.
    PreferNoSchedule,
    /// Running pods are evicted too.
    NoExecute,
}

/// Stops or starts a part of the control plane, or a worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Component {
    /// The part, for example `kube-scheduler`; or a worker, for example `worker-2`.
    pub name: String,
    /// What becomes of it.
    pub state: ComponentState,
}

/// Whether a part of the cluster runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ComponentState {
    /// It runs.
    Running,
    /// It does not, and stays so.
    Stopped,
}

/// Waits for a state, at every change; never a fixed time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Wait {
    /// The objects; all of them must get there, and there must be at least one (save for `absent`).
    pub on: ObjectRef,
    /// The state.
    #[serde(rename = "for")]
    pub state: WaitFor,
    /// How long it may take. A busy machine needs several times what a quiet one does, and nobody waits longer than it takes.
    #[serde(default = "three_minutes")]
    pub within: Duration,
}

fn three_minutes() -> Duration {
    Duration::secs(180)
}

/// A state to wait for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum WaitFor {
    /// A workload fully rolled out on its current revision, a pod ready, a claim bound, a job complete, a CRD established.
    Ready {},
    /// Gone.
    Absent {},
    /// A condition of the object's status is `True`.
    Condition(String),
    /// A container waits or was terminated for this reason, for example `CrashLoopBackOff` or `ImagePullBackOff` (pods only).
    Reason(String),
}
