use serde::Serialize;

use super::{Finding, ProviderName};

/// What a provider needs of this machine, and whether it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnosis {
    /// The provider.
    pub provider: ProviderName,
    /// Environments can be had here.
    pub ready: bool,
    /// The memory that one takes on this machine, in MiB; 0 when it takes none here.
    pub memory_mib: u64,
    /// The disk that one takes on this machine, in MiB; 0 when it takes none here.
    pub disk_mib: u64,
    /// Thing by thing.
    pub findings: Vec<Finding>,
}

impl Diagnosis {
    /// Of these findings.
    #[must_use]
    pub fn new(provider: ProviderName, memory_mib: u64, disk_mib: u64, findings: Vec<Finding>) -> Self {
        Self { provider, ready: findings.iter().all(|finding| finding.ok), memory_mib, disk_mib, findings }
    }
}
