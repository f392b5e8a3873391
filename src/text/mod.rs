//! Korean and English: the bilingual text type of the scenario format, and how texts are laid out in columns.
//!
//! Knows no scenario, no cluster and no terminal device; [`width`] only counts columns.

mod amount;
mod bilingual;
mod columns;
mod lang;
mod markdown;
mod particle;
mod style;
mod wrap;

pub use amount::{duration, points};
pub use bilingual::Text;
pub use columns::{pad, pad_left, truncate, width};
pub use lang::Lang;
pub use markdown::markdown;
pub use particle::particles;
pub use style::{Style, paint};
pub use wrap::wrap;
