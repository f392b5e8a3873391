//! Statements about what running containers answer.

use serde::{Deserialize, Serialize};

use super::ObjectRef;

/// What the network answers when a pod asks. The pod's container must run an image of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Probe {
    /// Who asks: a workload, whose first ready pod does, or a pod.
    pub from: ObjectRef,
    /// What is asked for.
    pub to: ProbeTarget,
    /// What must come of it.
    #[serde(default)]
    pub expect: ProbeExpect,
}

/// What a probe asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum ProbeTarget {
    /// The page at a URL, for example `http://backend:8080/healthz`; redirects are not followed.
    Http(String),
    /// A connection to `host:port`.
    Tcp(String),
    /// The addresses of a host name.
    Dns(String),
}

/// What must come of a probe; that it succeeds, when nothing is said.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ProbeExpect {
    /// The HTTP status; 200 to 399 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// A regular expression that is found in the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// It must fail, in this way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<ProbeFailure>,
}

/// How a probe may have to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProbeFailure {
    /// In any way: it is not reached.
    Any,
    /// Nobody listens there.
    Refused,
    /// Nothing comes back, as behind a network policy.
    Timeout,
    /// There is no such name.
    NoSuchHost,
}

/// What a workload's containers have logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Logs {
    /// The workload or pods.
    pub on: ObjectRef,
    /// The container; a pod's only one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// Of the run before the last restart.
    #[serde(default)]
    pub previous: bool,
    /// A regular expression that must be found in a line.
    pub matches: String,
    /// In so many lines at least, over all pods.
    #[serde(default = "one")]
    pub min: u32,
}

fn one() -> u32 {
    1
}

/// What a command does in a running container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Exec {
    /// Where: a workload, in whose first ready pod it runs, or a pod.
    pub on: ObjectRef,
    /// The container; the pod's default one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// The program and its arguments. Only look: it runs at every check, as often as the judge looks.
    pub command: Vec<String>,
    /// Its exit code.
    #[serde(default)]
    pub exit_code: i32,
    /// A regular expression that is found in what it prints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prints: Option<String>,
}
