use std::path::Path;

use super::{BuildError, go::Go};
use crate::provider::machine::free_space;

/// A first build with its downloads and compiled packages, in GB.
const COLD: u64 = 6;
/// A build whose packages are compiled already, in GB.
const WARM: u64 = 1;

/// Refuses to begin a build that would fill the disk.
pub fn check(name: &str, cache: &Path, go: &Go, big_module: &str) -> Result<(), BuildError> {
    let downloads = go.modules.join(big_module);
    let is_cold = !versions_exist(&downloads);
    for (path, needed) in [(cache, WARM), (&go.cache, if is_cold { COLD } else { WARM })] {
        let Some(free) = free_space(path) else { continue };
        if free < needed << 30 {
            #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
            let free = free as f64 / f64::from(1 << 30);
            return Err(BuildError::NoSpace { name: name.to_owned(), path: path.to_owned(), needed, free });
        }
    }
    Ok(())
}

/// Go keeps a module in a folder with its version behind an `@`.
fn versions_exist(module: &Path) -> bool {
    let (Some(parent), Some(name)) = (module.parent(), module.file_name().and_then(|name| name.to_str())) else { return false };
    let prefix = format!("{name}@");
    std::fs::read_dir(parent).into_iter().flatten().flatten().any(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
}
