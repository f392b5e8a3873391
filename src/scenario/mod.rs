//! The scenario format: what a folder of YAML says, how it is loaded, and what is wrong with it.
//!
//! Knows no Kubernetes client, no terminal and no clock. `spec` modules are the format itself; everything a person may
//! write is documented there and ends up in the JSON Schema.

mod action;
mod answer;
mod artifact;
mod asked;
mod assert;
mod autoscale;
mod bundle;
mod catalogue;
mod check_spec;
mod demand;
pub(crate) mod document;
mod footprint;
mod hint;
mod level;
mod lint;
mod live;
mod load;
mod load_bundle;
mod manifest;
mod meaning;
mod metadata;
mod mutate;
mod names;
mod object_ref;
mod over_time;
mod own_file;
pub(crate) mod pack;
mod posture;
mod reach;
mod rename;
mod rules_file;
mod schema;
mod script;
pub(crate) mod shape;
mod spec;
mod template;
mod variant;
mod when;
pub(crate) mod yaml;

pub use action::{Action, Apply, Component, ComponentState, Delete, Patch, PatchType, Restart, Scale, Taint, TaintEffect, Wait, WaitFor};
pub use answer::{Asked, Choice, Choices, Manual, MarkLevel, RightAnswer};
pub use artifact::{Artifact, ArtifactFormat, is_file_name};
pub use asked::{Admission, Admits, Disruption};
pub use assert::{
    Access, AccessRow, AccessSubject, Assert, AtLeast, Bounds, Canary, Comparator, Condition, Config, Endpoints, Exists, Expr, Field,
    Hosts, ImageComparator, Mounted, Parse, ParseFormat, Preserved, Promql, Quantifier, Resolves, Rollout, Selects, SeriesCase, Untouched,
};
pub use autoscale::{Autoscale, AutoscalePhase};
pub use bundle::{Bundle, BundleFile, BundleKind, BundleSpec, Weights};
pub use catalogue::Catalogue;
pub use check_spec::{Category, CheckSpec, OnBreach, Role, Say, Show};
pub use demand::{Bytes, Cpu, LoadPoint, LoadSpec, SetLoad};
pub use footprint::{Allowance, Footprint};
pub use hint::Hint;
pub use level::Level;
pub use lint::lint;
pub use live::{Exec, Logs, Probe, ProbeExpect, ProbeFailure, ProbeTarget};
pub(crate) use load::sort;
pub use load::{Loaded, load};
pub use load_bundle::{LoadedBundle, is_bundle, load_bundle};
pub use manifest::{parse_manifest, parse_yaml, read_manifests};
pub use meaning::is_id;
pub use metadata::{ApiVersion, Kind, Metadata};
pub use mutate::{Mutant, locate, mutants};
pub use names::{PLATFORM_FILE, PlatformFile, PlatformKind, PlatformMetadata, PlatformSpec};
pub use object_ref::ObjectRef;
pub use over_time::{Disturbance, EventType, Floor, History, Recorded, Since, Survives, Tick};
pub use own_file::{OwnFile, read_own};
pub use pack::digest_of;
pub use posture::{Posture, PosturePack};
pub use reach::{PodShape, Protocol, Reach, ReachEnd, ReachRow};
pub use rename::{NamespaceMap, NamespaceMapError, Unrenamable, is_namespace_name};
pub use rules_file::{RulesFile, RulesKind, read_rules, rules_schema};
pub(crate) use schema::generate;
pub use schema::{schema, schemas};
pub use script::Script;
pub use spec::{BaselineSpec, EnvironmentSpec, LearnerSpec, RuleSpec, Scenario, ScenarioFile, Spec, Step};
pub use template::{editor_files, new_files};
pub use variant::{Cheat, CheatFile, Solution, SolutionFile};
pub use when::{Duration, When};
