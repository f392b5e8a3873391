//! What users ask of the applications of an environment: demands, and the client of whatever plays them.
//!
//! Knows neither scenarios nor clusters. The sandbox's hub plays demands, or a program in the cluster that sends real requests
//! (`sandbox/internal/demands` is the other side of both).

mod client;
mod demand;
mod hub;

pub use client::{Carrier, LoadClient, LoadError};
pub use demand::{Demand, DemandState, Point, ServingPod};
pub use hub::Hub;
