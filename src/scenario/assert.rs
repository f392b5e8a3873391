use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Admits, Artifact, Asked, Autoscale, Disruption, Duration, Exec, Footprint, History, Logs, Manual, ObjectRef, Posture, Probe, Reach,
    Recorded, Script, Survives,
};

/// What a check states: exactly one kind of check, or a composition of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Assert {
    /// All of them hold. A known fail decides; otherwise an error wins.
    All(Vec<Assert>),
    /// One of them holds. A known pass decides; otherwise an error wins.
    Any(Vec<Assert>),
    /// None of them holds.
    None(Vec<Assert>),
    /// At least so many of them hold.
    AtLeast(AtLeast),
    /// Objects are there.
    Exists(Exists),
    /// Objects are not there.
    Absent(Exists),
    /// A value at a path compares.
    Field(Field),
    /// A CEL expression over named sets of objects is true.
    Expr(Expr),
    /// A status condition, judged for the current generation.
    Condition(Condition),
    /// A workload is fully up on its current revision.
    Rollout(Rollout),
    /// A Service leads to ready pods of a workload, on a port that they declare.
    Endpoints(Endpoints),
    /// A host name leads, by the rules of cluster DNS, to a Service with ready endpoints of a workload.
    Resolves(Resolves),
    /// All NetworkPolicies together allow and deny what the rows say.
    Reach(Reach),
    /// A subject is allowed and denied what the rows say.
    Access(Access),
    /// A workload's references to ConfigMaps, Secrets and claims resolve, and its effective environment fits.
    Config(Config),
    /// Every container of a workload is, in effect, as a pack of rules wants it.
    Posture(Posture),
    /// An operator's selectors pick these objects.
    Selects(Selects),
    /// A configuration held in a ConfigMap or Secret parses and says this.
    Parse(Box<Parse>),
    /// Prometheus rules parse, and their alerts fire on bad series and are silent on good ones.
    Promql(Promql),
    /// The network answers a pod of a workload, live.
    Probe(Probe),
    /// A workload's containers have logged lines like this, live.
    Logs(Logs),
    /// A command in a running container ends and prints as it should, live.
    Exec(Exec),
    /// The API server takes an object, or refuses it, as a dry run.
    Admits(Admits),
    /// A workload's pods can be evicted one at a time, and budgets keep enough of them.
    Disruption(Disruption),
    /// Kubernetes events about objects were recorded since a moment, or were not.
    Events(Recorded),
    /// What became of baseline subjects since the start, as far as the cluster has written it down.
    History(History),
    /// What holds goes on holding after pods were deleted, a restart or a run of a CronJob, tried out.
    Survives(Survives),
    /// The learner's diagnosis or number is right.
    Answer(Asked),
    /// A file that the learner hands in is valid.
    Artifact(Artifact),
    /// What a program of the scenario's folder says, as JSON; off unless the user allows it.
    Script(Script),
    /// A grader gives a mark.
    Manual(Manual),
    /// What autoscaling makes of a load, live.
    Autoscale(Autoscale),
    /// A baseline subject is still itself.
    Preserved(Preserved),
    /// Bystanders' specs are as they were.
    Untouched(Untouched),
    /// Nothing but what is allowed was made, deleted or changed.
    Footprint(Footprint),
}

/// At least so many of the parts hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AtLeast {
    /// How many.
    pub count: u32,
    /// Of which.
    pub of: Vec<Assert>,
}

/// How many of the objects that a reference selects must satisfy the statement.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Quantifier {
    /// Every one, and there is at least one.
    #[default]
    Each,
    /// One or more.
    Any,
    /// Not one.
    None,
    /// Between so many.
    Count {
        /// At least.
        #[serde(default)]
        min: u32,
        /// At most.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<u32>,
    },
}

/// Objects are (or are not) there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Exists {
    /// The objects.
    pub on: ObjectRef,
    /// Only objects with this shape count: every field given here is in the object, lists in any order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub like: Option<serde_json::Value>,
    /// How many at least (for `exists`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<u32>,
}

/// A value at a path compares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Field {
    /// The objects.
    pub on: ObjectRef,
    /// How many of them must satisfy it.
    #[serde(default)]
    pub of: Quantifier,
    /// A JSONPath (RFC 9535), for example `$.spec.ports[?@.name=='http'].targetPort`. Every value it finds must compare.
    pub path: String,
    /// The comparison.
    pub is: Comparator,
}

