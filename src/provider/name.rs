use std::{fmt, str::FromStr};

use serde::Serialize;

/// The providers that there are, as `--provider` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProviderName {
    /// A real control plane and real kubelets as ordinary processes; containers and network are simulated.
    Sandbox,
    /// A cluster that kind makes in Docker or Podman.
    Kind,
    /// Namespaces of somebody else's cluster, named by a kubeconfig context.
    Existing,
}

impl ProviderName {
    /// Every provider, in the order in which an environment's owner is looked for.
    pub const ALL: [Self; 3] = [Self::Sandbox, Self::Kind, Self::Existing];

    /// The name that people type and that attempts are recorded with.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Kind => "kind",
            Self::Existing => "existing",
        }
    }

    /// The environment that commands mean when none is named.
    #[must_use]
    pub fn default_environment(self) -> &'static str {
        match self {
            Self::Sandbox => "default",
            Self::Kind => "kind",
            Self::Existing => "existing",
        }
    }
}

impl fmt::Display for ProviderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ProviderName {
    type Err = String;
    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|p| p.as_str() == name).ok_or_else(|| format!("`{name}` is not a provider"))
    }
}
