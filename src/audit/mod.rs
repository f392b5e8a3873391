//! The operations checklists of the course, as sixteen items held against what a cluster shows: before a deployment, after it, and
//! periodically.
//!
//! Pure: [`Facts`] in, an [`Audit`] out. What is not there makes an item not applicable, what cannot be seen makes it unknown; neither
//! is guessed. Knows no client, no terminal, no clock.

mod certificate;
mod facts;
mod found;
mod item;
mod items;
mod judge;
mod model;
mod scope;
#[cfg(test)]
mod tests;
mod wanted;

pub use certificate::from_pem as certificates_of;
pub use facts::Facts;
pub use item::{Item, Phase};
pub use judge::{AuditInput, audit};
pub use model::{Audit, AuditScope, AuditScore, FORMAT_VERSION, ItemResult, Offender, Severity, Status};
pub use scope::Scope;
pub use wanted::request;