/// A typed comparison. Two plain strings are never read as numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Comparator {
    /// The same value, of the same type.
    Equals(serde_json::Value),
    /// One of these values.
    OneOf(Vec<serde_json::Value>),
    /// None of these values. An objective needs a positive statement beside it.
    NoneOf(Vec<serde_json::Value>),
    /// A whole number within bounds.
    Int(Bounds<i64>),
    /// A Kubernetes quantity (`500m`, `64Mi`) within bounds.
    Quantity(Bounds<String>),
    /// A whole match of a regular expression.
    Matches(String),
    /// There is such a value (`true`), or none (`false`).
    Present(bool),
    /// An image: its repository, and that it has a tag other than `latest`, or a digest.
    Image(ImageComparator),
}

/// Inclusive bounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", bound(deserialize = "T: Deserialize<'de>"))]
pub struct Bounds<T> {
    /// At least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<T>,
    /// At most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<T>,
}

/// What an image reference must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ImageComparator {
    /// The repository with its host, for example `registry.shop.example/web`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// A tag other than `latest`, or a digest.
    #[serde(default)]
    pub pinned: bool,
}

/// A CEL expression over named sets of objects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Expr {
    /// Names for objects: with `name` or `baseline` the object itself (or null), otherwise the list of those that match.
    #[serde(rename = "let")]
    pub bindings: BTreeMap<String, ObjectRef>,
    /// The expression; it must give true or false.
    pub that: String,
}

/// A status condition, judged for the current generation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Condition {
    /// The objects.
    pub on: ObjectRef,
    /// How many of them.
    #[serde(default)]
    pub of: Quantifier,
    /// The condition's type.
    #[serde(rename = "type")]
    pub condition_type: String,
    /// Its status.
    #[serde(default = "true_status")]
    pub status: String,
    /// Its reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

fn true_status() -> String {
    "True".into()
}

/// A workload is fully up on its current revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Rollout {
    /// The workloads: Deployment, StatefulSet, DaemonSet or ReplicaSet.
    pub on: ObjectRef,
    /// So many ready pods of the current revision at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<u32>,
    /// No container of the current revision was restarted within this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steady_for: Option<Duration>,
}

/// A Service leads to ready pods of a workload, on a port that they declare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Endpoints {
    /// The Service.
    pub service: ObjectRef,
    /// The Service's port, by name or number; all its ports when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<String>,
    /// The workload that the pods must belong to, through their owners.
    pub backed_by: ObjectRef,
    /// So many ready addresses at least.
    #[serde(default = "one")]
    pub min: u32,
    /// Judges instead whether pods made anew from the workload's template would be found: the Service's own selector against
    /// the template's labels, its target port against the template's ports. Hand-made slices do not count.
    #[serde(default)]
    pub from_template: bool,
}

fn one() -> u32 {
    1
}

/// A host name leads to a Service with ready endpoints of a workload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Resolves {
    /// The host, as an application would write it.
    pub host: String,
    /// The port asked for.
    pub port: u16,
    /// The namespace of the pod that asks; the scenario's first when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The workload whose pods must answer.
    pub backed_by: ObjectRef,
}

/// A subject is allowed and denied what the rows say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Access {
    /// Who.
    pub subject: AccessSubject,
    /// What; each row costs one review by the API server.
    pub rows: Vec<AccessRow>,
}

/// Who asks. A service account is asked for with its three groups, as the API server itself would see it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum AccessSubject {
    /// A service account as `namespace/name`.
    ServiceAccount(String),
    /// A user by name.
    User(String),
    /// Somebody of whom only this group is known, as an identity provider would say it.
    Group(String),
}

/// One thing that is allowed or denied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AccessRow {
    /// The verb.
    pub verb: String,
    /// The resource, plural, with its subresource: `pods`, `pods/exec`, `prometheuses.monitoring.coreos.com`.
    pub resource: String,
    /// The namespace; the whole cluster when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// One object by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it must be allowed, or denied.
    pub allowed: bool,
}

/// A workload's references resolve, and its effective environment fits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Config {
    /// The workloads; every reference of their pod templates to ConfigMaps, Secrets and claims must resolve, also those marked optional.
    pub on: ObjectRef,
    /// Effective environment variables, after references are followed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, Comparator>,
}

/// An operator's selectors pick these objects: both the label selector and the namespace selector, with null and `{}` as that operator defines them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Selects {
    /// The selecting object, for example a Prometheus. With several, one of them must pick the object.
    pub by: ObjectRef,
    /// The objects that must be picked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<ObjectRef>,
    /// An object that is not there but would have to be picked if it were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary: Option<Canary>,
}

/// An object that is only thought of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Canary {
    /// Its kind.
    pub kind: String,
    /// Its labels.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Its namespace's name; need not exist.
    pub namespace: String,
    /// Its namespace's labels.
    #[serde(default)]
    pub namespace_labels: BTreeMap<String, String>,
}

