//! The function libraries that Kubernetes adds to CEL, with its meaning of every case: one file a library.
//!
//! Knows CEL values and texts, nothing of objects, scenarios or clusters. What a function does is proven against Kubernetes' own
//! CEL by `tests/it/cel_differential.rs`.

mod addresses;
mod cidr;
mod format;
mod formats;
mod ip;
mod libraries;
mod lists;
mod own;
mod quantity;
mod regex;
mod request_url;
mod semver;
mod sets;
mod url;

pub(super) use libraries::{register, written};
