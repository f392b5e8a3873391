/// Stops and starts parts of the control plane, for actions that do.
pub trait Components: Sync {
    /// Makes a part run, or not.
    ///
    /// # Errors
    /// What the provider says.
    fn set(&self, component: &str, running: bool) -> impl Future<Output = Result<(), String>> + Send;
}

/// For environments whose control plane cannot be touched.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoComponents;

impl Components for NoComponents {
    async fn set(&self, component: &str, _: bool) -> Result<(), String> {
        Err(format!("{component} cannot be stopped or started here: the environment lacks the capability `components`"))
    }
}
