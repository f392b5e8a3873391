//! CEL expressions over live objects, with our own value conversion, and why they failed.
//!
//! Knows JSON and nothing of scenarios, checks or clusters. Numbers of objects are always `int` (or `double`), so that
//! `spec.replicas == 3` means what it says. A field that is not there makes an expression [`CelFailure::Missing`], never a
//! crash and never quietly true.

mod calls;
mod environment;
mod explain;
mod expression;
mod functions;
mod image;
mod kubernetes;
mod lint;
mod quantity;
mod quantity_text;
mod render;
mod value;

pub use explain::Fact;
pub use expression::{Bindings, CelFailure, CelProblem, Expression};
pub use image::ImageReference;
pub use lint::{lint, suspicious_comparisons, undeclared_names};
pub use quantity::Quantity;
