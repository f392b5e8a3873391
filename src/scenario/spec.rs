use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::{Action, ApiVersion, Cheat, CheckSpec, Hint, Kind, Level, LoadSpec, Metadata, NamespaceMap, ObjectRef, Solution};
use crate::{capability::Capability, text::Text};

/// What `scenario.yaml` says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ScenarioFile {
    /// The format's version.
    pub api_version: ApiVersion,
    /// Lab or challenge.
    pub kind: Kind,
    /// Its names.
    pub metadata: Metadata,
    /// Its content.
    pub spec: Spec,
}

/// The content of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Spec {
    /// One sentence for lists; never the cause.
    pub summary: Text,
    /// How hard it is.
    pub level: Level,
    /// How long it should take. In a challenge it is the time limit, after which work is marked as late.
    pub minutes: u32,
    /// The rubric whose criteria its checks name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rubric: Option<String>,
    /// Names that the learner may choose, by role, with their defaults. `$(role)` in any file of the folder stands for the name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, String>,
    /// What it needs of a provider beyond the API, for example `nodes`; see the providers' capabilities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<String>,
    /// The namespaces that belong to the scenario. They are made at the start and deleted at the end.
    pub namespaces: Vec<String>,
    /// What the environment must have.
    #[serde(default)]
    pub environment: EnvironmentSpec,
    /// What the learner may do beyond the scenario's namespaces.
    #[serde(default)]
    pub learner: LearnerSpec,
    /// What users ask of the applications (capability `load`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub loads: Vec<LoadSpec>,
    /// Makes the healthy world. Every workload of the namespaces is healthy before the baseline is taken.
    pub stage: Vec<Action>,
    /// What is recorded while all is well, for guards to compare with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub baseline: Vec<BaselineSpec>,
    /// Breaks it. A challenge needs one; a lab may start healthy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fault: Vec<Action>,
    /// A challenge's checks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<CheckSpec>,
    /// A challenge's hints.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<Hint>,
    /// A lab's steps, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

impl Spec {
    /// Whether it needs a capability of where it runs.
    #[must_use]
    pub fn needs(&self, capability: Capability) -> bool {
        self.requires.iter().any(|name| name == capability.name())
    }
}

/// One step of a lab.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Step {
    /// The step's id, kebab-case, unique in the lab.
    pub id: String,
    /// What is done in it.
    pub title: Text,
    /// The instructions, as Markdown.
    pub text: Text,
    /// What the step has shown, as Markdown: read once it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Text>,
    /// Passed lab or not, this step may be left out.
    #[serde(default)]
    pub optional: bool,
    /// What proves it. The objectives of a step share its weight by their points.
    pub checks: Vec<CheckSpec>,
    /// Hints for this step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<Hint>,
}

/// What the environment must have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EnvironmentSpec {
    /// How many worker nodes at least; three when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workers: Option<u32>,
    /// Operators and servers that must run, for example `prometheus-operator`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addons: Vec<String>,
    /// Add-ons that a learner may have besides, with `kubedrill start NAME --with ADDON`. Solutions and cheats may need them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub optional_addons: Vec<String>,
}

/// What the learner may do. In the scenario's namespaces: everything save writing status and our own objects. Elsewhere: read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LearnerSpec {
    /// Rights in the whole cluster, on top.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cluster_rules: Vec<RuleSpec>,
}

/// A rule as RBAC writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RuleSpec {
    /// API groups; `""` is the core group.
    pub api_groups: Vec<String>,
    /// Resources, plural.
    pub resources: Vec<String>,
    /// Verbs.
    pub verbs: Vec<String>,
}

/// Something recorded while all is well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct BaselineSpec {
    /// The name by which checks refer to it.
    pub alias: String,
    /// The object; exactly one.
    pub on: ObjectRef,
}

/// A scenario with everything in its folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// The folder.
    pub dir: PathBuf,
    /// SHA-256 of every file of the folder, names included; what a score report cites.
    pub digest: String,
    /// What `scenario.yaml` says.
    pub file: ScenarioFile,
    /// The symptoms, as the on-call sees them; Markdown.
    pub story: Text,
    /// What it was and how to see it next time; Markdown.
    pub debrief: Text,
    /// Each valid way to fix it.
    pub solutions: Vec<Solution>,
    /// Each shortcut that must not pass.
    pub cheats: Vec<Cheat>,
    /// What its namespaces are truly called; its manifests are renamed when they are read.
    pub names: NamespaceMap,
}

impl Scenario {
    /// The scenario's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.file.metadata.name
    }

    /// Every check: a challenge's own, or those of a lab's steps in order.
    pub fn checks(&self) -> impl Iterator<Item = &CheckSpec> {
        self.file.spec.checks.iter().chain(self.file.spec.steps.iter().flat_map(|s| &s.checks))
    }
}
