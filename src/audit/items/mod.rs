//! One file per item, or per family of items.

mod alerts;
mod autoscaling;
mod backup;
mod certificates;
mod containers;
mod etcd;
mod logs;
mod monitoring;
mod network;
mod patches;
mod permissions;
mod rbac;
mod rights;
mod security;
mod usage;

pub(super) use alerts::judge as alerts;
pub(super) use autoscaling::judge as autoscaling;
pub(super) use backup::judge as backup;
pub(super) use certificates::judge as certificates;
pub(super) use containers::{images, probes, resources};
pub(super) use etcd::judge as etcd;
pub(super) use logs::judge as logs;
pub(super) use monitoring::judge as monitoring;
pub(super) use network::judge as network;
pub(super) use patches::judge as patches;
pub(super) use permissions::judge as permissions;
pub(super) use rbac::judge as rbac;
pub(super) use security::judge as security;
pub(super) use usage::judge as usage;
