//! What an administrator of a shared cluster prepares for learners.

use serde_json::Value;

use super::{Engine, ErrorClass, RunnerError, place};
use crate::{
    cluster::{Cluster, copy_context},
    provider::existing::{ExistingError, Preparation, prepare},
    text::Text,
};

impl Engine {
    /// The objects that let these learners work on these scenarios in namespaces of their own.
    ///
    /// # Errors
    /// There is no such scenario, or a name cannot be used.
    pub fn preparation(&self, scenarios: &[String], learners: &[String], user: &str) -> Result<Vec<Value>, RunnerError> {
        let mut wanted =
            Preparation { learners: learners.to_vec(), user: user.to_owned(), namespaces: Default::default(), manifests: Vec::new() };
        for id in scenarios {
            let scenario = self.scenario(id)?;
            wanted.namespaces.extend(scenario.file.spec.namespaces.iter().cloned());
            wanted.manifests.extend(place::stage_manifests(scenario));
        }
        prepare(&wanted)
            .map_err(|e| RunnerError::new(ErrorClass::Usage, Text::new("준비할 수 없습니다", "this cannot be prepared")).cause(e))
    }

    /// Applies what was prepared, with the context that was named.
    ///
    /// # Errors
    /// The context cannot be used, or the cluster refuses.
    pub async fn apply_preparation(&self, objects: &[Value]) -> Result<(), RunnerError> {
        let existing = &self.settings.existing;
        let failed = |e: ExistingError| RunnerError::environment(existing.context.as_deref().unwrap_or_default(), e);
        let context = existing.context.as_deref().ok_or(ExistingError::NoContext).map_err(failed)?;
        let copy = copy_context(&existing.kubeconfig, context).map_err(|e| failed(e.into()))?;
        let file = tempfile::NamedTempFile::new().map_err(RunnerError::store)?;
        std::fs::write(file.path(), &copy.text).map_err(RunnerError::store)?;
        let cluster = Cluster::connect(file.path()).map_err(RunnerError::cluster)?;
        for object in objects {
            cluster.apply(object).await.map_err(RunnerError::cluster)?;
        }
        Ok(())
    }
}
