use crate::{
    provider::{AnyProvider, Provider},
    provision::Components,
};

/// The parts of an environment's control plane, for actions that stop and start them.
pub struct Parts<'a> {
    provider: AnyProvider,
    environment: &'a str,
}

impl<'a> Parts<'a> {
    /// Those of one environment.
    pub fn new(provider: AnyProvider, environment: &'a str) -> Self {
        Self { provider, environment }
    }
}

impl Components for Parts<'_> {
    async fn set(&self, component: &str, running: bool) -> Result<(), String> {
        self.provider.set_component(self.environment, component, running).await.map_err(|e| e.to_string())
    }
}
