use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    Capability, Diagnosis, Environment, EnvironmentRequest, EnvironmentStatus, Provider, ProviderName,
    existing::{ExistingError, ExistingProvider},
    kind::{KindError, KindProvider},
    sandbox::{SandboxError, SandboxProvider},
};
use crate::{event::Events, load::LoadClient, text::Text};

/// One of the providers.
#[derive(Debug, Clone)]
pub enum AnyProvider {
    /// The sandbox.
    Sandbox(SandboxProvider),
    /// kind.
    Kind(KindProvider),
    /// Namespaces of somebody else's cluster.
    Existing(ExistingProvider),
}

/// What a provider could not do, in its own words.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// The sandbox.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// kind.
    #[error(transparent)]
    Kind(#[from] KindError),
    /// Somebody else's cluster.
    #[error(transparent)]
    Existing(#[from] ExistingError),
}

impl ProviderError {
    /// What a scenario needs and the cluster will never have; empty when something else is wrong.
    #[must_use]
    pub fn lacks(&self) -> &[String] {
        match self {
            Self::Existing(ExistingError::Unserved { kinds, .. }) => kinds,
            _ => &[],
        }
    }
}

/// Asks whichever provider it is.
macro_rules! of_any {
    ($any:expr, $provider:ident => $call:expr) => {
        match $any {
            AnyProvider::Sandbox($provider) => $call,
            AnyProvider::Kind($provider) => $call,
            AnyProvider::Existing($provider) => $call,
        }
    };
}

/// The same, and words its error as ours.
macro_rules! ask {
    ($any:expr, $provider:ident => $call:expr) => {
        of_any!($any, $provider => $call.map_err(ProviderError::from))
    };
}

impl Provider for AnyProvider {
    type Error = ProviderError;

    fn name(&self) -> ProviderName {
        of_any!(self, provider => provider.name())
    }

    async fn capabilities(&self, request: &EnvironmentRequest) -> Result<Vec<Capability>, ProviderError> {
        ask!(self, provider => provider.capabilities(request).await)
    }

    fn lacking_addons(&self, addons: &[String]) -> Vec<String> {
        of_any!(self, provider => provider.lacking_addons(addons))
    }

    async fn diagnose(&self) -> Diagnosis {
        of_any!(self, provider => provider.diagnose().await)
    }

    async fn ensure(&self, request: &EnvironmentRequest, events: &Events) -> Result<Environment, ProviderError> {
        ask!(self, provider => provider.ensure(request, events).await)
    }

    async fn status(&self, name: &str) -> Result<Option<EnvironmentStatus>, ProviderError> {
        ask!(self, provider => provider.status(name).await)
    }

    fn down_since(&self, request: &EnvironmentRequest) -> Result<Option<Timestamp>, ProviderError> {
        ask!(self, provider => provider.down_since(request))
    }

    fn names(&self) -> Result<Vec<String>, ProviderError> {
        ask!(self, provider => provider.names())
    }

    async fn stop(&self, name: &str, events: &Events) -> Result<(), ProviderError> {
        ask!(self, provider => provider.stop(name, events).await)
    }

    fn stopped_components(&self, name: &str) -> Result<Vec<String>, ProviderError> {
        ask!(self, provider => provider.stopped_components(name))
    }

    async fn set_component(&self, name: &str, component: &str, running: bool) -> Result<(), ProviderError> {
        ask!(self, provider => provider.set_component(name, component, running).await)
    }

    fn namespace_names(&self, environment: &str, namespaces: &[String]) -> Result<BTreeMap<String, String>, ProviderError> {
        ask!(self, provider => provider.namespace_names(environment, namespaces))
    }

    async fn lent(&self, name: &str) -> Result<Option<Environment>, ProviderError> {
        ask!(self, provider => provider.lent(name).await)
    }

    fn addon_memory(&self, addons: &[String]) -> Result<u64, ProviderError> {
        ask!(self, provider => provider.addon_memory(addons))
    }

    fn room(&self) -> Option<(usize, Text)> {
        of_any!(self, provider => provider.room())
    }

    fn keeps_what_failed(&self) -> bool {
        of_any!(self, provider => provider.keeps_what_failed())
    }

    fn load(&self, name: &str) -> Result<Option<LoadClient>, ProviderError> {
        ask!(self, provider => provider.load(name))
    }

    fn forget(&self, name: &str) -> Result<bool, ProviderError> {
        ask!(self, provider => provider.forget(name))
    }
}
