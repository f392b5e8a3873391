mod addon;
mod objects;
mod progress;
mod values;

pub use addon::{Addon, AddonProgram, InstalledAddon, read};
pub use progress::Progress;
pub use values::{Values, proxy};
