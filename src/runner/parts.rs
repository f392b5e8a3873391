use crate::{
    load::Demand,
    provider::{AnyProvider, Provider},
    provision::Components,
};

/// What actions change of an environment beside its objects: the parts of its control plane, and its load.
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

    async fn run_all(&self) -> Result<(), String> {
        for component in self.provider.stopped_components(self.environment).map_err(|e| e.to_string())? {
            self.set(&component, true).await?;
        }
        Ok(())
    }

    async fn demand(&self, demand: &Demand) -> Result<(), String> {
        let load = self.provider.load(self.environment).map_err(|e| e.to_string())?;
        let load = load.ok_or("the environment lacks the capability `load`")?;
        load.set(demand).await.map_err(|e| e.to_string())
    }

    async fn end_demands(&self) -> Result<(), String> {
        match self.provider.load(self.environment).map_err(|e| e.to_string())? {
            Some(load) => load.clear().await.map_err(|e| e.to_string()),
            None => Ok(()),
        }
    }
}
