//! Where a cluster comes from and what it can do. Capabilities, not names, decide what runs where.

mod any;
mod diagnosis;
mod environment;
pub mod existing;
pub(crate) mod files;
mod finding;
pub mod kind;
mod lock;
mod machine;
mod name;
mod providers;
pub mod sandbox;

pub use any::{AnyProvider, ProviderError};
pub use diagnosis::Diagnosis;
pub use environment::{CUSTOM_METRICS, Environment, EnvironmentRequest, EnvironmentStatus, METRICS_SERVER, PartStatus};
pub use finding::Finding;
pub use name::ProviderName;
pub use providers::Providers;

use std::collections::BTreeMap;

use jiff::Timestamp;

pub use crate::capability::Capability;
use crate::{event::Events, load::LoadClient, text::Text};

/// A source of clusters.
pub trait Provider {
    /// What went wrong, with the next thing to do.
    type Error: std::error::Error + Send + Sync + 'static;

    /// The provider's name, as in `--provider`.
    fn name(&self) -> ProviderName;

    /// What the environment of this request can do, or will be able to. Reads only.
    fn capabilities(&self, request: &EnvironmentRequest) -> impl Future<Output = Result<Vec<Capability>, Self::Error>> + Send;

    /// Those of these add-ons that it has no way to run.
    fn lacking_addons(&self, _addons: &[String]) -> Vec<String> {
        Vec::new()
    }

    /// What this machine lacks for it, with the remedy. Makes and starts nothing.
    fn diagnose(&self) -> impl Future<Output = Diagnosis> + Send;

    /// Makes the environment usable, whatever state an earlier command left it in. Idempotent.
    fn ensure(&self, request: &EnvironmentRequest, events: &Events) -> impl Future<Output = Result<Environment, Self::Error>> + Send;

    /// How an environment is; `None` when there is none of that name. Reads only.
    fn status(&self, name: &str) -> impl Future<Output = Result<Option<EnvironmentStatus>, Self::Error>> + Send;

    /// Since when the environment of this request has not run, as far as that can be told without asking its cluster; `None` when it
    /// runs, or there is none. Reads only.
    ///
    /// # Errors
    /// The environment's files cannot be read.
    fn down_since(&self, _request: &EnvironmentRequest) -> Result<Option<Timestamp>, Self::Error> {
        Ok(None)
    }

    /// The names of all environments, also those that an interrupted command left behind.
    fn names(&self) -> Result<Vec<String>, Self::Error>;

    /// Stops it and removes everything it left. Idempotent.
    fn stop(&self, name: &str, events: &Events) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// What the namespaces of a scenario are truly called in an environment; empty where they keep their names.
    ///
    /// # Errors
    /// It cannot be told, or a name cannot be used.
    fn namespace_names(&self, _environment: &str, _namespaces: &[String]) -> Result<BTreeMap<String, String>, Self::Error> {
        Ok(BTreeMap::new())
    }

    /// The environment, where its namespaces belong to somebody else and stay: what attempts left in them must be cleared before
    /// it is stopped.
    fn lent(&self, _name: &str) -> impl Future<Output = Result<Option<Environment>, Self::Error>> + Send {
        async { Ok(None) }
    }

    /// The memory that these add-ons add to an environment, in MiB, as far as it is known.
    ///
    /// # Errors
    /// The add-ons cannot be read.
    fn addon_memory(&self, _addons: &[String]) -> Result<u64, Self::Error> {
        Ok(0)
    }

    /// How many environments this machine bears at the same time, and what bounds them; `None` where that is not known.
    fn room(&self) -> Option<(usize, Text)> {
        None
    }

    /// Whether an environment that could not be made stays until the next command, for its logs.
    fn keeps_what_failed(&self) -> bool {
        true
    }

    /// Lets go of an environment whose cluster is gone for good, without asking the cluster. `false` where `stop` needs none.
    ///
    /// # Errors
    /// Its files cannot be removed.
    fn forget(&self, _name: &str) -> Result<bool, Self::Error> {
        Ok(false)
    }

    /// What plays the load of an environment; `None` without the capability `load`.
    ///
    /// # Errors
    /// The environment's files cannot be read.
    fn load(&self, _name: &str) -> Result<Option<LoadClient>, Self::Error> {
        Ok(None)
    }

    /// The parts that were stopped on purpose and still are, as far as it is known.
    ///
    /// # Errors
    /// The environment's files cannot be read.
    fn stopped_components(&self, _name: &str) -> Result<Vec<String>, Self::Error> {
        Ok(Vec::new())
    }

    /// Stops or starts a part of the control plane (capability `components`).
    fn set_component(&self, name: &str, component: &str, running: bool) -> impl Future<Output = Result<(), Self::Error>> + Send;
}
