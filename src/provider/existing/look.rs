use super::{ExistingError, ExistingSettings};
use crate::{
    cluster::{Cluster, copy_context},
    provider::files::{FileError, write_private},
};

/// The context that was named, by its name, to read only. Takes nothing up there, and keeps nothing of it here.
///
/// # Errors
/// No context was named, or it cannot be used.
pub fn look_at(settings: &ExistingSettings) -> Result<(String, Cluster), ExistingError> {
    let context = settings.context.clone().ok_or(ExistingError::NoContext)?;
    let copy = copy_context(&settings.kubeconfig, &context)?;
    let folder = tempfile::tempdir().map_err(FileError::new("make the folder", std::env::temp_dir()))?;
    let file = folder.path().join("kubeconfig");
    write_private(&file, &copy.text)?;
    let cluster = Cluster::connect_to_read(&file).map_err(ExistingError::cluster(&context, &copy.server))?;
    Ok((context, cluster))
}
