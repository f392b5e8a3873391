use super::{AnyProvider, Provider, ProviderError, ProviderName, existing::ExistingProvider, kind::KindProvider, sandbox::SandboxProvider};

/// All providers of this machine, and which environment belongs to which of them.
#[derive(Debug, Clone)]
pub struct Providers {
    sandbox: SandboxProvider,
    kind: KindProvider,
    existing: ExistingProvider,
}

impl Providers {
    /// These.
    #[must_use]
    pub fn new(sandbox: SandboxProvider, kind: KindProvider, existing: ExistingProvider) -> Self {
        Self { sandbox, kind, existing }
    }

    /// The provider of this name.
    #[must_use]
    pub fn get(&self, name: ProviderName) -> AnyProvider {
        match name {
            ProviderName::Sandbox => AnyProvider::Sandbox(self.sandbox.clone()),
            ProviderName::Kind => AnyProvider::Kind(self.kind.clone()),
            ProviderName::Existing => AnyProvider::Existing(self.existing.clone()),
        }
    }

    /// The provider that has an environment of this name; `None` when none has.
    ///
    /// # Errors
    /// A provider cannot tell its environments.
    pub fn owner(&self, environment: &str) -> Result<Option<AnyProvider>, ProviderError> {
        for provider in ProviderName::ALL.map(|name| self.get(name)) {
            if provider.names()?.iter().any(|name| name == environment) {
                return Ok(Some(provider));
            }
        }
        Ok(None)
    }

    /// The names of all environments of all providers, also those that an interrupted command left behind.
    ///
    /// # Errors
    /// A provider cannot tell its environments.
    pub fn environments(&self) -> Result<Vec<String>, ProviderError> {
        let mut all = Vec::new();
        for name in ProviderName::ALL {
            all.extend(self.get(name).names()?);
        }
        Ok(all)
    }
}
