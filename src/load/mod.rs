//! What users ask of the applications of an environment: demands, and the client of whatever plays them.
//!
//! Knows neither scenarios nor clusters. The sandbox's hub plays demands (`sandbox/internal/demand` is the other side).

mod client;
mod demand;

pub use client::{LoadClient, LoadError};
pub use demand::{Demand, DemandState, Point, ServingPod};
