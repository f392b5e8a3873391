use super::{KindError, engine::Engine, engine_info::EngineInfo};
use crate::provider::machine;

/// A control-plane node with what runs on it, in MiB.
const CONTROL_PLANE: u64 = 750;
/// A worker node, in MiB.
const WORKER: u64 = 200;
/// The pods of a scenario, in MiB.
const SCENARIO: u64 = 300;
/// A default cluster has so many workers when its engine has so much memory, in MiB.
const WORKERS: [(u64, u32); 2] = [(4000, 2), (3000, 1)];
/// A node image on its way in, in MiB.
const IMAGE: u64 = 2000;
/// What one node writes, in MiB.
const NODE: u64 = 700;

/// The MiB of memory that a cluster takes.
pub fn memory(workers: u32) -> u64 {
    CONTROL_PLANE + SCENARIO + WORKER * u64::from(workers)
}

/// The MiB of disk that a cluster takes.
pub fn disk(workers: u32, image_is_here: bool) -> u64 {
    NODE * u64::from(workers + 1) + if image_is_here { 0 } else { IMAGE }
}

/// The workers of a cluster when nobody says how many.
pub fn default_workers(info: &EngineInfo) -> u32 {
    WORKERS.iter().find(|(enough, _)| info.memory >> 20 >= *enough).map_or(0, |(_, workers)| *workers)
}

/// The memory of the engine's machine in MiB, and whether only what is left of it is counted.
pub fn memory_found(info: &EngineInfo) -> (u64, bool) {
    let all = info.memory >> 20;
    // The engine may run in a virtual machine of its own, with other memory than ours.
    let is_here = machine::total_memory().is_some_and(|ours| ours.abs_diff(all) <= 16);
    machine::available_memory().filter(|_| is_here).map_or((all, false), |left| (left, true))
}

/// The MiB that are free where the engine keeps its data; `None` when that is not on this machine.
pub fn disk_found(info: &EngineInfo) -> Option<u64> {
    info.root.is_dir().then(|| machine::free_space(&info.root)).flatten().map(|bytes| bytes >> 20)
}

/// Refuses to begin what would not fit.
pub fn check(engine: Engine, info: &EngineInfo, workers: u32, image_is_here: bool) -> Result<(), KindError> {
    let (needed, (found, free)) = (memory(workers), memory_found(info));
    if found > 0 && found < needed {
        return Err(KindError::MemoryShort { engine: engine.name, nodes: workers + 1, needed, found, free });
    }
    let needed = disk(workers, image_is_here);
    match disk_found(info) {
        Some(found) if found < needed => Err(KindError::DiskShort { engine: engine.name, path: info.root.clone(), needed, found }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::kind::EngineName;

    #[test]
    fn a_small_engine_gets_no_worker_and_too_many_nodes_are_refused() {
        // An engine with memory of its own, not this machine's.
        let info = |mib: u64| EngineInfo { memory: mib << 20, ..EngineInfo::default() };
        assert_eq!([2000, 3500, 8000].map(|mib| default_workers(&info(mib))), [0, 1, 2]);
        let engine = Engine { name: EngineName::Docker };
        assert!(check(engine, &info(2001), 1, true).is_ok());
        let error = check(engine, &info(2001), 9, true).expect_err("ten nodes do not fit").to_string();
        assert!(error.contains("10 nodes needs about 2850 MiB") && error.contains("2001 MiB in all"), "{error}");
    }
}