/// A configuration parses and says this: one held in a ConfigMap or Secret (`from` and `key`), or the files that a workload's containers see (`mounted`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Parse {
    /// The ConfigMap or Secret. Given by labels: all of those that have the key, and there must be one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<ObjectRef>,
    /// Its key; content compressed with gzip is unpacked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The files that a workload's containers see instead, whatever the object is called that they come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mounted: Option<Mounted>,
    /// Its format.
    #[serde(rename = "as")]
    pub format: ParseFormat,
    /// A CEL expression over `config`, the parsed content.
    #[serde(default = "parses")]
    pub that: String,
    /// Log files on a node, for `fluent-bit`: each output lists as `logs` which of them it is sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub logs: Vec<String>,
    /// Labels of alerts, for `alertmanager`: `config.reached` lists the receivers that each reaches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<BTreeMap<String, String>>,
    /// Addresses in the configuration that must lead to a workload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hosts: Option<Hosts>,
}

fn parses() -> String {
    "true".into()
}

/// Files in the containers of a workload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Mounted {
    /// The workloads.
    pub by: ObjectRef,
    /// The file by its absolute path, or several with `*`. Left out: the file that the program is told to read (`-c`, `--config.file`), or reads by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// So many files at least.
    #[serde(default = "one")]
    pub min: u32,
    /// No pod started before the content was last written: those run with what was there before.
    #[serde(default)]
    pub fresh: bool,
}

/// Addresses in a configuration that must lead, by the rules of cluster DNS in the workload's namespace, to ready pods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Hosts {
    /// A JSONPath over the parsed content that finds `host:port` or URLs, at least one, for example `$.outputs[?@.name=='es'].address`.
    pub at: String,
    /// The workload whose pods must answer.
    pub backed_by: ObjectRef,
}

/// A configuration's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ParseFormat {
    /// YAML, one document.
    Yaml,
    /// JSON.
    Json,
    /// Lines of text, as a list of strings.
    Lines,
    /// Fluent Bit, classic or YAML by the file's name, with its variables and includes.
    FluentBit,
    /// Grafana's provisioning of data sources.
    GrafanaDatasources,
    /// A dashboard of Grafana whose queries to Prometheus parse; `config.queries` lists them.
    GrafanaDashboard,
    /// Alertmanager.
    Alertmanager,
    /// Prometheus itself.
    Prometheus,
    /// A file of Prometheus rules.
    PrometheusRules,
}

impl ParseFormat {
    /// Its parser is in the reader of configurations.
    #[must_use]
    pub fn needs_reader(self) -> bool {
        matches!(self, Self::GrafanaDashboard | Self::Alertmanager | Self::Prometheus | Self::PrometheusRules)
    }
}

/// Rules of PrometheusRules parse, and alerts of them fire when they should, and only then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Promql {
    /// The PrometheusRules. All of their groups are tried together.
    pub on: ObjectRef,
    /// Only the alert of this name is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<String>,
    /// Only alerts that fire with these labels are meant.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Over each of these, one of the alerts must fire.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fires: Vec<SeriesCase>,
    /// Over each of these, none of them may.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub silent: Vec<SeriesCase>,
}

/// Series that are made up, and when to look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SeriesCase {
    /// Samples by series, both in the notation of Prometheus's unit tests: `http_requests_total{code="500"}: 0+10x30`. None at all is a case, too.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub series: BTreeMap<String, String>,
    /// How far apart samples are.
    #[serde(default = "minute")]
    pub interval: Duration,
    /// When to look, from the start.
    pub at: Duration,
}

fn minute() -> Duration {
    Duration(std::time::Duration::from_secs(60))
}

/// A baseline subject is still itself. A value that the fault itself set is as good as the healthy one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Preserved {
    /// The alias of the baseline subject.
    pub subject: String,
    /// Every container keeps its image's repository.
    #[serde(default = "yes")]
    pub image: bool,
    /// Every container keeps its command and arguments.
    #[serde(default)]
    pub command: bool,
    /// Every container keeps its declared port numbers.
    #[serde(default)]
    pub ports: bool,
    /// Every container keeps its probes.
    #[serde(default)]
    pub probes: bool,
    /// So many replicas at least; those of the baseline when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_replicas: Option<u32>,
}

fn yes() -> bool {
    true
}

/// Bystanders' specs are as they were (data, for ConfigMaps and Secrets). A value that the fault itself set is as good as the healthy one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Untouched {
    /// Aliases of baseline subjects.
    pub subjects: Vec<String>,
    /// Fields that may change, as paths below `spec` such as `replicas` or `template.metadata.annotations`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<String>,
}
