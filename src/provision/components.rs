use crate::load::Demand;

/// What actions change of an environment that no object shows: parts of the control plane, and the load.
pub trait Components: Sync {
    /// Makes a part run, or not.
    ///
    /// # Errors
    /// What the provider says.
    fn set(&self, component: &str, running: bool) -> impl Future<Output = Result<(), String>> + Send;

    /// Makes every part run again that was stopped on purpose, by whatever scenario.
    ///
    /// # Errors
    /// What the provider says.
    fn run_all(&self) -> impl Future<Output = Result<(), String>> + Send;

    /// Has users ask for this from now on.
    ///
    /// # Errors
    /// What the provider says.
    fn demand(&self, demand: &Demand) -> impl Future<Output = Result<(), String>> + Send;

    /// Ends every demand, where there are any.
    ///
    /// # Errors
    /// What the provider says.
    fn end_demands(&self) -> impl Future<Output = Result<(), String>> + Send;
}

/// For environments whose control plane cannot be touched.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoComponents;

impl Components for NoComponents {
    async fn set(&self, component: &str, _: bool) -> Result<(), String> {
        Err(format!("{component} cannot be stopped or started here: the environment lacks the capability `components`"))
    }

    async fn run_all(&self) -> Result<(), String> {
        Ok(())
    }

    async fn demand(&self, demand: &Demand) -> Result<(), String> {
        Err(format!("the demand {} cannot be made here: the environment lacks the capability `load`", demand.name))
    }

    async fn end_demands(&self) -> Result<(), String> {
        Ok(())
    }
}
