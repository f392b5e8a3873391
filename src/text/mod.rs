//! Korean and English: the bilingual text type of the scenario format, and the product's own messages.
//!
//! Knows no scenario, no cluster and no terminal device; [`width`] only counts columns.

mod bilingual;
mod lang;

pub use bilingual::Text;
pub use lang::Lang;
